"""Pictures of notifications as plain dicts, and what they become in the reader's language: a line, a list entry."""

from __future__ import annotations

from typing import Any

from django.template.loader import get_template
from django.utils import translation
from django.utils.translation import gettext as _

from minichat.lib.moments import told_in
from notifications.kinds import Area, kind_of
from notifications.models import Notification

Picture = dict[str, Any]


def picture(row: Notification, *, slug: str) -> Picture:
    """What an entry is drawn from. It travels between processes as JSON, so it holds nothing but plain values."""
    return {
        "id": str(row.pk),
        "kind": row.kind,
        "data": row.data,
        "target": row.target,
        "slug": slug,
        "created_at": row.created_at,
        "is_read": row.read_at is not None,
    }


def entry(picture: Picture) -> Picture:
    """With words, icon and address, in the current language."""
    kind = kind_of(picture["kind"])
    if kind is None:
        # Written by a version that knew more: the row stays, so that it can be marked as read.
        return {**picture, "sentence": _("Something happened."), "icon": "bell", "url": "", "area": Area.TEAM.value}
    words = {"sentence": kind.say(picture["data"]), "icon": kind.icon, "area": kind.area.value}
    return {**picture, **words, "url": kind.link(picture["slug"], picture["target"])}


def html(shown: Picture, language: str, zone: str, era: str = "") -> str:
    with translation.override(language), told_in(zone, era):
        return get_template("notifications/_entry.html").render({"entry": shown}).strip()
