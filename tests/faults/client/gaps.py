"""Filling gaps over HTTP: one question at a time per thread, asked until it is answered."""

from __future__ import annotations

import asyncio
import random
from collections.abc import Awaitable, Callable
from typing import Any

import aiohttp

from tests.faults.client.thread import Thread

LIMIT = 200

Fetch = Callable[[str, dict[str, Any]], Awaitable[dict[str, Any]]]


class Gaps:
    """`fetch(conversation, query)` asks the server; `filled` is told after each complete fill."""

    def __init__(self, fetch: Fetch, filled: Callable[[Thread], None]) -> None:
        self.fetch, self.filled = fetch, filled
        self.questions = 0
        self._running: dict[str, asyncio.Task[None]] = {}
        self._again: set[str] = set()

    def fill(self, thread: Thread) -> None:
        """Ask now; while an answer is under way, once more after it."""
        key = thread.conversation
        if key in self._running and not self._running[key].done():
            self._again.add(key)
            return
        self._running[key] = asyncio.create_task(self._fill(thread))

    def is_filling(self, conversation: str) -> bool:
        return conversation in self._running and not self._running[conversation].done()

    async def _fill(self, thread: Thread) -> None:
        more = True
        while more:
            self._again.discard(thread.conversation)
            try:
                self.questions += 1
                more = thread.answer(await self.fetch(thread.conversation, {"after": thread.known, "limit": LIMIT}))
            except (aiohttp.ClientError, OSError, TimeoutError, ValueError):
                await asyncio.sleep(random.uniform(0.05, 0.5))
            more = more or thread.conversation in self._again
        self.filled(thread)

    def stop(self) -> None:
        for task in self._running.values():
            task.cancel()

    async def fresh(self, conversation: str) -> Thread:
        """The thread as somebody sees it who opens it for the first time."""
        thread = Thread(conversation)
        while thread.answer(await self.fetch(conversation, {"after": thread.known, "limit": LIMIT})):
            pass
        return thread


async def read_json(response: aiohttp.ClientResponse) -> dict[str, Any]:
    """The object in a good answer; anything else is a reason to ask again."""
    async with response:
        if response.status != 200:
            raise ValueError(f"{response.status} {(await response.text())[:200]}")
        return await response.json(content_type=None)
