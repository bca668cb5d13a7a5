"""Whose time has come, and what is too old to keep."""

from __future__ import annotations

from datetime import timedelta
from uuid import UUID

from django.db.models import Min, QuerySet
from django.utils import timezone

from notifications.models import Notification

KEPT_FOR = timedelta(days=90)
MOST_AT_ONCE = 500
FORGOTTEN_AT_ONCE = 1000


def for_mail() -> list[UUID]:
    return _members(Notification.unscoped.filter(mail_due_at__lte=timezone.now()), "mail_due_at")


def for_browsers() -> list[UUID]:
    return _members(Notification.unscoped.filter(browser_due_at__lte=timezone.now()), "browser_due_at")


def forget_old() -> int:
    """In small bites: the table's locks are short, and a pause of months is made up for."""
    forgotten = 0
    while True:
        old = Notification.unscoped.filter(created_at__lt=timezone.now() - KEPT_FOR)
        n, _ = Notification.unscoped.filter(pk__in=list(old.values_list("pk", flat=True)[:FORGOTTEN_AT_ONCE])).delete()
        forgotten += n
        if n < FORGOTTEN_AT_ONCE:
            return forgotten


def _members(rows: QuerySet[Notification], field: str) -> list[UUID]:
    """Each once, the longest wait first."""
    waiting = rows.values("membership").annotate(since=Min(field)).order_by("since")
    return [row["membership"] for row in waiting[:MOST_AT_ONCE]]
