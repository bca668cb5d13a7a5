from __future__ import annotations

import uuid
from typing import Any

import pytest
from allauth.mfa.totp.internal.auth import TOTP, generate_totp_secret
from asgiref.sync import sync_to_async
from django.test import Client
from django.utils import timezone

from chat import actions, broadcasts, presence
from chat.hub import hub
from chat.models import Conversation, Message
from chat.sockets.watch import watch
from conftest import PASSWORD
from workspaces.actions import deactivate_member
from workspaces.models import Membership


async def entered(operator_line: Any, client: Any, conversation: Conversation | None = None) -> Any:
    line = await operator_line(client)
    await line.hear("welcome")
    if conversation:
        await line.say(type="open", conversation=str(conversation.pk))
        await line.hear("opened")
    return line


async def test_a_visitors_message_arrives_as_row_and_in_the_open_thread(
    operator_line: Any, visitor_line: Any, omar_client: Any, conversation: Conversation
) -> None:
    omar = await entered(operator_line, omar_client, conversation)
    vic = await visitor_line()
    await vic.post("and to <b>Phuket</b>?")
    message = await omar.hear("message")
    row = await omar.hear("row")
    assert (message["seq"], message["prev"], message["kind"]) == (2, 1, "visitor")
    assert "&lt;b&gt;Phuket" in message["html"] and f'id="m-{message["id"]}"' in message["html"]
    assert row["waiting"] and row["inbound"] == 2 and "Phuket" in row["html"]


async def test_a_reply_arrives_at_the_visitor_with_its_event(
    operator_line: Any, visitor_line: Any, omar_client: Any, conversation: Conversation
) -> None:
    omar, vic = await entered(operator_line, omar_client, conversation), await visitor_line()
    ack = await omar.post("We do.", conversation=str(conversation.pk), note=False)
    event, reply = await vic.hear("message"), await vic.hear("message")
    assert event["message"]["event"] == {"name": "joined", "by": "Omar Haddad"}
    assert reply["message"]["body"] == "We do." and reply["message"]["author"]["name"] == "Omar Haddad"
    assert [event["seq"], reply["seq"]] == [2, 3] and ack["seq"] == 3


async def test_the_delivered_mark_follows_a_shown_thread(
    operator_line: Any, visitor_line: Any, omar_client: Any, conversation: Conversation
) -> None:
    await entered(operator_line, omar_client, conversation)
    vic = await visitor_line()
    ack = await vic.post("are you there?")
    marks = await vic.hear("marks")
    assert marks["delivered"] == ack["position"] and marks["read"] == 0


async def test_typing_is_told_to_the_other_side_and_a_notes_is_not(
    operator_line: Any, visitor_line: Any, omar_client: Any, ana_client: Any, conversation: Conversation
) -> None:
    omar = await entered(operator_line, omar_client, conversation)
    ana = await entered(operator_line, ana_client, conversation)
    vic = await visitor_line()
    await omar.say(type="typing", conversation=str(conversation.pk), note=True)
    assert (await ana.hear("typing"))["note"] is True
    await omar.say(type="typing", conversation=str(conversation.pk), note=False)
    assert (await vic.hear("typing"))["name"] == "Omar Haddad"
    assert len([frame for frame in vic.frames if frame["type"] == "typing"]) == 1


async def test_SR31_a_viewer_may_not_write(
    operator_line: Any, in_thread: Any, vera_client: Any, conversation: Conversation
) -> None:
    vera = await entered(operator_line, vera_client, conversation)
    for frame in (
        {"type": "message", "conversation": str(conversation.pk), "client_id": str(uuid.uuid4()), "body": "x"},
        {"type": "typing", "conversation": str(conversation.pk)},
    ):
        await vera.send_json_to(frame)
        assert (await vera.hear("error"))["code"] == "forbidden"
    assert await in_thread(Message.unscoped.count) == 1


async def test_SR03_foreign_conversations_do_not_exist(
    operator_line: Any, in_thread: Any, gil_client: Any, conversation: Conversation
) -> None:
    gil = await operator_line(gil_client, "globex")
    await gil.hear("welcome")
    for pk in (conversation.pk, uuid.uuid4()):
        for frame in (
            {"type": "open", "conversation": str(pk)},
            {"type": "read", "conversation": str(pk), "position": 1},
            {"type": "typing", "conversation": str(pk)},
            {"type": "message", "conversation": str(pk), "client_id": str(uuid.uuid4()), "body": "x"},
        ):
            await gil.send_json_to(frame)
            assert (await gil.hear("error"))["code"] == "not_found"
    assert not hub.groups.get(broadcasts.thread(conversation.pk)), "in the group of a thread that is not theirs"
    assert await in_thread(Message.unscoped.count) == 1


async def test_SR04_a_strangers_workspace_is_no_workspace(operator_line: Any, gil_client: Any, acme: Any) -> None:
    for slug in ("acme", "nothing"):
        line = await operator_line(gil_client, slug)
        assert await line.closed_with() == 4404


async def test_the_anonymous_are_sent_to_sign_in(operator_line: Any, acme: Any) -> None:
    line = await operator_line(None)
    assert await line.closed_with() == 4401


@pytest.mark.parametrize("origin", [None, "https://evil.example", "http://127.0.0.1:9"])
async def test_SR29_a_foreign_or_missing_origin_is_refused(
    operator_line: Any, omar_client: Any, origin: str | None
) -> None:
    line = await operator_line(omar_client, origin=origin)
    assert not line.connected


async def test_SR08_a_removed_member_is_sent_away(
    operator_line: Any, in_thread: Any, omar_client: Any, omar_member: Membership, ana_member: Membership
) -> None:
    omar = await entered(operator_line, omar_client)
    await in_thread(lambda: deactivate_member(omar_member, by=ana_member))
    assert await omar.closed_with() == 4403
    again = await operator_line(omar_client)
    assert await again.closed_with() == 4404


