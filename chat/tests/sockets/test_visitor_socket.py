from __future__ import annotations

import asyncio
import json
import re
import time
import uuid
from datetime import timedelta
from typing import Any

import pytest
from django.utils import timezone

from chat import pace, presence
from chat.hub import hub
from chat.models import Conversation, Inbox, Message, Visitor
from chat.sockets import base, visitor
from chat.sockets.watch import watch
from chat.widget.access import issue_ticket, new_visitor


async def test_hello_message_ack(visitor_line: Any, in_thread: Any, vic: Visitor) -> None:
    line = await visitor_line()
    assert line.welcome["token"] is None and line.welcome["limits"]["body"] == 2000
    ack = await line.post("Is anybody there?")
    stored = await in_thread(lambda: Message.unscoped.get(pk=ack["id"]))
    assert (stored.body, ack["position"], ack["seq"]) == ("Is anybody there?", 1, 1)


async def test_a_new_visitor_is_given_a_credential_once(visitor_line: Any) -> None:
    first = await visitor_line(None)
    token = first.welcome["token"]
    assert token.startswith("v1.") and len(token) > 50
    await first.post("hi")
    again = await visitor_line(token)
    assert again.welcome["token"] is None and again.welcome["conversation"]["seq"] == 1


async def test_the_same_frame_twice_is_one_message(visitor_line: Any, in_thread: Any) -> None:
    line = await visitor_line()
    frame = {"type": "message", "client_id": str(uuid.uuid4()), "body": "once"}
    for _ in range(2):
        await line.send_json_to(frame)
    first, second = await line.hear("ack"), await line.hear("ack")
    assert first == second
    assert await in_thread(Message.unscoped.count) == 1


async def test_two_tabs_agree(visitor_line: Any) -> None:
    one, two = await visitor_line(), await visitor_line()
    ack = await one.post("from the first tab")
    push = await two.hear("message")
    assert push["message"]["body"] == "from the first tab" and push["message"]["client_id"] == ack["client_id"]
    assert (push["seq"], push["prev"]) == (1, 0)


async def test_SR30_nothing_is_heard_before_hello(visitor_line: Any) -> None:
    line = await visitor_line(hello=False)
    await line.say(type="message", client_id=str(uuid.uuid4()), body="too early")
    assert await line.closed_with() == 4400


async def test_SR30_no_hello_in_time(visitor_line: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(visitor, "HELLO_TIME", 0.05)
    line = await visitor_line(hello=False)
    assert await line.closed_with() == 4408


@pytest.mark.parametrize(
    "origin", [None, "https://evil.example", "http://127.0.0.1:9", "https://127.0.0.1:8000", "null"]
)
async def test_SR29_a_foreign_or_missing_origin_is_refused(visitor_line: Any, origin: str | None) -> None:
    line = await visitor_line(origin=origin, hello=False)
    assert not line.connected


async def test_SR33_an_unknown_credential(visitor_line: Any, inbox: Inbox) -> None:
    line = await visitor_line(hello=False)
    await line.say(type="hello", v=1, token="v1.x.y", ticket=None, lang="th", page={})
    assert (await line.hear("error"))["code"] == "unknown_visitor"
    assert await line.closed_with() == 4401


async def test_a_closed_inbox_is_gone_and_the_credential_is_not(
    visitor_line: Any, inbox: Inbox, in_thread: Any
) -> None:
    await in_thread(lambda: Inbox.unscoped.filter(pk=inbox.pk).update(closed_at=timezone.now()))
    line = await visitor_line(hello=False)
    await line.say(type="hello", v=1, token="v1.x.y", ticket=None, lang="th", page={})
    assert (await line.hear("error"))["code"] == "not_found"
    assert await line.closed_with() == 4404


async def test_SR33_a_credential_of_another_inbox_opens_nothing(visitor_line: Any, in_thread: Any, globex: Any) -> None:
    _, foreign = await in_thread(lambda: new_visitor(globex.inboxes.get()))
    line = await visitor_line(hello=False)
    await line.say(type="hello", v=1, token=foreign, ticket=None, lang="en", page={})
    assert await line.closed_with() == 4401


async def test_a_ticket_of_another_inbox_makes_no_visitor(visitor_line: Any, in_thread: Any, globex: Any) -> None:
    inbox = await in_thread(lambda: globex.inboxes.get())
    line = await visitor_line(hello=False)
    await line.say(type="hello", v=1, token=None, ticket=issue_ticket(inbox, "https://x.example"), lang="en", page={})
    assert await line.closed_with() == 4403
    assert await in_thread(Visitor.unscoped.count) == 1


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("not json", 4400),
        ("[1]", 4400),
        ("{}", 4400),
        ('{"type":"connect"}', 4400),
        ('{"type":["message"]}', 4400),
        ('{"type":"ping","x":NaN}', 4400),
        ('{"type":"ping","x":' + "[" * 30 + "]" * 30 + "}", 4400),
        ("[" * 5000, 4400),
        ("x" * 70_000, 4413),
    ],
)
async def test_SR32_a_malformed_frame_closes_the_offender_alone(visitor_line: Any, text: str, code: int) -> None:
    line, other = await visitor_line(), await visitor_line(None)
    await line.send_to(text_data=text)
    assert await line.closed_with() == code
    await other.post("still here")


