"""What has gone quiet after an answer ends by itself, and opens again when somebody writes."""

from __future__ import annotations

import uuid
from datetime import timedelta

import pytest
from django.utils import timezone

from chat import actions, tasks
from chat.models import Conversation, Inbox, Status, Visitor
from workspaces.models import AuditEntry, Membership

pytestmark = pytest.mark.django_db


@pytest.fixture
def inbox(inbox: Inbox) -> Inbox:
    inbox.idle_minutes = 5
    inbox.save()
    return inbox


@pytest.fixture
def answered(vic: Visitor, omar_member: Membership) -> Conversation:
    conversation = actions.post_visitor_message(vic, body="hello?", client_id=uuid.uuid4()).message.conversation
    actions.post_operator_message(conversation, by=omar_member, body="Hello!", client_id=uuid.uuid4())
    conversation.refresh_from_db()
    return conversation


def minutes_pass(conversation: Conversation, minutes: int) -> Conversation:
    """Everything about this conversation happened so much earlier, and the sweep comes."""
    earlier = timedelta(minutes=minutes)
    row = Conversation.unscoped.get(pk=conversation.pk)
    Conversation.unscoped.filter(pk=row.pk).update(
        end_at=row.end_at and row.end_at - earlier, last_message_at=row.last_message_at - earlier
    )
    tasks.end_idle()
    conversation.refresh_from_db()
    return conversation


def test_it_ends_after_the_minutes_of_its_inbox(answered: Conversation) -> None:
    assert minutes_pass(answered, 4).status == Status.OPEN
    assert minutes_pass(answered, 2).status == Status.RESOLVED
    last = answered.messages.order_by("-position").first()
    assert last.event == {"name": "ended", "by": None} and last.public_seq == answered.public_seq
    entry = AuditEntry.unscoped.filter(action="conversation.resolved").get()
    assert entry.actor_id is None


def test_it_ends_once(answered: Conversation) -> None:
    minutes_pass(answered, 6)
    number = answered.last_seq
    minutes_pass(answered, 6)
    assert answered.last_seq == number


def test_who_waits_is_never_ended(vic: Visitor, answered: Conversation) -> None:
    actions.post_visitor_message(vic, body="one more", client_id=uuid.uuid4())
    answered.refresh_from_db()
    assert answered.end_at is None
    Conversation.unscoped.filter(pk=answered.pk).update(end_at=timezone.now() - timedelta(days=1))
    assert minutes_pass(answered, 60).status == Status.OPEN


def test_a_new_word_opens_it_again(vic: Visitor, answered: Conversation) -> None:
    minutes_pass(answered, 6)
    actions.post_visitor_message(vic, body="thanks, and?", client_id=uuid.uuid4())
    answered.refresh_from_db()
    assert answered.status == Status.OPEN and answered.is_waiting


def test_more_minutes_hold_for_what_is_running(answered: Conversation, inbox: Inbox) -> None:
    Inbox.unscoped.filter(pk=inbox.pk).update(idle_minutes=30)
    assert minutes_pass(answered, 6).status == Status.OPEN
    assert minutes_pass(answered, 25).status == Status.RESOLVED


def test_without_minutes_it_stays(answered: Conversation, inbox: Inbox) -> None:
    Inbox.unscoped.filter(pk=inbox.pk).update(idle_minutes=None)
    assert minutes_pass(answered, 60 * 24).status == Status.OPEN
    assert answered.end_at is None


def test_a_note_keeps_nobody_waiting(answered: Conversation, omar_member: Membership) -> None:
    actions.post_operator_message(answered, by=omar_member, body="VIP", client_id=uuid.uuid4(), note=True)
    assert minutes_pass(answered, 6).status == Status.RESOLVED
