"""What stands in the composer, in other words: only by a model, and only for whoever wrote it."""

from __future__ import annotations

import json
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from ai.models import AICall, Purpose
from chat.models import Conversation
from tests.fakes.ai_server import AiServer
from workspaces.models import Workspace

pytestmark = pytest.mark.django_db
# What a model costs is written down by another thread.
with_model = pytest.mark.django_db(transaction=True)
SORRY = "Sorry! Your parcel 4711 leaves today, see https://acme.example/parcels."


def rewritten(client: Client, conversation: Conversation, text: str, way: str = "shorter") -> Any:
    place = reverse("rewrite-reply", args=["acme", conversation.pk])
    body = json.dumps({"text": text, "way": way})
    return client.post(place, body, content_type="application/json", headers={"Accept": "application/json"})


@with_model
@pytest.mark.parametrize(
    ("way", "task"), [("shorter", "shorter"), ("friendlier", "friendlier"), ("th", "Thai"), ("en", "English")]
)
def test_a_model_puts_it_in_other_words(
    model: AiServer, omar_client: Client, conversation: Conversation, way: str, task: str
) -> None:
    model.answer = lambda asked: ["Sorry! ", "4711 leaves today."]
    reply = rewritten(omar_client, conversation, SORRY, way)
    assert (reply.status_code, reply.json()["text"]) == (200, "Sorry! 4711 leaves today.")
    system, said = (message["content"] for message in model.asked[0].body["messages"])
    assert task in system and SORRY in said and SORRY not in system
    call = AICall.unscoped.get()
    assert (call.purpose, call.conversation_id, call.message_id) == (Purpose.SUGGEST, conversation.pk, None)


@with_model
def test_links_and_numbers_that_nobody_wrote_are_not_shown(
    model: AiServer, omar_client: Client, conversation: Conversation
) -> None:
    model.answer = lambda asked: ["Look here: https://acme.example/parcels."]
    assert rewritten(omar_client, conversation, SORRY).json()["text"]
    for said in ("Look here: https://evil.example/parcels", "Your parcel 4712 leaves today."):
        model.answer = lambda asked, said=said: [said]  # type: ignore[misc]
        assert rewritten(omar_client, conversation, SORRY).json()["text"] == "", said


@with_model
def test_personal_numbers_go_to_no_model_and_come_back(
    model: AiServer, omar_client: Client, conversation: Conversation
) -> None:
    model.answer = lambda asked: ["Refunded to [hidden card number 1]."]
    reply = rewritten(omar_client, conversation, "We have paid it back to 4111 1111 1111 1111.")
    assert reply.json()["text"] == "Refunded to 4111 1111 1111 1111."
    assert "4111" not in str(model.asked[0].body)


@with_model
def test_who_shows_the_rules_is_not_heard(model: AiServer, omar_client: Client, conversation: Conversation) -> None:
    model.answer = lambda asked: [asked.body["messages"][0]["content"]]
    assert rewritten(omar_client, conversation, SORRY).json()["text"] == ""


@with_model
@pytest.mark.parametrize("fault", ["500", "cut", "empty", "length"])
def test_a_model_that_fails_leaves_the_text_alone(
    model: AiServer, omar_client: Client, conversation: Conversation, acme: Workspace, fault: str
) -> None:
    acme.ai_chain.update(model=f"fault-{fault}")
    reply = rewritten(omar_client, conversation, SORRY)
    assert reply.json() == {
        "text": "",
        "detail": "No model answered with a text that says the same. Yours is as it was.",
    }


def test_without_a_model_it_is_neither_offered_nor_done(omar_client: Client, conversation: Conversation) -> None:
    assert b"data-rewrite-open" not in omar_client.get(f"/w/acme/conversations/{conversation.pk}/").content
    assert rewritten(omar_client, conversation, SORRY).json()["text"] == ""


@with_model
def test_with_one_it_is_offered(model: AiServer, omar_client: Client, conversation: Conversation) -> None:
    assert b"data-rewrite-open" in omar_client.get(f"/w/acme/conversations/{conversation.pk}/").content


@pytest.mark.parametrize(
    ("text", "way", "problem"),
    [
        ("  ", "shorter", "This cannot be empty."),
        ("x" * 4_001, "shorter", "The text has 4001 characters; at most 4000 are possible."),
        ("Hello", "louder", "louder is not one of the available choices"),
    ],
)
def test_what_cannot_be_rewritten_is_said(
    omar_client: Client, conversation: Conversation, text: str, way: str, problem: str
) -> None:
    reply = rewritten(omar_client, conversation, text, way)
    assert reply.status_code == 422 and problem in reply.json()["detail"]


def test_only_who_may_answer(
    conversation: Conversation, omar_client: Client, vera_client: Client, gil_client: Client
) -> None:
    assert rewritten(omar_client, conversation, SORRY).status_code == 200
    assert rewritten(vera_client, conversation, SORRY).status_code == 403
    assert rewritten(gil_client, conversation, SORRY).status_code == 404
