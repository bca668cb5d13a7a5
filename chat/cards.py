"""Cards: what stands under a reply to be looked at and opened, a title, a few lines, a price and one link.

A card is a picture of something at one moment, kept in its message as plain text. It is drawn without knowing what it
shows, and stays as it was sent when that changes. A photo of it is a file of the same message.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.utils.translation import gettext_lazy as _

from minichat.lib import rich
from minichat.lib.errors import Invalid
from minichat.lib.text import clean_body, clean_line

Card = dict[str, Any]
# Whoever makes cards of another sort names it, for those who read messages; all are drawn alike.
PLAIN = "plain"
MOST_LINES = 5
LONGEST = {"title": 80, "line": 120, "price": 40, "label": 40, "url": 500}
FIELDS = {"type", "title", "lines", "price", "label", "url"}


def cleaned(data: Mapping[str, Any]) -> Card:
    """`data` as a card. Raises `Invalid`, its `errors` by field."""
    errors = {name: [str(_("This field is not known."))] for name in ("type",) if data.keys() - FIELDS}
    texts = {name: _text(data.get(name), name, errors) for name in ("title", "price", "label", "url")}
    lines = _lines(data.get("lines"), errors)
    if not texts["title"]:
        errors.setdefault("title", [str(_("Give the card a title."))])
    if texts["url"] and not _may_be_opened(texts["url"]):
        errors["url"] = [str(_("A link begins with https:// and a name such as shop.example."))]
    if bool(texts["url"]) != bool(texts["label"]):
        missing = "label" if texts["url"] else "url"
        errors.setdefault(missing, [str(_("A button needs words and a link."))])
    if errors:
        raise Invalid(next(iter(errors.values()))[0], errors=errors)
    return {"type": PLAIN, **texts, "lines": lines}


def text(card: Card, *, beside: str = "") -> str:
    """For mails and whoever else shows no cards; without the title where that is said already."""
    title = "" if card["title"] == beside else card["title"]
    return "\n".join(part for part in (title, *card["lines"], card["price"], card["url"]) if part)


def _text(value: Any, name: str, errors: dict[str, list[str]]) -> str:
    if value is None:
        return ""
    if not isinstance(value, str) or len(value) > 4 * LONGEST[name]:
        errors[name] = [_too_long(name)]
        return ""
    found = clean_body(clean_line(value))
    if len(found) > LONGEST[name]:
        errors[name] = [_too_long(name)]
    return found


def _lines(value: Any, errors: dict[str, list[str]]) -> list[str]:
    if value is None:
        return []
    if not isinstance(value, list) or len(value) > MOST_LINES:
        errors["lines"] = [str(_("At most %(limit)d lines.") % {"limit": MOST_LINES})]
        return []
    broken: dict[str, list[str]] = {}
    found = [_text(line, "line", broken) for line in value]
    if broken:
        errors["lines"] = broken["line"]
    return [line for line in found if line]


def _too_long(name: str) -> str:
    return str(_("At most %(limit)d characters.") % {"limit": LONGEST[name]})


def _may_be_opened(url: str) -> bool:
    return url.lower().startswith("https://") and " " not in url and rich.is_web(url)
