"""Stores visitors' messages in batches, without a timer: what waits while one transaction runs goes into the next.

A lone message is not delayed; a burst costs a handful of commits. One thread, so that a process holds one write
transaction at a time: that is what SQLite wants and what PostgreSQL does not mind.
"""

from __future__ import annotations

import asyncio
import logging
from collections import deque
from concurrent.futures import ThreadPoolExecutor

from django.db import close_old_connections, connection

from chat.actions import Posted, VisitorPost, post_visitor_messages
from minichat.lib.errors import MiniChatError, Unavailable

logger = logging.getLogger(__name__)

MOST_IN_BATCH = 100
MOST_WAITING = 5_000

Answer = Posted | MiniChatError


class Writer:
    def __init__(self) -> None:
        self._waiting: deque[tuple[VisitorPost, asyncio.Future[Answer]]] = deque()
        self._task: asyncio.Task[None] | None = None
        self._thread = ThreadPoolExecutor(max_workers=1, thread_name_prefix="writer")

    async def post(self, post: VisitorPost) -> Posted:
        """Store one message and return when it is committed; raises its refusal."""
        loop = asyncio.get_running_loop()
        if len(self._waiting) >= MOST_WAITING:
            raise Unavailable(retry_after=2)
        future: asyncio.Future[Answer] = loop.create_future()
        self._waiting.append((post, future))
        if self._task is None or self._task.done() or self._task.get_loop() is not loop:
            self._task = loop.create_task(self._run())
        answer = await future
        if isinstance(answer, MiniChatError):
            raise answer
        return answer

    async def _run(self) -> None:
        loop = asyncio.get_running_loop()
        while self._waiting:
            batch = [self._waiting.popleft() for _ in range(min(len(self._waiting), MOST_IN_BATCH))]
            answers = await loop.run_in_executor(self._thread, _store, [post for post, _ in batch])
            for (_, future), answer in zip(batch, answers, strict=True):
                if not future.done():
                    future.set_result(answer)


def _store(posts: list[VisitorPost]) -> list[Answer]:
    close_old_connections()
    try:
        return _store_together(posts)
    finally:
        # Gives a pooled connection back between batches; SQLite's stays open (CONN_MAX_AGE).
        close_old_connections()


def _store_together(posts: list[VisitorPost]) -> list[Answer]:
    try:
        return post_visitor_messages(posts)
    except Exception:
        if len(posts) == 1:
            logger.exception("a message could not be stored")
            connection.close()
            return [Unavailable(retry_after=2)]
        # One of them broke the transaction: each gets one of its own, so that the neighbours get through.
        return [answer for post in posts for answer in _store_together([post])]


writer = Writer()
