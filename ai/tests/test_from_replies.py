"""An FAQ begins with a colleague's reply and what the visitor had asked."""

from __future__ import annotations

import uuid
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from chat import actions as chat
from chat.models import Conversation, Message, Visitor
from workspaces.models import Membership

pytestmark = pytest.mark.django_db


def replied(conversation: Conversation, by: Membership, body: str, *, note: bool = False) -> Message:
    return chat.post_operator_message(conversation, by=by, body=body, client_id=uuid.uuid4(), note=note).message


def form(client: Client, message: Message) -> Any:
    return client.get(reverse("new-faq", args=["acme"]), {"reply": str(message.pk)})


def test_the_question_before_it_and_the_reply(
    conversation: Conversation, vic: Visitor, adam_client: Client, omar_member: Membership
) -> None:
    chat.post_visitor_message(vic, body="Do you ship\nto Phuket?", client_id=uuid.uuid4())
    reply = replied(conversation, omar_member, "Yes, in **three** days.\n- by truck")
    chat.post_visitor_message(vic, body="Great, thanks", client_id=uuid.uuid4())
    begun = form(adam_client, reply).context["form"]
    assert begun["question"].value() == "Do you ship to Phuket?"
    assert begun["answer"].value() == "Yes, in **three** days.\n- by truck"
    assert not begun.is_bound and begun["is_active"].value() is True


def test_nothing_is_saved_before_somebody_says_so(
    conversation: Conversation, adam_client: Client, omar_member: Membership
) -> None:
    form(adam_client, replied(conversation, omar_member, "Yes."))
    assert not conversation.workspace.knowledge_sources.exists()


def test_notes_and_visitors_words_are_no_replies(
    conversation: Conversation, adam_client: Client, omar_member: Membership
) -> None:
    assert form(adam_client, replied(conversation, omar_member, "Yes.")).status_code == 200
    assert form(adam_client, replied(conversation, omar_member, "A nuisance.", note=True)).status_code == 404
    assert form(adam_client, conversation.messages.first()).status_code == 404


def test_nobody_begins_with_what_they_may_not_see(
    conversation: Conversation, omar_member: Membership, omar_client: Client, gil_client: Client
) -> None:
    reply = replied(conversation, omar_member, "Yes.")
    assert form(omar_client, reply).status_code == 403
    own = gil_client.get(reverse("new-faq", args=["globex"]), {"reply": str(reply.pk)})
    assert own.status_code == 404


def test_only_administrators_are_offered_it(
    conversation: Conversation, adam_client: Client, omar_client: Client
) -> None:
    page = f"/w/acme/conversations/{conversation.pk}/"
    assert b"data-save-faq" in adam_client.get(page).content
    assert b"data-save-faq" not in omar_client.get(page).content
