"""One event loop per process for the threads that have none, in a thread of its own.

Jobs run in threads and processes without a loop. With one of their own for each wait they would greet a provider or
Redis anew each time; here connections stay, and what several jobs wait for runs side by side.
"""

from __future__ import annotations

import asyncio
import contextvars
import os
import threading
from collections.abc import Coroutine
from typing import Any, TypeVar

T = TypeVar("T")

_lock = threading.Lock()
_loops: dict[int, asyncio.AbstractEventLoop] = {}


def run(work: Coroutine[Any, Any, T]) -> T:
    """Its result, for a caller in a thread without a running loop.

    Nothing of the caller's context goes along. In a request's stands the one thread for everything that touches the
    database, which is the one that waits here: what `work` writes would wait for its own end.
    """
    return contextvars.Context().run(asyncio.run_coroutine_threadsafe, work, _running()).result()


def _running() -> asyncio.AbstractEventLoop:
    """By process: a worker that was forked has none of its parent's threads."""
    with _lock:
        loop = _loops.get(os.getpid())
        if loop is None:
            loop = _loops[os.getpid()] = asyncio.new_event_loop()
            threading.Thread(target=loop.run_forever, name="loop", daemon=True).start()
        return loop
