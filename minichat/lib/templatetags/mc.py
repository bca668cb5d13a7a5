"""The house's few template words: `{% load mc %}`."""

from __future__ import annotations

import functools
import re
from datetime import date, datetime
from typing import Any

from django import template
from django.core.paginator import Page
from django.forms import BoundField, CheckboxInput, PasswordInput
from django.templatetags.static import static
from django.utils import formats
from django.utils.html import format_html
from django.utils.safestring import SafeString

from minichat.lib import moments, people

register = template.Library()
MEGABYTE = 1024 * 1024

_STYLES = {"time": moments.clock, "date": moments.calendar_date, "day": moments.day_name, "ago": moments.ago}


@register.simple_tag
@functools.lru_cache(maxsize=500)
def icon(name: str, css: str = "ic") -> SafeString:
    """`{% icon "send" %}`, `{% icon "send" "ic ic-sm" %}`. Decoration only: the words stand beside it.

    Kept, because a row of the inbox has up to six of them and is drawn with every message.
    """
    sprite = static("icons/sprite.svg")
    return format_html('<svg class="{}" aria-hidden="true"><use href="{}#{}"></use></svg>', css, sprite, name)


@register.filter
def mc_size(size: int) -> str:
    """What a file weighs, as `static/js/inbox/files.js` says it: 84 KB, 1.4 MB."""
    if size < MEGABYTE:
        return f"{max(1, round(size / 1024))} KB"
    return f"{formats.number_format(size / MEGABYTE, decimal_pos=1)} MB"


@register.filter
def mc_time(moment: datetime | None) -> str:
    return moments.clock(moment) if moment else ""


@register.filter
def mc_date(moment: datetime | date | None) -> str:
    return moments.calendar_date(moment) if moment else ""


@register.filter
def mc_day(moment: datetime | None) -> str:
    return moments.day_name(moment) if moment else ""


@register.filter
def mc_ago(moment: datetime | None) -> str:
    return moments.ago(moment) if moment else ""


@register.filter
def mc_since(moment: datetime | None) -> str:
    return moments.since(moment) if moment else ""


@register.filter
def mc_upcoming(moment: datetime | None) -> str:
    return moments.upcoming(moment) if moment else ""


@register.filter
def mc_iso(moment: datetime | None) -> str:
    return moments.iso(moment) if moment else ""


@register.simple_tag
def mc_time_tag(moment: datetime | None, style: str = "time") -> str:
    """`{% mc_time_tag message.created_at %}`; `style` is "time", "date", "day", "ago" or "both"."""
    if not moment:
        return ""
    whole = f"{moments.calendar_date(moment)} {moments.clock(moment)}"
    words = whole if style == "both" else _STYLES[style](moment)
    return format_html('<time datetime="{}" title="{}">{}</time>', moments.iso(moment), whole, words)


# Sides in pixels, as static/css/components/avatar.css has them.
_AVATARS = {"": 34, "xs": 20, "sm": 26, "lg": 52}


@register.simple_tag
def avatar(person: Any, size: str = "", css: str = "") -> SafeString:
    """`{% avatar member %}`, `{% avatar message.author "sm" %}`: a photo over the initials, which show while it loads.

    `person` has a name and maybe `avatar`, an address: a membership, or a picture of one (`chat/snapshots.py`).
    """
    name, photo = _of(person, "name"), _of(person, "avatar")
    letters = _of(person, "initials") or (people.initials(name) if person else "")
    classes = " ".join(filter(None, ["av", size and f"av-{size}", f"h{_of(person, 'hue') or people.hue(name)}", css]))
    image = format_html(_PHOTO, photo, _AVATARS[size], _AVATARS[size]) if photo else ""
    return format_html('<span class="{}" aria-hidden="true">{}{}</span>', classes, letters, image)


_PHOTO = '<img src="{}" alt="" width="{}" height="{}" loading="lazy" decoding="async">'


def _of(person: Any, what: str) -> Any:
    return (person.get(what) if isinstance(person, dict) else getattr(person, what, None)) or ""


@register.filter
def mc_many(number: int | str) -> int | str:
    """Numbers that are not counted to their end (chat/counts.py) say so."""
    return "999+" if isinstance(number, int) and number >= 1_000 else number


@register.filter
def initials(name: object) -> str:
    return people.initials(str(name or ""))


@register.filter
def hue(key: object) -> int:
    return people.hue(key)


# How keys are written on the sheet, where the name of the key is not what stands on it.
_KEYS = {"ArrowDown": "↓", "ArrowUp": "↑", "Mod": "Ctrl", "Escape": "Esc"}


@register.inclusion_tag("components/shortcut.html")
def shortcut(name: str, keys: str, label: str, href: str = "", act: str = "", needs: str = "") -> dict[str, Any]:
    """A row of the shortcut sheet: `{% shortcut "reply" "r" _("Write a reply") %}`.

    `keys` are alternatives ("j ArrowDown"), keys pressed one after the other ("g>i") or together ("Mod+k"). `href` is
    where it leads; without one the page answers to `name`. `act` is the icon under which the command palette offers
    it too, as long as there is something on the page that `needs` selects. Without a name the row only explains.
    """
    shown = [[_cap(key) for key in re.split("[>+]", way)] for way in keys.split()]
    return {"name": name, "keys": keys, "label": label, "href": href, "act": act, "needs": needs, "shown": shown}


def _cap(key: str) -> str:
    return _KEYS.get(key) or (key.upper() if len(key) == 1 else key)


@register.simple_tag
def pager_numbers(page: Page) -> list[int | None]:
    """The page numbers around this one, the first and the last; None stands for a gap."""
    paginator = page.paginator
    numbers = paginator.get_elided_page_range(page.number, on_each_side=1, on_ends=1)
    return [None if number == paginator.ELLIPSIS else int(number) for number in numbers]


@register.inclusion_tag("components/field.html")
def field(bound: BoundField, css: str = "input") -> dict[str, Any]:
    """A whole form field: label, control, help and errors, tied together for screen readers."""
    widget = bound.field.widget
    is_check = isinstance(widget, CheckboxInput)
    # A placeholder that repeats the label is noise; `False` takes the attribute away.
    attrs: dict[str, Any] = {"class": "" if is_check else css, "placeholder": False}
    return {
        "field": bound,
        "control": bound.as_widget(attrs={key: value for key, value in attrs.items() if value != ""}),
        "is_check": is_check,
        "is_secret": isinstance(widget, PasswordInput),
    }
