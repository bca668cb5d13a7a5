"""What this room keeps about a person (`accounts/holders.py`)."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

from accounts.models import User
from notifications.models import OutgoingEmail


def sections(user: User) -> dict[str, Any]:
    return {"mails": _mails(user)}


def objections(user: User) -> list[str]:
    return []


def forget(user: User) -> None:
    """What is on its way this very moment is left to whoever is sending it."""
    OutgoingEmail.unscoped.filter(to=[user.email]).exclude(status=OutgoingEmail.Status.SENDING).delete()


def _mails(user: User) -> Iterator[dict[str, Any]]:
    """That they were sent. Codes in a subject may still open something."""
    for mail in OutgoingEmail.unscoped.filter(to=[user.email]).order_by("created_at").iterator(chunk_size=500):
        yield {"subject": re.sub(r"\d{4,}", "…", mail.subject), "status": mail.status, "at": mail.created_at}
