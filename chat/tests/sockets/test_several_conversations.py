"""Several conversations over one socket."""

from __future__ import annotations

import uuid
from typing import Any

from django.test import Client

from chat import actions
from chat.models import Conversation, Visitor
from chat.widget.access import new_visitor


async def test_a_fresh_message_leaves_the_running_one_alone(visitor_line: Any, conversation: Conversation) -> None:
    line = await visitor_line()
    fresh = await line.post("Something else", fresh=True)
    assert fresh["conversation"] != str(conversation.pk) and fresh["position"] == 1
    assert (await line.post("more of it"))["conversation"] == fresh["conversation"]


async def test_the_welcome_names_the_newest(visitor_line: Any, conversation: Conversation) -> None:
    line = await visitor_line()
    [row] = line.welcome["conversations"]
    assert row["id"] == line.welcome["conversation"]["id"] == str(conversation.pk)
    assert line.welcome["unread"] == 0


async def test_reading_in_one_tab_is_told_to_the_other(
    visitor_line: Any, in_thread: Any, conversation: Conversation, omar_member: Any
) -> None:
    one, two = await visitor_line(), await visitor_line()
    await in_thread(
        lambda: actions.post_operator_message(conversation, by=omar_member, body="Yes.", client_id=uuid.uuid4())
    )
    push = await one.hear("message")
    position = push["message"]["position"]
    await one.say(type="read", conversation=str(conversation.pk), position=position)
    marks = await two.hear("marks")
    while marks["seen"] < position:
        marks = await two.hear("marks")
    assert marks["conversation"] == str(conversation.pk)


async def test_typing_goes_to_the_conversation_that_is_open(
    visitor_line: Any, operator_line: Any, omar_client: Client, vic: Visitor, in_thread: Any, conversation: Conversation
) -> None:
    newer = await in_thread(
        lambda: actions.post_visitor_message(vic, body="Something else", client_id=uuid.uuid4(), fresh=True)
    )
    omar = await operator_line(omar_client)
    await omar.say(type="open", conversation=str(conversation.pk))
    await omar.hear("opened")
    line = await visitor_line()
    assert line.welcome["conversation"]["id"] == str(newer.message.conversation_id)
    await line.say(type="typing", conversation=str(conversation.pk))
    assert (await omar.hear("typing"))["who"] == "visitor"


async def test_SR33_typing_in_somebody_elses_conversation(
    visitor_line: Any, operator_line: Any, omar_client: Client, inbox: Any, in_thread: Any, conversation: Conversation
) -> None:
    omar = await operator_line(omar_client)
    await omar.say(type="open", conversation=str(conversation.pk))
    await omar.hear("opened")
    _, token = await in_thread(lambda: new_visitor(inbox))
    line = await visitor_line(token)
    await line.say(type="typing", conversation=str(conversation.pk))
    assert (await line.hear("error"))["code"] == "not_found"
    await omar.hears_nothing_of("typing")
