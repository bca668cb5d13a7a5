"""The number on the bells, once for all that a moment brought and only for processes that show it."""

from __future__ import annotations

import asyncio

from channels.db import database_sync_to_async

from chat import snapshots
from chat.hub import Push, hub
from notifications.centre import unread_counts

AFTER = 0.2
FRAMES = {"notification", "notifications_read"}
_scheduled: set[str] = set()


def touch(push: Push) -> None:
    """Something came in or was read: the number follows, counted anew. So a push that was lost costs no truth."""
    if push.frame not in FRAMES or push.group in _scheduled:
        return
    _scheduled.add(push.group)
    asyncio.get_running_loop().call_later(AFTER, lambda: asyncio.ensure_future(_tell(push.group)))


async def _tell(group: str) -> None:
    _scheduled.discard(group)
    sockets = [socket for socket in hub.groups.get(group, ()) if getattr(socket, "membership", None)]
    unread = await database_sync_to_async(unread_counts)({socket.membership.pk for socket in sockets})  # type: ignore[attr-defined]
    for socket in sockets:
        number = unread[socket.membership.pk]  # type: ignore[attr-defined]
        await socket.deliver(snapshots.to_json({"type": "bell", "unread": number}))
