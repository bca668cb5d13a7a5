"""What has not been acknowledged yet: kept, oldest first, one at a time, over the socket or by POST."""

from __future__ import annotations

import asyncio
import random
import secrets
import time
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from typing import Any
from uuid import UUID

import aiohttp

from tests.faults.client.link import Frame, Link

WAIT_FOR_SOCKET = 5.0
WAIT_FOR_ANSWER = 10.0
RETRYABLE = {"unavailable", "rate_limited"}


@dataclass(eq=False)
class Item:
    body: str
    conversation: str | None = None
    note: bool = False
    client_id: str = field(default_factory=lambda: uuid7())
    made_at: float = field(default_factory=time.monotonic)
    ack: dict[str, Any] | None = None
    acked_at: float = 0.0
    refused: str = ""
    tries: int = 0

    @property
    def is_open(self) -> bool:
        return self.ack is None and not self.refused


def uuid7() -> str:
    stamp = time.time_ns() // 1_000_000
    value = stamp << 80 | 0x7 << 76 | secrets.randbits(12) << 64 | 0b10 << 62 | secrets.randbits(62)
    return str(UUID(int=value))


class Outbox:
    """`frame` makes the socket's frame of an item, `post` sends it by HTTP; `sent` and `acked` are told of it."""

    def __init__(
        self,
        link: Link | None,
        *,
        frame: Callable[[Item], Frame],
        post: Callable[[Item], Awaitable[aiohttp.ClientResponse]],
        sent: Callable[[Item], None],
        acked: Callable[[Item], None],
    ) -> None:
        self.link, self.frame, self.post, self.sent, self.acked = link, frame, post, sent, acked
        # Set while the socket is open and the gap is filled.
        self.ready = asyncio.Event()
        self.items: list[Item] = []
        self.posts = 0
        self.server_errors = 0
        self._queue: asyncio.Queue[Item] = asyncio.Queue()
        self._current: Item | None = None
        self._answer: asyncio.Future[Frame | None] | None = None

    def put(self, item: Item) -> Item:
        self.items.append(item)
        self._queue.put_nowait(item)
        return item

    @property
    def unsent(self) -> list[Item]:
        return [item for item in self.items if item.is_open]

    async def run(self) -> None:
        while True:
            item = await self._queue.get()
            self._current = item
            while item.is_open:
                await self._deliver(item)

    def hear(self, frame: Frame) -> None:
        """An `ack`, `error` or `slow_down` that names our message."""
        is_ours = self._current is not None and frame.get("client_id") == self._current.client_id
        if is_ours and self._answer is not None and not self._answer.done():
            self._answer.set_result(frame)

    def down(self) -> None:
        self.ready.clear()
        if self._answer is not None and not self._answer.done():
            self._answer.set_result(None)

    # --- Inside ------------------------------------------------------------------------------------------------------

    async def _deliver(self, item: Item) -> None:
        if await self._has_socket():
            await self._over_socket(item)
        else:
            await self._over_http(item)

    async def _has_socket(self) -> bool:
        if self.link is None or self.link.stopped:
            return False
        if self.ready.is_set():
            return True
        self.link.wake()
        try:
            async with asyncio.timeout(WAIT_FOR_SOCKET):
                await self.ready.wait()
            return True
        except TimeoutError:
            return False

    async def _over_socket(self, item: Item) -> None:
        assert self.link is not None
        self._answer = asyncio.get_running_loop().create_future()
        item.tries += 1
        if not self.link.send(self.frame(item)):
            await asyncio.sleep(0.02)
            return
        self.sent(item)
        try:
            async with asyncio.timeout(WAIT_FOR_ANSWER):
                answer = await self._answer
        except TimeoutError:
            return
        if answer is not None:
            await self._take(item, answer)

    async def _over_http(self, item: Item) -> None:
        item.tries += 1
        self.posts += 1
        try:
            async with asyncio.timeout(WAIT_FOR_ANSWER):
                response = await self.post(item)
                answer = await response.json(content_type=None)
        except (aiohttp.ClientError, OSError, TimeoutError, ValueError):
            await asyncio.sleep(random.uniform(0, 0.5))
            return
        if response.status >= 500 and response.status != 503:
            self.server_errors += 1
        if response.status in (200, 201):
            await self._take(item, {**answer, "type": "ack"})
        else:
            wait = response.headers.get("Retry-After", "1")
            await self._take(item, {"type": "error", "retry_after": float(wait), **answer})

    async def _take(self, item: Item, answer: Frame) -> None:
        if answer["type"] == "ack":
            item.ack, item.acked_at = answer, time.monotonic()
            self.acked(item)
        elif answer["type"] == "slow_down" or answer.get("code") in RETRYABLE or answer.get("retry_after"):
            await asyncio.sleep(min(2.0, float(answer.get("retry_after") or 1)))
        else:
            item.refused = answer.get("code") or str(answer)[:200]
