"""The form over the socket: the welcome asks, the answer is acknowledged, a refusal over the quota brings a form."""

from __future__ import annotations

import uuid
from typing import Any

import pytest

from chat.actions import set_inbox_form
from chat.models import Conversation, Inbox, Visitor
from contacts.models import Lead
from workspaces.models import Membership


@pytest.fixture
def asks(inbox: Inbox, ana_member: Membership, in_thread: Any) -> Any:
    async def ask() -> None:
        await in_thread(lambda: set_inbox_form(inbox, by=ana_member, fields=[], asks_when_away=True))

    return ask


async def test_word_is_left_over_the_socket(visitor_line: Any, in_thread: Any, vic: Visitor, asks: Any) -> None:
    await asks()
    line = await visitor_line()
    assert line.welcome["forms"]["online"] is None
    assert [field["name"] for field in line.welcome["forms"]["away"]["fields"]] == ["email"]
    frame = {"type": "form", "client_id": str(uuid.uuid4()), "body": "Please call me"}
    await line.say(**frame, answers={"email": "nowhere"})
    refused = await line.hear("error")
    assert (refused["code"], refused["client_id"]) == ("invalid", frame["client_id"])
    assert list(refused["errors"]) == ["email"]
    await line.say(**frame, answers={"email": "vic@example.com"})
    taken = await line.hear("form_ack")
    assert taken["lead"] is True and taken["message"]["position"] == 1
    assert await in_thread(lambda: Lead.unscoped.get().origin.conversation.visitor) == vic
    again = await line.post("and one more thing")
    assert again["conversation"] == taken["message"]["conversation"]


async def test_the_welcome_asks_in_the_language_of_the_hello(visitor_line: Any, vic_token: str, asks: Any) -> None:
    await asks()
    line = await visitor_line(hello=False)
    await line.say(type="hello", v=1, token=vic_token, ticket=None, lang="th")
    assert (await line.hear("welcome"))["forms"]["away"]["fields"][0]["label"] == "อีเมลของคุณ"


async def test_over_the_quota_the_refusal_brings_a_form(
    visitor_line: Any, in_thread: Any, inbox: Inbox, conversation: Conversation
) -> None:
    def use_up() -> None:
        inbox.workspace.entitlements.visitor_messages = 1
        inbox.workspace.entitlements.save()

    await in_thread(use_up)
    line = await visitor_line()
    name = str(uuid.uuid4())
    await line.say(type="message", client_id=name, body="kept by the client")
    refused = await line.hear("error")
    assert (refused["code"], refused["client_id"], refused["form"]["kind"]) == ("quota_exceeded", name, "contact")
    await line.say(type="form", client_id=name, answers={"email": "v@x.test"}, body="kept by the client")
    taken = await line.hear("form_ack")
    assert taken["lead"] is True and taken["message"] is None
    assert await in_thread(lambda: Lead.unscoped.get().origin.conversation) == conversation
