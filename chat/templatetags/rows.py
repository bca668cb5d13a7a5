"""The costly parts of a conversation's row: it is drawn with every message, so they are drawn in one piece or kept."""

from __future__ import annotations

from datetime import datetime
from functools import lru_cache
from typing import Any

from django import template
from django.template.loader import get_template
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from minichat.lib import moments

register = template.Library()

_MOVING = 'data-inbound="{}" data-at="{}" data-position="{}" {}'
_STANDING = (
    'data-conversation="{}" data-status="{}" data-handler="{}" data-waiting="{}" data-since="{}" data-until="{}"'
    ' data-priority="{}" data-labels="{}" data-inbox="{}" data-language="{}" data-assignee="{}"'
)
_PICK = '<input type="checkbox" data-pick="{}" aria-label="{}">'


@register.simple_tag
def row_data(row: dict[str, Any]) -> SafeString:
    """What scripts read of a row (a picture of `chat/snapshots.py`), as attributes."""
    assignee, position = row.get("assignee"), row.get("position")
    standing = _standing(
        row["conversation"],
        row["status"],
        row.get("handler", ""),
        "true" if row["waiting"] else "false",
        _iso(row.get("waiting_since")),
        _iso(row.get("snoozed_until")),
        row.get("priority_name", ""),
        "".join(f"{label['id']} " for label in row.get("labels", ())),
        row.get("inbox", ""),
        row.get("lang", ""),
        assignee["id"] if assignee else "",
    )
    return format_html(
        _MOVING, row.get("inbound") or 0, _iso(row["at"]), "" if position is None else position, standing
    )


@lru_cache(maxsize=2000)
def _standing(*values: Any) -> SafeString:
    return format_html(_STANDING, *values)


@register.simple_tag
def row_pick(row: dict[str, Any]) -> SafeString:
    """The box that picks the conversation for an act on several."""
    return _pick(get_language(), row["conversation"], row["contact"]["name"])


@lru_cache(maxsize=2000)
def _pick(_language: str, conversation: str, name: str) -> SafeString:
    return format_html(_PICK, conversation, _("Choose %(name)s") % {"name": name})


@register.simple_tag
def row_chips(row: dict[str, Any]) -> str:
    """The last line: whether somebody waits, who is on it, labels; from one message to the next mostly the same."""
    assignee, since, until = (row.get(name) for name in ("assignee", "waiting_since", "snoozed_until"))
    return _chips(
        get_language(),
        priority_name=row.get("priority_name"),
        waiting=row["waiting"],
        waiting_since=since,
        waits=moments.since(since) if since else "",
        handler=row.get("handler"),
        status=row["status"],
        until=moments.upcoming(until) if until else "",
        rating=row.get("rating"),
        labels=tuple((label["id"], label["name"], label["hue"]) for label in row.get("labels", ())),
        assignee=assignee["name"] if assignee else "",
        inbox_name=row.get("inbox_name"),
        draft=row.get("draft"),
    )


@lru_cache(maxsize=2000)
def _chips(_language: str, **of_row: Any) -> str:
    labels = [dict(zip(("id", "name", "hue"), label, strict=True)) for label in of_row["labels"]]
    return get_template("chat/_row_chips.html").render({"row": {**of_row, "labels": labels}})


def _iso(moment: datetime | None) -> str:
    return moments.iso(moment) if moment else ""
