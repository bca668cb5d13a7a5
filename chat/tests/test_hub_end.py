"""The end of the hub: nothing that runs in it may keep the process from stopping."""

from __future__ import annotations

import asyncio
from contextlib import suppress

import pytest

from chat import hub as hub_module
from chat.hub import Hub


async def deaf_to_the_first() -> None:
    """Like `wait_for` whose inner task ends in the same moment: the cancellation is lost."""
    with suppress(asyncio.CancelledError):
        await asyncio.sleep(60)
    await asyncio.sleep(60)


@pytest.mark.pure
async def test_a_task_that_misses_its_cancellation_is_cancelled_again(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(hub_module, "CANCEL_AGAIN_AFTER", 0.01)
    hub = Hub()
    heart = hub._heart = asyncio.create_task(deaf_to_the_first())
    await asyncio.sleep(0)
    async with asyncio.timeout(1):
        await hub.stop()
    assert heart.cancelled()


@pytest.mark.pure
async def test_who_waits_for_an_end_can_be_cancelled(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(hub_module, "CANCEL_AGAIN_AFTER", 10)
    stubborn = asyncio.create_task(deaf_to_the_first())
    await asyncio.sleep(0)
    waiting = asyncio.create_task(hub_module._ended(stubborn))
    await asyncio.sleep(0.01)
    waiting.cancel()
    with pytest.raises(asyncio.CancelledError):
        await waiting
    stubborn.cancel()
