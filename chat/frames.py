"""What may come in: one reader for socket frames, JSON posts and forms (SR-06, SR-32, SR-64).

Every field is named with its reader; an unknown field is refused, so that nothing is ever set by accident.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from typing import Any
from uuid import UUID

from django.conf import settings
from django.utils.translation import gettext_lazy as _

from minichat.lib.errors import Invalid, TooLong
from minichat.lib.text import clean_body, clean_line

MAX_FRAME_BYTES = 64 * 1024
MAX_DEPTH = 20
VISITOR_LIMIT = 2_000
OPERATOR_LIMIT = 10_000

Reader = Callable[[Any], Any]


class Malformed(Exception):
    """Not a frame at all: the socket is closed with 4400."""


def parse(text: str) -> dict[str, Any]:
    """The JSON object in `text`; raises `Malformed`."""
    try:
        data = json.loads(text, parse_constant=_no_constant)
    except (ValueError, RecursionError) as error:
        raise Malformed from error
    if not isinstance(data, dict) or _depth(data) > MAX_DEPTH:
        raise Malformed
    return data


def read(data: Mapping[str, Any], fields: Mapping[str, Reader]) -> dict[str, Any]:
    """The fields of `data`, each through its reader. Raises `Invalid` with the fields' own sentences."""
    errors: dict[str, list[str]] = {}
    values: dict[str, Any] = {}
    for name in data.keys() - fields.keys() - {"type", "csrfmiddlewaretoken"}:
        # Cleaned: the answer repeats it, and broken text cannot be sent.
        errors[clean_line(name)[:40]] = [str(_("This field is not known."))]
    for name, reader in fields.items():
        try:
            values[name] = reader(data.get(name))
        except TooLong as error:
            raise TooLong(error.detail, errors={name: [error.detail]}) from error
        except Invalid as error:
            errors[name] = [error.detail]
    if errors:
        raise Invalid(next(iter(errors.values()))[0], errors=errors)
    return values


# --- Readers -------------------------------------------------------------------------------------------------------


def body(limit: int) -> Reader:
    """A message's text: cleaned, not empty, at most `limit` characters and four bytes each."""

    def reader(value: Any) -> str:
        if not isinstance(value, str):
            raise Invalid(_("Write a message first."))
        if len(value) > limit * 4:
            raise TooLong(_too_long(len(value), limit))
        text = clean_body(value)
        if not text:
            raise Invalid(_("Write a message first."))
        if len(text) > limit:
            raise TooLong(_too_long(len(text), limit))
        return text

    return reader


def line(limit: int) -> Reader:
    """A short text such as a page title: cleaned and cut, never refused."""

    def reader(value: Any) -> str:
        return clean_line(value)[:limit] if isinstance(value, str) else ""

    return reader


def uuid(value: Any) -> UUID:
    try:
        return UUID(value)
    except (ValueError, TypeError, AttributeError) as error:
        raise Invalid(_("This is not an id.")) from error


def optional(reader: Reader) -> Reader:
    return lambda value: None if value in (None, "") else reader(value)


def number(value: Any) -> int:
    """A whole number from 0 to 2³¹."""
    if isinstance(value, str) and value.isdecimal() and value.isascii() and len(value) <= 10:
        value = int(value)
    if not isinstance(value, int) or isinstance(value, bool) or not 0 <= value < 2**31:
        raise Invalid(_("This is not a number."))
    return value


def flag(value: Any) -> bool:
    if value in (None, False, 0, "", "false", "0", "off"):
        return False
    if value in (True, 1, "true", "1", "on"):
        return True
    raise Invalid(_("This is not yes or no."))


def credential(value: Any) -> str:
    if not isinstance(value, str) or len(value) > 200 or not value.isascii():
        raise Invalid(_("This is not a credential."))
    return value


def page(value: Any) -> dict[str, str]:
    """Where the visitor is: `url`, `title`, `referrer`; whatever else is in it is left out."""
    data = value if isinstance(value, dict) else {}
    return {
        "url": line(500)(data.get("url")),
        "title": line(200)(data.get("title")),
        "referrer": line(500)(data.get("referrer")),
    }


def language(value: Any) -> str:
    return value[:2] if isinstance(value, str) and value[:2] in dict(settings.VISITOR_LANGUAGES) else "en"


def _too_long(length: int, limit: int) -> str:
    return str(
        _("This message has %(length)s characters; %(limit)s is the limit.") % {"length": length, "limit": limit}
    )


def _no_constant(name: str) -> None:
    raise ValueError(name)


def _depth(value: Any) -> int:
    """How deep lists and objects nest, without recursion."""
    deepest, level = 0, [value]
    while level and deepest <= MAX_DEPTH:
        deepest += 1
        level = [
            inner
            for outer in level
            for inner in (outer.values() if isinstance(outer, dict) else outer)
            if isinstance(inner, (dict, list))
        ]
    return deepest
