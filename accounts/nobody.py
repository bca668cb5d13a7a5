"""Mails for addresses that nobody here has: written and undone, so that the work tells nothing either (SR-20)."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from django.db import transaction
from django.utils.crypto import get_random_string
from django.utils.translation import get_language

from accounts.models import User


@contextmanager
def or_somebody(user: User | None) -> Iterator[User]:
    """`user`, or somebody made up whose mail never leaves: all that is written for them is taken back."""
    with transaction.atomic():
        yield user or User(email=address(), locale=(get_language() or "en")[:2])
        if user is None:
            transaction.set_rollback(True)


def address() -> str:
    """One that no mail can reach, whatever becomes of it."""
    return f"{get_random_string(24).lower()}@nobody.invalid"
