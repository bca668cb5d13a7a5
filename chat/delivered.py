"""The team's *delivered* mark: a visitor's message went to a tab that shows its thread.

Written half a second later and once for all that came in between: a mark is a position, not a row per message.
"""

from __future__ import annotations

import asyncio
from uuid import UUID

from channels.db import database_sync_to_async

from chat import broadcasts
from chat.hub import Push
from chat.models import Conversation, Kind

AFTER = 0.5


class Marks:
    """The positions that wait to be written, and the timer that will write them."""

    def __init__(self) -> None:
        self.positions: dict[UUID, int] = {}
        self.loop: asyncio.AbstractEventLoop | None = None

    def heard(self, push: Push) -> None:
        if push.frame != "message" or push.data["message"]["kind"] != Kind.VISITOR:
            return
        message = push.data["message"]
        self._schedule()
        self.positions[UUID(message["conversation"])] = message["position"]

    def _schedule(self) -> None:
        loop = asyncio.get_running_loop()
        if self.positions and self.loop is loop:
            return
        self.loop = loop
        loop.call_later(AFTER, lambda: asyncio.ensure_future(self._write()))

    async def _write(self) -> None:
        positions, self.positions = self.positions, {}
        await database_sync_to_async(move)(positions)


def move(positions: dict[UUID, int]) -> None:
    for pk, position in positions.items():
        rows = Conversation.unscoped.filter(pk=pk)
        if rows.filter(team_got__lt=position).update(team_got=position):
            broadcasts.marks_moved(rows.get())


marks = Marks()
