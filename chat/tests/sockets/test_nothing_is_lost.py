"""What happens between two steps of a socket's beginning is not lost, and no broken text gets stuck in it."""

from __future__ import annotations

import json
import uuid
from typing import Any

import pytest

from chat import actions, broadcasts, sessions
from chat.hub import Push, hub
from chat.models import Conversation, Visitor
from chat.sockets import base, visitor
from chat.sockets.watch import watch
from workspaces.models import Membership


async def test_I3_a_message_during_hello_is_not_lost(
    visitor_line: Any, monkeypatch: pytest.MonkeyPatch, conversation: Conversation, omar_member: Membership
) -> None:
    """Stored after the number in the welcome was read: it is fetched, because the client is told to look."""
    whole = sessions.welcome

    def interrupted(session: sessions.Session) -> Any:
        answer = whole(session)
        actions.post_operator_message(conversation, by=omar_member, body="now", client_id=uuid.uuid4())
        return answer

    monkeypatch.setattr(sessions, "welcome", interrupted)
    line = await visitor_line()
    assert [frame["type"] for frame in line.frames] == ["welcome"], "nothing comes before the welcome"
    assert line.welcome["conversation"]["seq"] == 1
    await line.hear("resync")


async def test_nobody_is_sent_looking_for_nothing(visitor_line: Any, conversation: Conversation) -> None:
    line = await visitor_line()
    await line.hears_nothing_of("resync")


async def test_a_failure_in_hello_ends_the_socket(
    visitor_line: Any, vic_token: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    line = await visitor_line(hello=False)
    with monkeypatch.context() as broken:
        broken.setattr(sessions, "welcome", lambda session: 1 / 0)
        await line.say(type="hello", v=1, token=vic_token, ticket=None, lang="en", page={})
        assert await line.closed_with() == 1013
    await (await visitor_line()).post("the next one works")


@pytest.mark.parametrize(
    "text",
    [
        '{"type":"message","client_id":"\\ud800","body":"x"}',
        '{"type":"message","client_id":"019a2b3c-0000-7000-8000-000000000001","body":"x","\\udfff":1}',
        '{"type":"message","client_id":"%s","body":"x"}' % ("x" * 9_000),
        '{"type":"typing","conversation":"\\ud800"}',
    ],
)
async def test_SR64_a_refusal_repeats_no_broken_text(visitor_line: Any, text: str) -> None:
    line = await visitor_line()
    await line.send_to(text_data=text)
    answer = await line.receive_from()
    assert len(answer.encode()) < 1_000 and json.loads(answer)["code"] == "invalid"
    await line.post("still here")


async def test_SR64_a_broken_credential_is_refused_and_the_clock_runs_on(
    visitor_line: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(visitor, "HELLO_TIME", 0.3)
    line = await visitor_line(hello=False)
    await line.send_to(text_data='{"type":"hello","v":1,"token":"\\ud800","ticket":"x","lang":"en"}')
    assert (await line.hear("error"))["code"] == "invalid"
    assert await line.closed_with() == 4408


@pytest.mark.parametrize(
    "origin", ["http://[bad", "http://127.0.0.1:8000/", "HTTP://127.0.0.1:8000", "http://x@127.0.0.1:8000", ""]
)
async def test_SR29_an_origin_no_browser_sends(visitor_line: Any, origin: str) -> None:
    line = await visitor_line(origin=origin, hello=False)
    assert not line.connected


async def test_RF10_a_debt_is_counted_in_bytes(
    visitor_line: Any, vic: Visitor, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A Thai letter is three of them."""
    monkeypatch.setattr(base, "MAX_DEBT_BYTES", 3_500)
    line = await visitor_line()
    hub.push(Push(broadcasts.visitor(vic.pk), "json", {"type": "x", "text": "ก" * 1_200}))
    assert await line.closed_with() == 4008


async def test_SR31_a_socket_that_cannot_be_closed_does_not_shield_the_others(
    visitor_line: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    for _ in range(3):
        await visitor_line()
    stuck, *others = hub.sockets

    async def breaks(code: int, reason: str = "") -> None:
        raise RuntimeError("planted")

    monkeypatch.setattr(stuck, "shut", breaks)
    monkeypatch.setattr(base, "SILENCE", -1.0)
    await watch.round()
    assert [one.is_shut for one in others] == [True, True]  # type: ignore[attr-defined]
