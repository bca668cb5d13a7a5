"""The loop for threads without one, as a request calls it: from the one thread that it has for the database."""

from __future__ import annotations

import asyncio

import pytest
from asgiref.sync import ThreadSensitiveContext, async_to_sync, sync_to_async

from minichat.lib import loop

pytestmark = pytest.mark.pure


async def _written() -> str:
    """What somebody writes to the database on the way, with an end."""
    return await asyncio.wait_for(sync_to_async(lambda: "written")(), 5)


def _view() -> str:
    return loop.run(_written())


def _behind_middleware() -> str:
    """As Django calls a view that is not async behind a middleware that is not: over an async part between them."""
    return async_to_sync(sync_to_async(_view))()


async def test_what_is_written_does_not_wait_for_the_request() -> None:
    async with ThreadSensitiveContext():
        assert await sync_to_async(_view)() == "written"


async def test_nor_behind_middleware() -> None:
    async with ThreadSensitiveContext():
        assert await sync_to_async(_behind_middleware)() == "written"


def test_nor_in_a_job() -> None:
    assert _view() == "written"
