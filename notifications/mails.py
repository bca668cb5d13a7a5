"""The mail about one notification or several, and the link in it that ends such mails (RFC 8058)."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.conf import settings
from django.core.mail import EmailMultiAlternatives
from django.urls import reverse
from django.utils import translation

from minichat.lib.emails import make_message
from minichat.lib.moments import told_in
from notifications import unsubscribe
from notifications.kinds import Kind, kind_of
from notifications.models import Notification
from notifications.quiet import zone_of
from workspaces.models import Membership

MOST_LINES = 20


@dataclass(frozen=True)
class Line:
    sentence: str
    at: Any
    url: str


def message_about(membership: Membership, rows: list[Notification]) -> EmailMultiAlternatives:
    """In the reader's language and time. `List-Unsubscribe` ends the mails of exactly the kinds that are in it."""
    kinds = _kinds(rows)
    with translation.override(language_of(membership)), told_in(zone_of(membership), membership.workspace.era):
        lines = [_line(membership, row) for row in rows[:MOST_LINES]]
        context = {
            "user": membership.user,
            "workspace": membership.workspace,
            "lines": lines,
            "first": lines[0],
            "more": len(rows) - len(lines),
            "n": len(rows),
            "all_url": _absolute(reverse("notifications", args=[membership.workspace.slug])),
            "settings_url": _absolute(reverse("notification-settings", args=[membership.workspace.slug])),
            **_way_out(membership, kinds),
        }
        message = make_message("notifications", membership.user.email, context)
    if context["unsubscribe_url"]:
        message.extra_headers["List-Unsubscribe"] = f"<{context['unsubscribe_url']}>"
        message.extra_headers["List-Unsubscribe-Post"] = "List-Unsubscribe=One-Click"
    return message


def language_of(membership: Membership) -> str:
    return membership.user.locale or membership.workspace.locale or settings.LANGUAGE_CODE


def _way_out(membership: Membership, kinds: list[Kind]) -> dict[str, Any]:
    """Mails that cannot be turned off promise no way to turn them off."""
    optional = unsubscribe.optional(kinds)
    if not optional:
        return {"unsubscribe_url": ""}
    token = unsubscribe.token_for(membership, optional)
    return {"unsubscribe_url": _absolute(reverse("unsubscribe", args=[token])), "kinds": optional}


def _kinds(rows: list[Notification]) -> list[Kind]:
    """Each once, in the order of the rows."""
    found = {row.kind: kind_of(row.kind) for row in rows}
    return [kind for kind in found.values() if kind]


def _line(membership: Membership, row: Notification) -> Line:
    kind = kind_of(row.kind)
    assert kind is not None
    url = _absolute(kind.link(membership.workspace.slug, row.target))
    return Line(kind.say(row.data), row.created_at, url)


def _absolute(path: str) -> str:
    return settings.BASE_URL + path
