"""The times of a workspace's end: closed, announced, deleted."""

from __future__ import annotations

from datetime import datetime, timedelta

from django.db.models import QuerySet
from django.utils import timezone

from workspaces.models import Workspace

# So long a closed workspace can be restored; owners are told this before it ends.
GRACE = timedelta(days=30)
NOTICE = timedelta(days=7)


def ends_at(workspace: Workspace) -> datetime:
    """When a closed workspace may be deleted, at the earliest."""
    assert workspace.closed_at is not None
    return workspace.closed_at + GRACE


def to_announce(now: datetime | None = None) -> QuerySet[Workspace]:
    closed = Workspace.objects.filter(status=Workspace.Status.CLOSED, end_announced_at=None)
    return closed.filter(closed_at__lte=(now or timezone.now()) - GRACE + NOTICE).order_by("closed_at")


def to_delete(now: datetime | None = None) -> QuerySet[Workspace]:
    """After the grace, and never without the notice: a machine that was off for a month gives it first."""
    now = now or timezone.now()
    over = Workspace.objects.filter(
        status=Workspace.Status.CLOSED, closed_at__lte=now - GRACE, end_announced_at__lte=now - NOTICE
    )
    return (over | Workspace.objects.filter(status=Workspace.Status.PURGING)).order_by("closed_at")
