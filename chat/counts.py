"""The numbers beside the tabs, at most once a second per workspace and only for processes that show them."""

from __future__ import annotations

import asyncio
from datetime import datetime
from typing import Any
from uuid import UUID

from channels.db import database_sync_to_async

from chat import snapshots
from chat.hub import Push, hub
from chat.models import Conversation, Handler
from minichat.lib import roundtrips
from workspaces.models import Membership

EVERY = 1.0
# Beyond these nothing is counted ("999+", "99+"): a number beside a tab must not cost more the more there is.
MOST = 1_000
MOST_UNREAD = 100
# Whether something is unread is looked up among so many, the newest; what a push tells is counted among so many.
LOOKED_AT = 1_000
WATCHED = 5_000
Row = tuple[UUID, UUID | None, datetime | None, str]
# Workspaces, and the groups in which something moved.
_scheduled: dict[UUID, set[str]] = {}


def counts_for(membership: Membership) -> dict[str, int]:
    """Of what this member may see; none is counted beyond `MOST`. "ai": what the assistant answers."""
    visible = membership.workspace.conversations.visible_to(membership)
    newest = visible.open().newest_first().values("pk")[:LOOKED_AT]
    rows = [
        visible.open(),
        visible.waiting(),
        visible.with_ai(),
        visible.mine(membership),
        visible.unassigned(),
        visible.filter(pk__in=newest).unread(membership),
    ]
    names = ("open", "waiting", "ai", "mine", "unassigned", "unread")
    numbers = dict(zip(names, roundtrips.count(*rows, most=MOST), strict=True))
    return {**numbers, "unread": min(MOST_UNREAD, numbers["unread"])}


def touch(push: Push) -> None:
    """A list row went out to somebody here: the numbers of those who saw it follow within a second."""
    if push.frame != "row":
        return
    sockets = hub.groups.get(push.group)
    if not sockets:
        return
    workspace_id = next(iter(sockets)).membership.workspace_id  # type: ignore[attr-defined]
    if workspace_id not in _scheduled:
        _scheduled[workspace_id] = set()
        asyncio.get_running_loop().call_later(EVERY, lambda: asyncio.ensure_future(_tell(workspace_id)))
    _scheduled[workspace_id].add(push.group)


async def _tell(workspace_id: UUID) -> None:
    groups = _scheduled.pop(workspace_id)
    rows = await database_sync_to_async(_rows)(workspace_id)
    sockets: set[Any] = set().union(*(hub.groups.get(group, ()) for group in groups))
    for socket in sockets:
        await socket.deliver(_frame(_sum(rows, socket.inboxes, socket.membership.pk)))


def _rows(workspace_id: UUID) -> list[Row]:
    """Inbox, assignee, wait and handler of the newest open conversations: enough for everybody's numbers."""
    rows = Conversation.unscoped.filter(workspace=workspace_id).open().newest_first()
    return list(rows.values_list("inbox", "assignee", "waiting_since", "handler")[:WATCHED])


def _sum(rows: list[Row], inboxes: set[UUID], member: UUID) -> dict[str, int]:
    mine = [row for inbox, *row in rows if inbox in inboxes]
    numbers = {
        "open": len(mine),
        "waiting": sum(since is not None for _, since, _ in mine),
        "ai": sum(handler == Handler.AI for _, _, handler in mine),
        "unassigned": sum(assignee is None and handler == Handler.PEOPLE for assignee, _, handler in mine),
        "mine": sum(assignee == member for assignee, _, _ in mine),
    }
    return {name: min(MOST, number) for name, number in numbers.items()}


def _frame(numbers: dict[str, int]) -> str:
    return snapshots.to_json({"type": "counts", **numbers})