async def test_a_second_hello_is_malformed(visitor_line: Any) -> None:
    line = await visitor_line()
    await line.say(type="hello", v=1, token=None, ticket=None, lang="en", page={})
    assert await line.closed_with() == 4400


async def test_SR32_binary_is_malformed(visitor_line: Any) -> None:
    line = await visitor_line()
    await line.send_to(bytes_data=b"\x00\x01")
    assert await line.closed_with() == 4400


@pytest.mark.parametrize(
    ("fields", "code"),
    [
        ({"body": ""}, "invalid"),
        ({"body": " \n\t "}, "invalid"),
        ({"body": "\x00\x00"}, "invalid"),
        ({"body": 7}, "invalid"),
        ({"body": "x", "client_id": "no"}, "invalid"),
        ({"body": "x", "kind": "operator"}, "invalid"),
        ({"body": "x" * 2001}, "too_long"),
        ({"body": "x", "conversation": str(uuid.uuid4())}, "not_found"),
    ],
)
async def test_SR06_a_bad_message_is_refused_with_a_sentence(
    visitor_line: Any, in_thread: Any, fields: dict[str, Any], code: str
) -> None:
    line = await visitor_line()
    frame = {"type": "message", "client_id": str(uuid.uuid4()), **fields}
    await line.send_json_to(frame)
    error = await line.hear("error")
    assert error["code"] == code and error["message"]
    assert error["client_id"] == frame["client_id"]
    assert await in_thread(Message.unscoped.count) == 0


async def test_SR64_text_is_cleaned_and_kept_as_text(visitor_line: Any, in_thread: Any) -> None:
    line = await visitor_line()
    ack = await line.post("<script>alert(1)</script>\r\nก\u0e33 \u202eabc\x07")
    stored = await in_thread(lambda: Message.unscoped.get(pk=ack["id"]))
    assert stored.body == "<script>alert(1)</script>\nกำ \u202eabc"


