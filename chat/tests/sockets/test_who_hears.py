"""Every frame about a conversation reaches those whose GET of it succeeds, and nobody else (SR-10)."""

from __future__ import annotations

import asyncio
import uuid
from typing import Any

import pytest
from django.test import Client

from chat import actions, broadcasts
from chat.models import Conversation, Inbox
from chat.sockets import watch
from chat.tests.sockets.conftest import Connect
from notifications.models import Notification
from workspaces.models import Membership, Workspace
from workspaces.roles import Role

pytestmark = pytest.mark.asyncio
ABOUT_ONE = {"row", "message", "head", "presence", "marks", "typing", "notification", "notifications_read", "counts"}


@pytest.fixture
def nok(acme: Workspace, add_member: Any) -> Membership:
    return add_member("nok@acme.test", "Nok Dee", Role.OPERATOR)


@pytest.fixture
def clients(
    ana_client: Client,
    adam_client: Client,
    omar_client: Client,
    vera_client: Client,
    nok: Membership,
    gil_client: Client,
) -> dict[str, Client]:
    nok_client = Client()
    nok_client.force_login(nok.user)
    return {
        "ana": ana_client,
        "adam": adam_client,
        "omar": omar_client,
        "vera": vera_client,
        "nok": nok_client,
    }


async def drained(line: Any, seconds: float = 0.3) -> list[dict[str, Any]]:
    while not await line.receive_nothing(timeout=seconds):
        line.frames.append(await line.receive_json_from())
    return line.frames


def about(frames: list[dict[str, Any]], conversation: Conversation) -> set[str]:
    pk = str(conversation.pk)
    return {frame["type"] for frame in frames if pk in str(frame)} | {
        frame["type"] for frame in frames if frame["type"] == "counts"
    }


async def test_SR10_every_frame_follows_the_right_to_read(
    clients: dict[str, Client],
    conversation: Conversation,
    inbox: Inbox,
    ana_member: Membership,
    vera_member: Membership,
    nok: Membership,
    gil_client: Client,
    operator_line: Connect,
    visitor_line: Connect,
    in_thread: Any,
) -> None:
    await in_thread(
        lambda: actions.set_inbox_members(inbox, is_private=True, members=[vera_member, nok], by=ana_member)
    )
    path = f"/w/acme/conversations/{conversation.pk}/"

    def readers() -> set[str]:
        return {who for who, client in clients.items() if client.get(path).status_code == 200}

    may_read = await in_thread(readers)
    assert may_read == {"ana", "adam", "vera", "nok"}
    lines = {who: await operator_line(client) for who, client in clients.items()}
    lines["gil"] = await operator_line(gil_client, slug="globex")
    for line in lines.values():
        await line.hear("welcome")
        await line.say(type="open", conversation=str(conversation.pk))
    for who, line in lines.items():
        await line.hear("opened" if who in may_read else "error")
        line.frames.clear()

    visitor = await visitor_line()
    await visitor.say(type="typing", conversation=None)
    await visitor.post("And to Phuket?", conversation=None)
    await lines["ana"].say(type="typing", conversation=str(conversation.pk), note=True)
    await lines["ana"].post("Yes", conversation=str(conversation.pk), note=False)
    await lines["ana"].post("Is he a customer?", conversation=str(conversation.pk), note=True)
    await visitor.say(type="read", conversation=str(conversation.pk), position=2)
    await in_thread(lambda: actions.assign(conversation, assignee=nok, by=ana_member))
    await in_thread(lambda: actions.resolve(conversation, by=ana_member))
    await visitor.post("One more thing", conversation=None)
    await visitor.disconnect()
    await asyncio.sleep(1.2)  # the numbers follow within a second

    seen = {who: about(await drained(line), conversation) for who, line in lines.items()}
    assert {who for who, kinds in seen.items() if kinds} == may_read
    together = set().union(*seen.values())
    assert together >= ABOUT_ONE, ABOUT_ONE - together


async def test_falling_out_closes_the_thread_at_once(
    omar_client: Client,
    ana_client: Client,
    conversation: Conversation,
    inbox: Inbox,
    ana_member: Membership,
    operator_line: Connect,
    visitor_line: Connect,
    in_thread: Any,
) -> None:
    omar, ana = await operator_line(omar_client), await operator_line(ana_client)
    for line in (omar, ana):
        await line.hear("welcome")
        await line.say(type="open", conversation=str(conversation.pk))
        await line.hear("opened")
    await in_thread(lambda: actions.set_inbox_members(inbox, is_private=True, by=ana_member))
    assert (await omar.hear("access"))["closed"] == str(conversation.pk)
    assert (await omar.hear("counts"))["open"] == 0
    omar.frames.clear()
    visitor = await visitor_line()
    await visitor.post("Psst", conversation=None)
    await ana.hear("message")
    await omar.hears_nothing_of(str(conversation.pk), seconds=1.3)
    assert "counts" not in {frame["type"] for frame in omar.frames}
    assert "access" not in {frame["type"] for frame in ana.frames}
    for frame in ("open", "typing", "read", "message"):
        more: dict[str, Any] = {
            "open": {},
            "typing": {"note": False},
            "read": {"position": 1},
            "message": {"client_id": str(uuid.uuid4()), "body": "x", "note": False},
        }[frame]
        await omar.say(type=frame, conversation=str(conversation.pk), **more)
        assert (await omar.hear("error"))["code"] == "not_found"


async def test_the_round_finds_what_no_push_told(
    omar_client: Client,
    conversation: Conversation,
    inbox: Inbox,
    operator_line: Connect,
    in_thread: Any,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """Five seconds at the most, whatever was lost between the processes."""
    assert watch.EVERY <= 5
    monkeypatch.setattr(watch, "EVERY", 0.1)
    omar = await operator_line(omar_client)
    await omar.hear("welcome")
    await omar.say(type="open", conversation=str(conversation.pk))
    await omar.hear("opened")
    await in_thread(lambda: Inbox.unscoped.filter(pk=inbox.pk).update(is_private=True))
    assert (await omar.hear("access"))["closed"] == str(conversation.pk)


async def test_a_new_inbox_is_heard_by_who_was_there_before(
    omar_client: Client, acme: Workspace, conversation: Conversation, operator_line: Connect, in_thread: Any
) -> None:
    omar = await operator_line(omar_client)
    await omar.hear("welcome")
    fresh = await in_thread(lambda: actions.create_inbox(acme, name="Wholesale"))
    await omar.hear("access")
    broadcasts.visitor_presence(fresh.pk, conversation.pk, online=True)
    assert (await omar.hear("presence"))["conversation"] == str(conversation.pk)


async def test_visitors_hear_of_those_who_answer_in_their_inbox(
    omar_client: Client,
    ana_client: Client,
    inbox: Inbox,
    ana_member: Membership,
    operator_line: Connect,
    visitor_line: Connect,
    in_thread: Any,
) -> None:
    await in_thread(lambda: actions.set_inbox_members(inbox, is_private=True, by=ana_member))
    visitor = await visitor_line()
    omar = await operator_line(omar_client)
    await omar.hear("welcome")
    await visitor.hears_nothing_of("'online': True")
    ana = await operator_line(ana_client)
    assert (await visitor.hear("online"))["online"] is True
    await ana.disconnect()
    assert (await visitor.hear("online"))["online"] is False
    assert not await in_thread(lambda: Notification.unscoped.filter(membership__user__email="gil@globex.test").exists())
