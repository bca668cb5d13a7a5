"""The numbers beside the tabs, at most once a second per workspace and only for processes that show them."""

from __future__ import annotations

import asyncio
from collections import Counter
from typing import Any
from uuid import UUID

from channels.db import database_sync_to_async
from django.db.models import Count, Q

from chat import snapshots
from chat.hub import Push, hub
from chat.models import Conversation
from workspaces.models import Membership

EVERY = 1.0
_scheduled: set[str] = set()


def counts_for(membership: Membership) -> dict[str, int]:
    """Open, waiting, mine, unassigned and unread, of what this member may see."""
    mine = membership.workspace.conversations.visible_to(membership)
    totals = mine.open().aggregate(
        open=Count("pk"),
        waiting=Count("pk", filter=Q(waiting_since__isnull=False)),
        mine=Count("pk", filter=Q(assignee=membership)),
        unassigned=Count("pk", filter=Q(assignee=None)),
    )
    return {**totals, "unread": min(100, mine.open().unread(membership)[:100].count())}


def touch(push: Push) -> None:
    """A list row went out to somebody here: the numbers follow within a second."""
    if push.frame != "row" or push.group in _scheduled:
        return
    _scheduled.add(push.group)
    asyncio.get_running_loop().call_later(EVERY, lambda: asyncio.ensure_future(_tell(push.group)))


async def _tell(group: str) -> None:
    _scheduled.discard(group)
    workspace_id = UUID(group.removeprefix("team."))
    totals, mine = await database_sync_to_async(_by_assignee)(workspace_id)
    for socket in list(hub.groups.get(group, ())):
        membership_id = socket.membership.pk  # type: ignore[attr-defined]
        await socket.deliver(_frame({**totals, "mine": mine[membership_id]}))


def _by_assignee(workspace_id: UUID) -> tuple[dict[str, int], Counter[Any]]:
    rows = (
        Conversation.unscoped.filter(workspace=workspace_id)
        .open()
        .values("assignee")
        .annotate(n=Count("pk"), waiting=Count("pk", filter=Q(waiting_since__isnull=False)))
        .order_by()
    )
    mine: Counter[UUID | None] = Counter({row["assignee"]: row["n"] for row in rows})
    totals = {"open": mine.total(), "waiting": sum(row["waiting"] for row in rows), "unassigned": mine[None]}
    return totals, mine


def _frame(numbers: dict[str, int]) -> str:
    return snapshots.to_json({"type": "counts", **numbers})
