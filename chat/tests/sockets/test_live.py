"""The list of live visitors hears of what happens on the site."""

from __future__ import annotations

import asyncio
import time
import uuid
from typing import Any

import pytest
from asgiref.sync import sync_to_async

from chat import actions, live
from chat.models import Visitor


async def watching(operator_line: Any, client: Any, slug: str = "acme") -> Any:
    line = await operator_line(client, slug)
    await line.hear("welcome")
    await line.say(type="watch", visitors=True)
    await line.say(type="ping")
    await line.hear("pong")
    return line


async def test_coming_moving_and_leaving_are_told(operator_line: Any, visitor_line: Any, omar_client: Any) -> None:
    omar = await watching(operator_line, omar_client)
    vic = await visitor_line()
    await omar.hear("visitors")
    await vic.say(type="page", url="https://shop.acme.test/2", title="Two")
    await omar.hear("visitors")
    await vic.disconnect()
    await omar.hear("visitors")


async def test_a_crowd_is_told_of_once(
    operator_line: Any, visitor_line: Any, omar_client: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    # Timers of earlier tests died with their loops and left their names.
    monkeypatch.setattr(live, "_scheduled", set())
    omar = await watching(operator_line, omar_client)
    began = time.monotonic()
    for _ in range(4):
        await visitor_line(token=None)
    async with asyncio.timeout(10):
        while live._scheduled:
            await asyncio.sleep(0.05)
    await omar.say(type="ping")
    await omar.hear("pong")
    # Not more than one a second, and not less than one.
    told = [frame["type"] for frame in omar.frames].count("visitors")
    assert 1 <= told <= 1 + (time.monotonic() - began) / live.EVERY


async def test_SR10_nobody_else_is_told(
    operator_line: Any, visitor_line: Any, omar_client: Any, ana_client: Any, gil_client: Any
) -> None:
    gil = await watching(operator_line, gil_client, "globex")
    ana = await watching(operator_line, ana_client)
    await ana.say(type="watch", visitors=False)
    await ana.say(type="ping")
    await ana.hear("pong")
    omar = await watching(operator_line, omar_client)
    vic = await visitor_line()
    await omar.hear("visitors")
    for line in (gil, ana, vic):
        await line.hears_nothing_of("'visitors'", 0.1)


async def test_the_clock_of_the_visitor_is_known(visitor_line: Any, vic: Visitor, vic_token: str) -> None:
    for said, known in (("Asia/Tokyo", "Asia/Tokyo"), ("Mars/Phobos", "Asia/Tokyo"), (7, "Asia/Tokyo")):
        line = await visitor_line(hello=False)
        await line.say(type="hello", v=1, token=vic_token, ticket=None, lang="en", page={}, timezone=said)
        await line.hear("welcome")
        await sync_to_async(vic.refresh_from_db)()
        assert vic.timezone == known


async def test_a_visitor_who_was_spoken_to_first_is_seen_typing(
    operator_line: Any, visitor_line: Any, omar_client: Any, omar_member: Any, vic: Visitor
) -> None:
    line = await visitor_line()
    first = await sync_to_async(actions.start_conversation)(vic, by=omar_member, body="Hi", client_id=uuid.uuid4())
    event, said = await line.hear("message"), await line.hear("message")
    assert (event["prev"], event["seq"], said["seq"]) == (0, 1, 2)
    omar = await operator_line(omar_client)
    await omar.say(type="open", conversation=str(first.message.conversation_id))
    await omar.hear("opened")
    await line.say(type="typing", conversation=str(first.message.conversation_id))
    assert (await omar.hear("typing"))["who"] == "visitor"