async def test_SR32_over_the_rate_is_told_to_slow_down_and_loses_nothing(
    visitor_line: Any, in_thread: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(pace.visitors, "burst", 3)
    monkeypatch.setattr(pace.visitors, "clock", lambda: 0.0)  # a slow machine refills nothing meanwhile
    line = await visitor_line()
    for number in range(3):
        await line.post(f"{number}")
    name = str(uuid.uuid4())
    await line.say(type="message", client_id=name, body="too fast")
    told = await line.hear("slow_down")
    assert told["client_id"] == name and told["retry_after"] >= 1
    pace.visitors.forget()
    await line.say(type="message", client_id=name, body="too fast")
    assert (await line.hear("ack"))["client_id"] == name


async def test_SR32_refused_frames_are_paced_too(visitor_line: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(pace.visitors, "burst", 2)
    monkeypatch.setattr(pace.visitors, "clock", lambda: 0.0)  # a slow machine refills nothing meanwhile
    line = await visitor_line()
    for _ in range(3):
        await line.say(type="message", client_id="no", body="")
    assert [(await line.receive_json_from())["type"] for _ in range(3)] == ["error", "error", "slow_down"]


async def test_SR31_a_blocked_visitor_is_sent_away(visitor_line: Any, in_thread: Any, vic: Visitor) -> None:
    line = await visitor_line()
    await in_thread(lambda: Visitor.unscoped.filter(pk=vic.pk).update(blocked_at=timezone.now()))
    await watch.round()
    assert await line.closed_with() == 4403
    again = await visitor_line(hello=False)
    await again.say(type="hello", v=1, token=None, ticket="forged", lang="en", page={})
    assert await again.closed_with() == 4403


async def test_a_silent_socket_is_closed(visitor_line: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    line = await visitor_line()
    monkeypatch.setattr(base, "SILENCE", -1.0)
    await watch.round()
    assert await line.closed_with() == 4409


async def test_RF10_a_slow_reader_is_closed(visitor_line: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(base, "MAX_DEBT_BYTES", 2_000)
    line = await visitor_line()
    for _ in range(3):
        await line.say(type="message", client_id=str(uuid.uuid4()), body="x" * 900)
    assert await line.closed_with() == 4008


async def test_a_reader_that_counts_is_not(visitor_line: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(base, "MAX_DEBT_BYTES", 4_000)
    line = await visitor_line()
    for _number in range(6):
        await line.post("x" * 500)
        await line.say(type="seen", count=len(line.frames))
    assert (await line.post("still here"))["position"] == 7


async def test_many_frames_uncounted_for_long(visitor_line: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(base, "MAX_DEBT_FRAMES", 3)
    line = await visitor_line()
    for _ in range(3):
        await line.post("x")
    await watch.round()
    assert (await line.post("patience has not run out"))["position"] == 4
    monkeypatch.setattr(base, "DEBT_PATIENCE", -1.0)
    await watch.round()
    assert await line.closed_with() == 4008


async def test_SR35_a_session_cookie_means_nothing_here(visitor_line: Any, omar_client: Any) -> None:
    cookies = f"minichat_session={omar_client.cookies['minichat_session'].value}"
    line = await visitor_line(hello=False, cookies=cookies)
    await line.say(type="open", conversation=None)
    assert await line.closed_with() == 4400


async def test_a_failure_inside_is_told_and_the_text_may_come_again(
    visitor_line: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    line = await visitor_line()
    name = str(uuid.uuid4())
    with monkeypatch.context() as broken:
        broken.setattr("chat.writer.post_visitor_messages", _break)
        await line.say(type="message", client_id=name, body="hello")
        error = await line.hear("error")
        assert (error["code"], error["client_id"]) == ("unavailable", name)
    await line.say(type="message", client_id=name, body="hello")
    assert (await line.hear("ack"))["client_id"] == name


async def test_presence_comes_and_goes(visitor_line: Any, in_thread: Any, vic: Visitor) -> None:
    line = await visitor_line()
    await in_thread(vic.refresh_from_db)
    assert vic.is_online()
    await line.disconnect()
    await asyncio.sleep(0.1)
    await in_thread(vic.refresh_from_db)
    assert not vic.is_online()


async def test_who_stays_for_minutes_is_still_shown_as_present(
    visitor_line: Any,
    operator_line: Any,
    omar_client: Any,
    in_thread: Any,
    vic: Visitor,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    omar = await operator_line(omar_client)
    line = await visitor_line()
    long_ago = timezone.now() - timedelta(minutes=5)
    [here] = [socket for socket in hub.sockets if getattr(socket, "visitor", None)]
    here.visitor.last_seen_at = long_ago
    await in_thread(lambda: Visitor.unscoped.filter(pk=vic.pk).update(last_seen_at=long_ago))
    monkeypatch.setattr(watch, "_presence_at", 0.0)
    await watch.round()
    await line.post("still on your page")
    row = await omar.hear("row")
    assert re.search(r"data-presence=[^>]*>", row["html"])[0].endswith('">')  # type: ignore[index]
    await in_thread(vic.refresh_from_db)
    assert vic.is_online()


async def test_a_visitor_whom_another_process_took_for_gone_is_shown_to_the_team_again(
    visitor_line: Any,
    operator_line: Any,
    omar_client: Any,
    in_thread: Any,
    vic: Visitor,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    omar, line = await operator_line(omar_client), await visitor_line()
    await line.post("two tabs")
    await in_thread(lambda: presence.visitor_gone(vic, timezone.now()))
    monkeypatch.setattr(watch, "_presence_at", 0.0)
    await watch.round()
    assert (await omar.hear("presence"))["online"]
    await in_thread(vic.refresh_from_db)
    assert vic.is_online()


async def test_ping(visitor_line: Any) -> None:
    line = await visitor_line()
    began = time.monotonic()
    await line.say(type="ping")
    await line.hear("pong")
    assert time.monotonic() >= began


async def test_an_unknown_inbox(visitor_line: Any, lines: Any) -> None:
    from chat.tests.sockets.conftest import Line

    line = Line("/ws/widget/wk_nothing/")
    await line.connect()
    lines.append(line)
    await line.send_to(text_data=json.dumps({"type": "hello", "v": 1, "token": None, "ticket": "x", "lang": "en"}))
    assert await line.closed_with() == 4404


def _break(posts: Any) -> None:
    raise RuntimeError("planted")


async def test_SR10_the_operators_note_stays_with_the_team(
    visitor_line: Any, operator_line: Any, omar_client: Any, conversation: Conversation
) -> None:
    """SR-10: everything the visitor's socket gets, with a note, an assignment and a reply going on."""
    line, omar = await visitor_line(), await operator_line(omar_client)
    await omar.hear("welcome")
    await omar.say(type="open", conversation=str(conversation.pk))
    await omar.hear("opened")
    await omar.post("a secret word", conversation=str(conversation.pk), note=True)
    await omar.say(type="typing", conversation=str(conversation.pk), note=True)
    await omar.post("a public word", conversation=str(conversation.pk), note=False)
    while (await line.hear("message"))["message"]["body"] != "a public word":
        pass
    await line.hears_nothing_of("secret")
    assert "public word" in str(line.frames)
    assert not [frame for frame in line.frames if frame["type"] == "typing"]
