"""A colleague asks for a reply to begin with: from the same knowledge as the assistant's answers, and never sent."""

from __future__ import annotations

import uuid
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from ai.models import AICall, Purpose, VisitorAnswers
from ai.tests.conftest import Learn
from chat import actions as chat
from chat.models import Conversation, Handler, Visitor
from tests.fakes.ai_server import AiServer
from workspaces.models import Membership, Workspace

pytestmark = pytest.mark.django_db
# What a model costs is written down by another thread.
with_model = pytest.mark.django_db(transaction=True)


@pytest.fixture(autouse=True)
def known(acme: Workspace, learn_faq: Learn) -> None:
    learn_faq(acme, "How long does delivery take?", "Two days in Bangkok, three elsewhere.", "When will it arrive?")


def asked(vic: Visitor, *texts: str) -> Conversation:
    for text in texts:
        message = chat.post_visitor_message(vic, body=text, client_id=uuid.uuid4()).message
    return message.conversation


def place(conversation: Conversation) -> str:
    return reverse("suggest-reply", args=["acme", conversation.pk])


def suggested(client: Client, conversation: Conversation) -> Any:
    reply = client.post(place(conversation), headers={"Accept": "application/json"})
    assert reply.status_code == 200, reply.content
    return reply.json()


def test_it_is_what_the_assistant_would_say_with_its_source(vic: Visitor, omar_client: Client) -> None:
    conversation = asked(vic, "When will it arrive?")
    found = suggested(omar_client, conversation)
    assert found["text"] == "Two days in Bangkok, three elsewhere."
    [source] = found["sources"]
    assert source["title"] == "How long does delivery take?"
    assert omar_client.get(source["url"]).status_code == 200


def test_nothing_is_sent_or_kept(vic: Visitor, omar_client: Client) -> None:
    conversation = asked(vic, "When will it arrive?")
    before = conversation.messages.count()
    assert suggested(omar_client, conversation)["text"]
    assert conversation.messages.count() == before
    assert not conversation.workspace.ai_answers.exists()


def test_it_is_for_what_the_visitor_wrote_last(vic: Visitor, omar_client: Client, omar_member: Membership) -> None:
    conversation = asked(vic, "Who won the football match in Madrid?")
    assert suggested(omar_client, conversation)["text"] == ""
    asked(vic, "When will it arrive?")
    chat.post_operator_message(conversation, by=omar_member, body="One moment", client_id=uuid.uuid4())
    assert suggested(omar_client, conversation)["text"].startswith("Two days")


def test_nothing_sure_enough_is_said_calmly(vic: Visitor, omar_client: Client) -> None:
    found = suggested(omar_client, asked(vic, "Who won the football match in Madrid?"))
    assert found == {"text": "", "detail": "Nothing in your knowledge is sure enough to suggest here."}


def test_who_asks_for_a_person_is_still_answered(vic: Visitor, omar_client: Client) -> None:
    found = suggested(omar_client, asked(vic, "When will it arrive? I want to talk to a person"))
    assert found["text"].startswith("Two days")


def test_thanks_are_answered_without_a_source(vic: Visitor, omar_client: Client) -> None:
    found = suggested(omar_client, asked(vic, "Thank you"))
    assert found["text"] and found["sources"] == []


def test_while_the_assistant_answers_nobody_else_is_helped(vic: Visitor, omar_client: Client) -> None:
    conversation = asked(vic, "When will it arrive?")
    conversation.workspace.conversations.update(handler=Handler.AI)
    reply = omar_client.post(place(conversation), headers={"Accept": "application/json"})
    assert (reply.status_code, reply.json()["detail"]) == (
        409,
        "The AI assistant answers here. Take the conversation over first.",
    )


def test_a_closed_conversation_needs_no_reply(vic: Visitor, omar_client: Client, omar_member: Membership) -> None:
    conversation = asked(vic, "When will it arrive?")
    chat.resolve(conversation, by=omar_member)
    reply = omar_client.post(place(conversation), headers={"Accept": "application/json"})
    assert (reply.status_code, reply.json()["detail"]) == (409, "This conversation is closed.")


def test_only_who_sees_the_conversation_and_may_answer(
    vic: Visitor, omar_client: Client, omar_member: Membership, vera_client: Client, gil_client: Client
) -> None:
    conversation = asked(vic, "When will it arrive?")
    assert omar_client.post(place(conversation)).status_code == 200
    assert vera_client.post(place(conversation)).status_code == 403
    assert gil_client.post(place(conversation)).status_code == 404
    assert omar_client.get(place(conversation)).status_code == 405
    hide(conversation)
    assert omar_client.post(place(conversation)).status_code == 404


def hide(conversation: Conversation) -> None:
    """Only administrators see this inbox from now on."""
    inbox = conversation.inbox
    inbox.is_private = True
    inbox.save()


def test_it_is_asked_for_a_few_times_a_minute_at_most(
    vic: Visitor, omar_client: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("ai.pace.ASKED", 1)
    conversation = asked(vic, "When will it arrive?")
    assert omar_client.post(place(conversation)).status_code == 200
    reply = omar_client.post(place(conversation), headers={"Accept": "application/json"})
    assert reply.status_code == 429 and reply.json()["detail"]


# --- With a model -----------------------------------------------------------------------------------------------------


@with_model
def test_a_model_writes_it_and_its_numbers_are_left_out(vic: Visitor, omar_client: Client, model: AiServer) -> None:
    found = suggested(omar_client, asked(vic, "When will it arrive?"))
    assert found["text"] == "Delivery takes two days in Bangkok."
    assert [source["title"] for source in found["sources"]] == ["How long does delivery take?"]
    call = AICall.unscoped.get()
    assert (call.purpose, call.status) == (Purpose.SUGGEST, "ok")
    assert not VisitorAnswers.unscoped.exists(), "the visitor has asked nobody"


@with_model
def test_what_it_hears_ends_with_the_question(
    vic: Visitor, omar_client: Client, omar_member: Membership, model: AiServer
) -> None:
    conversation = asked(vic, "When will it arrive?")
    chat.post_operator_message(conversation, by=omar_member, body="One moment", client_id=uuid.uuid4())
    assert suggested(omar_client, conversation)["text"]
    assert model.asked[0].body["messages"][-1] == {"role": "user", "content": "When will it arrive?"}


@pytest.mark.parametrize("fault", ["500", "cut", "empty"])
@with_model
def test_a_model_that_fails_costs_nobody_the_suggestion(
    vic: Visitor, omar_client: Client, model: AiServer, acme: Workspace, fault: str
) -> None:
    acme.ai_chain.update(model=f"fault-{fault}")
    assert suggested(omar_client, asked(vic, "When will it arrive?"))["text"] == "Two days in Bangkok, three elsewhere."


@with_model
def test_what_nothing_stands_for_is_not_suggested(vic: Visitor, omar_client: Client, model: AiServer) -> None:
    model.answer = lambda asked: ["Napoleon was born on an island in the sea long ago [1]."]
    found = suggested(omar_client, asked(vic, "When will it arrive?"))
    assert found["text"] == "Two days in Bangkok, three elsewhere."