async def test_SR31_signing_out_ends_the_socket(operator_line: Any, in_thread: Any, omar_client: Any) -> None:
    omar = await entered(operator_line, omar_client)
    await watch.round()
    await omar.say(type="ping")
    await omar.hear("pong")
    await in_thread(omar_client.logout)
    await watch.round()
    assert await omar.closed_with() == 4401


async def test_SR31_a_smaller_role_counts_at_once(
    operator_line: Any, in_thread: Any, omar_client: Any, omar_member: Membership, conversation: Conversation
) -> None:
    omar = await entered(operator_line, omar_client, conversation)
    await in_thread(lambda: Membership.unscoped.filter(pk=omar_member.pk).update(role="viewer"))
    await watch.round()
    await omar.say(type="message", conversation=str(conversation.pk), client_id=str(uuid.uuid4()), body="x")
    assert (await omar.hear("error"))["code"] == "forbidden"


async def test_presence_of_the_team(operator_line: Any, visitor_line: Any, omar_client: Any, in_thread: Any) -> None:
    vic = await visitor_line()
    assert vic.welcome["online"] is False
    omar = await entered(operator_line, omar_client)
    assert (await vic.hear("online"))["online"] is True
    await omar.disconnect()
    assert (await vic.hear("online"))["online"] is False


async def test_a_viewer_is_nobody_who_answers(operator_line: Any, visitor_line: Any, vera_client: Any) -> None:
    vic = await visitor_line()
    await entered(operator_line, vera_client)
    await vic.hears_nothing_of("'online': True")


async def test_two_tabs_of_a_member_read_together(
    operator_line: Any, omar_client: Any, conversation: Conversation
) -> None:
    one, two = await entered(operator_line, omar_client), await entered(operator_line, omar_client)
    await one.say(type="read", conversation=str(conversation.pk), position=1)
    assert (await two.hear("pointer"))["inbound_read"] == 1


async def test_eleven_tabs_are_too_many(operator_line: Any, omar_client: Any) -> None:
    for _ in range(10):
        await entered(operator_line, omar_client)
    line = await operator_line(omar_client)
    assert await line.closed_with() == 1013


async def test_a_push_speaks_the_readers_language(
    operator_line: Any,
    visitor_line: Any,
    in_thread: Any,
    omar_client: Any,
    ana_client: Any,
    ana: Any,
    omar: Any,
    conversation: Conversation,
) -> None:
    def speak() -> None:
        for person, language in ((ana, "th"), (omar, "en")):
            person.locale = language
            person.save()

    await in_thread(speak)
    english, thai = await entered(operator_line, omar_client), await entered(operator_line, ana_client)
    vic = await visitor_line()
    await vic.post("hello")
    assert "Waiting" in (await english.hear("row"))["html"]
    assert "รอตอบ" in (await thai.hear("row"))["html"]


async def test_the_numbers_follow(operator_line: Any, visitor_line: Any, omar_client: Any) -> None:
    omar = await entered(operator_line, omar_client)
    vic = await visitor_line()
    await vic.post("hello")
    numbers = await omar.hear("counts")
    assert (numbers["open"], numbers["waiting"], numbers["unassigned"], numbers["mine"]) == (1, 1, 1, 0)


async def test_the_session_is_checked_by_its_end(operator_line: Any, in_thread: Any, omar_client: Any) -> None:
    from django.contrib.sessions.models import Session

    omar = await entered(operator_line, omar_client)
    await in_thread(lambda: Session.objects.update(expire_date=timezone.now()))
    await watch.round()
    assert await omar.closed_with() == 4401


async def test_SR17_a_password_without_its_second_step_opens_no_socket(
    operator_line: Any, acme: Any, client: Client
) -> None:
    def half_way() -> None:
        owner = acme.memberships.owners().get().user
        TOTP.activate(owner, generate_totp_secret())
        client.post("/accounts/login/", {"login": owner.email, "password": PASSWORD})
        assert client.get("/accounts/2fa/authenticate/").status_code == 200

    await sync_to_async(half_way)()
    line = await operator_line(client)
    assert await line.closed_with() == 4401


async def test_what_is_the_teams_alone_leaves_no_trace_at_the_visitor(
    visitor_line: Any, in_thread: Any, conversation: Conversation, omar_member: Membership
) -> None:
    vic = await visitor_line()
    await in_thread(lambda: actions.assign(conversation, assignee=omar_member, by=omar_member))
    await vic.hears_nothing_of("'type': 'conversation'")


async def test_a_member_whom_another_process_took_for_gone_is_told_to_visitors_again(
    operator_line: Any,
    visitor_line: Any,
    omar_client: Any,
    in_thread: Any,
    omar_member: Membership,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    await entered(operator_line, omar_client)
    vic = await visitor_line()
    assert vic.welcome["online"]
    await in_thread(lambda: presence.member_gone(omar_member))
    monkeypatch.setattr(watch, "_presence_at", 0.0)
    await watch.round()
    assert (await vic.hear("online"))["online"]


async def test_quick_replies_travel_with_their_message(
    operator_line: Any, visitor_line: Any, omar_client: Any, conversation: Conversation
) -> None:
    omar, vic = await entered(operator_line, omar_client, conversation), await visitor_line()
    await omar.post("Which?", conversation=str(conversation.pk), note=False, quick_replies=["Red", "Blue"])
    await vic.hear("message")
    assert (await vic.hear("message"))["message"]["quick_replies"] == ["Red", "Blue"]
    await vic.post("Blue")
