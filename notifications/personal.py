"""What this room keeps about a person (`accounts/holders.py`)."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

from accounts.models import User
from notifications.models import NotificationSettings, OutgoingEmail


def sections(user: User) -> dict[str, Any]:
    return {"mails": _mails(user), "notifications": _notifications(user), "notification_settings": _settings(user)}


def objections(user: User) -> list[str]:
    return []


def forget(user: User) -> None:
    """What is on its way this very moment is left to whoever is sending it."""
    for membership in user.memberships.all():
        membership.notifications.all().delete()
        NotificationSettings.unscoped.filter(membership=membership).delete()
    OutgoingEmail.unscoped.filter(to=[user.email]).exclude(status=OutgoingEmail.Status.SENDING).delete()


def _mails(user: User) -> Iterator[dict[str, Any]]:
    """That they were sent. Codes in a subject may still open something."""
    for mail in OutgoingEmail.unscoped.filter(to=[user.email]).order_by("created_at").iterator(chunk_size=500):
        yield {"subject": re.sub(r"\d{4,}", "…", mail.subject), "status": mail.status, "at": mail.created_at}


def _notifications(user: User) -> Iterator[dict[str, Any]]:
    """What they were told, in the workspaces they may still enter."""
    for membership in user.memberships.select_related("workspace").filter(deactivated_at=None):
        for one in membership.notifications.order_by("created_at").iterator(chunk_size=500):
            yield {
                "workspace": membership.workspace.slug,
                "kind": one.kind,
                "at": one.created_at,
                "read_at": one.read_at,
            }


def _settings(user: User) -> list[dict[str, Any]]:
    rows = NotificationSettings.unscoped.filter(membership__user=user).select_related("workspace")
    return [
        {
            "workspace": row.workspace.slug,
            "choices": row.choices,
            "is_quiet": row.is_quiet,
            "quiet_from": row.quiet_from,
            "quiet_until": row.quiet_until,
            "time_zone": row.timezone,
        }
        for row in rows
    ]
