"""Edits and deletions of the team's own words."""

from __future__ import annotations

import json
import uuid
from datetime import timedelta
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from chat import actions
from chat.hub import Push, hub
from chat.models import Conversation, Message
from minichat.lib.errors import Conflict, Forbidden, NotFound
from workspaces.models import AuditEntry, Membership

pytestmark = pytest.mark.django_db


def said(conversation: Conversation, by: Membership, body: str = "Yes, two days.", note: bool = False) -> Message:
    return actions.post_operator_message(conversation, by=by, body=body, client_id=uuid.uuid4(), note=note).message


def age(message: Message, by: timedelta) -> None:
    Message.unscoped.filter(pk=message.pk).update(created_at=message.created_at - by)


@pytest.fixture
def pushed(monkeypatch: pytest.MonkeyPatch) -> list[Push]:
    told: list[Push] = []
    monkeypatch.setattr(hub, "push", lambda *pushes: told.extend(pushes))
    return told


def test_an_edit_takes_the_next_numbers_and_keeps_its_place(
    conversation: Conversation, omar_member: Membership
) -> None:
    reply = said(conversation, omar_member)
    conversation.refresh_from_db()
    actions.edit_message(reply, by=omar_member, body="Yes, three days.")
    row, after = Message.unscoped.get(pk=reply.pk), Conversation.unscoped.get(pk=conversation.pk)
    assert (row.body, row.position) == ("Yes, three days.", reply.position) and row.edited_at
    assert row.seq == after.last_seq == conversation.last_seq + 1
    assert row.public_seq == after.public_seq == conversation.public_seq + 1
    assert after.last_position == conversation.last_position
    assert after.last_message_preview == "Yes, three days."


def test_both_sides_are_told_with_the_numbers_that_join_on(
    conversation: Conversation, omar_member: Membership, pushed: list[Push], django_capture_on_commit_callbacks: Any
) -> None:
    reply = said(conversation, omar_member)
    with django_capture_on_commit_callbacks(execute=True):
        changed = actions.edit_message(reply, by=omar_member, body="Yes, three days.")
    to_visitor = next(push.data for push in pushed if push.group.startswith("visitor."))
    assert to_visitor["message"]["body"] == "Yes, three days." and to_visitor["message"]["edited_at"]
    assert (to_visitor["prev"], to_visitor["seq"]) == (changed.public_seq - 1, changed.public_seq)
    to_team = next(push.data for push in pushed if push.frame == "message")
    assert to_team["message"]["seq"] == changed.seq


def test_SR10_a_notes_edit_leaves_no_trace_for_the_visitor(
    conversation: Conversation, omar_member: Membership, pushed: list[Push], django_capture_on_commit_callbacks: Any
) -> None:
    note = said(conversation, omar_member, "regular", note=True)
    conversation.refresh_from_db()
    with django_capture_on_commit_callbacks(execute=True):
        actions.edit_message(note, by=omar_member, body="regular customer")
        actions.delete_message(note, by=omar_member)
    after = Conversation.unscoped.get(pk=conversation.pk)
    assert after.public_seq == conversation.public_seq and after.last_seq == conversation.last_seq + 2
    assert after.last_message_preview == "Do you ship to Chiang Mai?"
    assert not [push for push in pushed if push.group.startswith("visitor.")]


def test_a_deleted_text_is_nowhere(conversation: Conversation, omar_member: Membership) -> None:
    reply = said(conversation, omar_member, "my card is 4111")
    actions.delete_message(reply, by=omar_member)
    row = Message.unscoped.get(pk=reply.pk)
    conversation.refresh_from_db()
    assert row.body == "" and row.deleted_at and conversation.last_message_preview == ""
    lines = AuditEntry.unscoped.filter(action="message.deleted")
    assert lines.count() == 1 and "4111" not in json.dumps(list(lines.values("data", "target_label")))


def test_an_older_words_change_leaves_the_list_alone(conversation: Conversation, omar_member: Membership) -> None:
    first = said(conversation, omar_member, "first")
    said(conversation, omar_member, "second")
    actions.edit_message(first, by=omar_member, body="the first")
    conversation.refresh_from_db()
    assert conversation.last_message_preview == "second"


def test_five_minutes(conversation: Conversation, omar_member: Membership) -> None:
    reply = said(conversation, omar_member)
    age(reply, timedelta(minutes=5, seconds=1))
    with pytest.raises(Conflict):
        actions.edit_message(reply, by=omar_member, body="other")
    # A browser that sends its edit once more is not told that it came too late.
    assert not actions.edit_message(reply, by=omar_member, body=reply.body).edited_at
    actions.delete_message(reply, by=omar_member)


def test_whose_words(
    conversation: Conversation, omar_member: Membership, adam_member: Membership, ana_member: Membership
) -> None:
    reply, other = said(conversation, omar_member), said(conversation, ana_member)
    with pytest.raises(Forbidden):
        actions.edit_message(reply, by=adam_member, body="other")
    with pytest.raises(Forbidden):
        actions.delete_message(other, by=omar_member)
    assert actions.delete_message(reply, by=adam_member).deleted_at


def test_a_visitors_words_and_events_are_not_ours(conversation: Conversation, omar_member: Membership) -> None:
    said(conversation, omar_member)
    for row in conversation.messages.exclude(author=omar_member, kind="operator"):
        with pytest.raises(NotFound):
            actions.delete_message(row, by=omar_member)


def test_what_is_deleted_stays_so(conversation: Conversation, omar_member: Membership) -> None:
    reply = said(conversation, omar_member)
    once = actions.delete_message(reply, by=omar_member)
    assert actions.delete_message(reply, by=omar_member).seq == once.seq
    with pytest.raises(Conflict):
        actions.edit_message(reply, by=omar_member, body="back")


def test_the_pages_of_it(conversation: Conversation, omar_member: Membership, omar_client: Client) -> None:
    reply = said(conversation, omar_member)
    edit = reverse("edit-message", args=["acme", conversation.pk, reply.pk])
    for body, status in (("", 422), (" \n", 422), ("x" * 10_001, 422), ("Three.", 200)):
        response = omar_client.post(edit, json.dumps({"body": body}), content_type="application/json")
        assert response.status_code == status, body[:9]
    assert "Three." in response.json()["html"] and "edited" in response.json()["html"]
    response = omar_client.post(reverse("delete-message", args=["acme", conversation.pk, reply.pk]))
    assert "This message was deleted" in response.json()["html"]
    assert "This message was deleted" in omar_client.get("/w/acme/conversations/").content.decode()


def test_a_message_of_another_conversation_is_not_found(
    conversation: Conversation, omar_member: Membership, omar_client: Client
) -> None:
    reply = said(conversation, omar_member)
    other = reverse("edit-message", args=["acme", uuid.uuid4(), reply.pk])
    assert omar_client.post(other, '{"body": "x"}', content_type="application/json").status_code == 404
