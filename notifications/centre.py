"""What a member's bell and list show."""

from __future__ import annotations

from collections.abc import Collection
from uuid import UUID

from django.db.models import Count, QuerySet

from minichat.lib import keyset
from notifications.models import Notification
from workspaces.models import Membership

PAGE = 30
LATEST = 8
# Beyond it the bell says "99+": nobody counts further, and neither does the database.
MOST_COUNTED = 100
NEWEST_FIRST = ["-created_at", "-id"]


def listed(membership: Membership) -> QuerySet[Notification]:
    return membership.notifications.filter(in_app=True)


def unread_count(membership: Membership) -> int:
    return listed(membership).filter(read_at=None)[:MOST_COUNTED].count()


def unread_counts(memberships: Collection[UUID]) -> dict[UUID, int]:
    """For all of them in one statement; members of sockets, who came through the door."""
    unread = Notification.unscoped.filter(membership__in=memberships, in_app=True, read_at=None)
    found = unread.values_list("membership").annotate(n=Count("pk")).order_by()
    return {**dict.fromkeys(memberships, 0), **{pk: min(n, MOST_COUNTED) for pk, n in found}}


def latest(membership: Membership) -> list[Notification]:
    return list(listed(membership).order_by(*NEWEST_FIRST)[:LATEST])


def page(membership: Membership, *, unread: bool, cursor: str) -> tuple[list[Notification], str]:
    """The next page after `cursor` (empty: the first), and the cursor of the one after it (empty: the end).

    By key, not by offset: a page costs the same at any depth, and what arrives meanwhile shifts nothing.
    """
    rows = listed(membership)
    if unread:
        rows = rows.filter(read_at=None)
    found = keyset.page(rows, NEWEST_FIRST, after=cursor, size=PAGE)
    return found.rows, found.next
