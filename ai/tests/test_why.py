"""Why the assistant said what it said, below its answer, for members who see the conversation."""

from __future__ import annotations

import uuid

import pytest
from django.test import Client
from django.urls import reverse

from ai import gate
from ai.actions import add_faq, publish, save_draft
from ai.assistant import Persona
from ai.models import Source
from ai.tests.conftest import reply_to
from chat import actions as chat
from chat.models import Message, Visitor
from tests.fakes.ai_server import AiServer
from workspaces.models import Membership

pytestmark = pytest.mark.django_db
# What a model costs is written down by another thread.
with_model = pytest.mark.django_db(transaction=True)


def place(message: Message) -> str:
    return reverse("why-answer", args=["acme", message.pk])


def seen(client: Client, message: Message) -> str:
    reply = client.get(place(message))
    assert reply.status_code == 200
    return " ".join(reply.content.decode().split())


def test_it_says_how_sure_it_was_and_what_was_found(answered: Message, omar_client: Client, faq: Source) -> None:
    text = seen(omar_client, answered)
    assert "The answer of an FAQ, word for word" in text
    assert "100 % sure" in text and "point" in text
    assert "Words in common:" in text and "arrive" in text
    assert reverse("knowledge-source", args=["acme", faq.pk]) in text
    assert "<html" not in text, "a fragment"


def test_whoever_may_change_the_faq_is_led_to_it(
    answered: Message, faq: Source, request: pytest.FixtureRequest
) -> None:
    edit = reverse("edit-source", args=["acme", faq.pk])
    assert edit in seen(request.getfixturevalue("adam_client"), answered)
    assert edit not in seen(request.getfixturevalue("omar_client"), answered)


def test_a_source_that_is_gone_leads_nowhere(answered: Message, omar_client: Client, faq: Source) -> None:
    pk = faq.pk
    faq.delete()
    text = seen(omar_client, answered)
    assert "How long does delivery take?" in text and "deleted since" in text
    assert str(pk) not in text


@with_model
def test_the_model_and_its_cost(model: AiServer, vic: Visitor, faq: Source, omar_client: Client) -> None:
    text = seen(omar_client, reply_to(vic, "When will it arrive?"))
    assert "Written by Groq (llama-3.1-8b-instant) from what was found, for " in text and "$" in text


def test_small_talk_was_not_looked_up(vic: Visitor, faq: Source, omar_client: Client) -> None:
    text = seen(omar_client, reply_to(vic, "Thank you"))
    assert "nothing was looked up" in text and "% sure" not in text


def test_of_a_message_without_a_thought_nothing_is_kept(
    answered: Message, omar_client: Client, omar_member: Membership
) -> None:
    said = chat.post_operator_message(answered.conversation, by=omar_member, body="Hi", client_id=uuid.uuid4()).message
    assert "Nothing was kept" in seen(omar_client, said)


def test_only_members_who_see_the_conversation(
    answered: Message, vera_client: Client, gil_client: Client, anonymous_client: Client
) -> None:
    assert vera_client.get(place(answered)).status_code == 200
    assert gil_client.get(place(answered)).status_code == 404
    assert anonymous_client.get(place(answered)).status_code == 302
    answered.conversation.inbox.workspace.inboxes.update(is_private=True)
    assert vera_client.get(place(answered)).status_code == 404


def test_what_a_question_brought_along_is_escaped(vic: Visitor, ana_member: Membership, omar_client: Client) -> None:
    add_faq(
        ana_member,
        question="<b>Where</b> is my parcel?",
        answer="On its way.",
        other_ways=[],
        category="",
        is_active=True,
    )
    text = seen(omar_client, reply_to(vic, "Where is my parcel?"))
    assert "&lt;b&gt;Where" in text and "<b>Where" not in text


def test_it_says_which_version_spoke(ana_member: Membership, vic: Visitor, faq: Source, omar_client: Client) -> None:
    assert "Version" not in seen(omar_client, reply_to(vic, "When will it arrive?")), "the standard settings have none"
    row = save_draft(ana_member, Persona(name="Mali"))
    publish(ana_member, agreed=gate.against(row, []), unchecked=True)
    assert "Version 1" in seen(omar_client, reply_to(vic, "When will it arrive?"))
