"""Threads that stay, for the requests of a server.

Django makes a thread for each request and throws it away, and with it the database connection it opened: on SQLite that
cost as much as reading a conversation's changes. Here a request borrows a thread from those that are idle.
"""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import asynccontextmanager
from typing import Any

from asgiref.sync import ThreadSensitiveContext
from django.core.handlers.asgi import ASGIHandler
from django.db import connections

# More are made while more requests run at once; so many are kept afterwards.
KEPT = 8


class Thread(ThreadPoolExecutor):
    """One thread, and the last thing it was given to do."""

    last: Future[Any] | None = None

    def __init__(self) -> None:
        super().__init__(1, thread_name_prefix="request")

    def submit(self, *args: Any, **kwargs: Any) -> Future[Any]:
        self.last = super().submit(*args, **kwargs)
        return self.last

    async def rested(self) -> None:
        """A call that was given up, because the client has gone, still runs to its end."""
        if self.last is not None and not self.last.done():
            await asyncio.wait([asyncio.wrap_future(self.last)])


class Threads:
    """Used from one event loop only, so nothing here needs a lock."""

    def __init__(self, kept: int = KEPT) -> None:
        self._kept = kept
        self._idle: list[Thread] = []

    @asynccontextmanager
    async def lent(self) -> AsyncIterator[None]:
        """Inside, everything thread-sensitive runs on one thread that nobody else has meanwhile."""
        # The last one given back: few threads stay warm, the others are rarely asked for.
        thread = self._idle.pop() if self._idle else Thread()
        try:
            async with ThreadSensitiveContext(executor=thread):
                yield
        finally:
            await thread.rested()
            self._give_back(thread)

    def _give_back(self, thread: Thread) -> None:
        if len(self._idle) < self._kept:
            self._idle.append(thread)
            return
        thread.submit(connections.close_all)
        thread.shutdown(wait=False)


class Handler(ASGIHandler):
    """Django's entrance for HTTP, on threads that stay."""

    def __init__(self) -> None:
        super().__init__()
        self._threads = Threads()

    async def __call__(self, scope: Any, receive: Any, send: Any) -> None:
        async with self._threads.lent():
            await self.handle(scope, receive, send)
