"""Mails that no page of allauth sends: from commands, from tasks, about one's data."""

from __future__ import annotations

from typing import Any

from django.utils import translation

from accounts.models import User
from minichat.lib.emails import make_message


def send(template: str, user: User, /, *, to: str = "", **context: Any) -> None:
    """`templates/emails/<template>-….txt` in the person's own language."""
    with translation.override(user.locale or translation.get_language() or "en"):
        make_message(template, to or user.email, {"user": user, **context}).send()
