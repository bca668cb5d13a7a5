from __future__ import annotations

import asyncio
import threading

import pytest
from asgiref.sync import sync_to_async

from minichat.lib.threads import Threads

pytestmark = pytest.mark.pure


async def ask(threads: Threads, gate: asyncio.Event | None = None) -> int:
    async with threads.lent():
        ident = await sync_to_async(threading.get_ident)()
        if gate is not None:
            await gate.wait()
        # All of one request stays on one thread: its connection and its transaction hang on it.
        assert await sync_to_async(threading.get_ident)() == ident
    return ident


async def at_once(threads: Threads, count: int) -> set[int]:
    gate = asyncio.Event()
    asked = [asyncio.create_task(ask(threads, gate)) for _ in range(count)]
    await asyncio.sleep(0.05)
    gate.set()
    return set(await asyncio.gather(*asked))


def test_one_request_after_the_other_runs_on_the_same_thread():
    async def run() -> None:
        threads = Threads()
        assert len({await ask(threads) for _ in range(5)}) == 1

    asyncio.run(run())


def test_requests_at_once_never_share_a_thread_and_only_some_threads_are_kept():
    async def run() -> None:
        threads = Threads(kept=2)
        assert len(await at_once(threads, 5)) == 5
        assert len(threads._idle) == 2

    asyncio.run(run())


def test_a_request_that_fails_gives_its_thread_back():
    async def run() -> None:
        threads = Threads()
        first = await ask(threads)
        with pytest.raises(ZeroDivisionError):
            async with threads.lent():
                await sync_to_async(lambda: 1 / 0)()
        assert await ask(threads) == first

    asyncio.run(run())


def test_a_request_whose_client_goes_away_leaves_no_work_on_its_thread():
    """The thread is lent again only once what it was doing has ended."""

    async def run() -> None:
        threads, done = Threads(), []

        async def slow() -> None:
            async with threads.lent():
                await sync_to_async(lambda: (threading.Event().wait(0.1), done.append(1)))()

        task = asyncio.create_task(slow())
        await asyncio.sleep(0.02)
        task.cancel()
        await asyncio.gather(task, return_exceptions=True)
        assert done

    asyncio.run(run())
