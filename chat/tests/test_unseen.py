"""What was answered and not seen is mailed: to whom, when, what is in it, and how it ends."""

from __future__ import annotations

import re
import uuid
from datetime import timedelta

import pytest
from django.core import mail
from django.test import Client
from django.utils import timezone

from chat import actions, tasks
from chat.models import Conversation, Visitor
from workspaces.models import Membership, Workspace

pytestmark = pytest.mark.django_db
ADDRESS = "somchai@customer.example"


@pytest.fixture
def vic(vic: Visitor) -> Visitor:
    """Somebody whose address the shop has vouched for."""
    vic.contact.proven_email, vic.contact.name, vic.contact.verified_at = ADDRESS, "Somchai", timezone.now()
    vic.contact.save()
    return vic


@pytest.fixture
def conversation(vic: Visitor) -> Conversation:
    return actions.post_visitor_message(vic, body="Do you ship?", client_id=uuid.uuid4()).message.conversation


def answers(conversation: Conversation, by: Membership, body: str, *, note: bool = False) -> None:
    actions.post_operator_message(conversation, by=by, body=body, client_id=uuid.uuid4(), note=note)


def minutes_pass(conversation: Conversation, minutes: int = 4) -> Conversation:
    """The clock is set back, and the sweep comes."""
    row = Conversation.unscoped.get(pk=conversation.pk)
    if row.mail_at:
        Conversation.unscoped.filter(pk=row.pk).update(mail_at=row.mail_at - timedelta(minutes=minutes))
    tasks.mail_unseen()
    row.refresh_from_db()
    return row


def test_an_answer_that_nobody_has_seen_is_mailed(conversation: Conversation, omar_member: Membership) -> None:
    answers(conversation, omar_member, "Yes, to all of Thailand.")
    minutes_pass(conversation, 2)
    assert mail.outbox == [], "three minutes have not passed"
    minutes_pass(conversation, 2)
    [letter] = mail.outbox
    assert letter.to == [ADDRESS] and letter.subject == "Acme answered you"
    assert "Omar Haddad: Yes, to all of Thailand." in letter.body and "Somchai" in letter.body


def test_all_of_it_is_one_mail_and_no_word_goes_twice(conversation: Conversation, omar_member: Membership) -> None:
    answers(conversation, omar_member, "First")
    answers(conversation, omar_member, "Second")
    answers(conversation, omar_member, "For the team alone", note=True)
    minutes_pass(conversation)
    minutes_pass(conversation)
    [letter] = mail.outbox
    assert letter.body.index("First") < letter.body.index("Second")
    assert "For the team alone" not in letter.body
    answers(conversation, omar_member, "Third")
    minutes_pass(conversation)
    assert len(mail.outbox) == 2
    assert "Third" in mail.outbox[1].body and "Second" not in mail.outbox[1].body


def test_reading_it_cancels_the_mail(vic: Visitor, conversation: Conversation, omar_member: Membership) -> None:
    answers(conversation, omar_member, "Yes.")
    conversation.refresh_from_db()
    actions.mark_visitor(vic, conversation, read=conversation.last_position)
    assert minutes_pass(conversation).mail_at is None
    assert mail.outbox == []


def test_only_what_is_unseen_is_in_it(vic: Visitor, conversation: Conversation, omar_member: Membership) -> None:
    answers(conversation, omar_member, "Seen")
    conversation.refresh_from_db()
    read = conversation.last_position
    answers(conversation, omar_member, "Unseen")
    actions.mark_visitor(vic, conversation, read=read)
    minutes_pass(conversation)
    assert "Unseen" in mail.outbox[0].body and "Seen" not in mail.outbox[0].body


def test_whoever_writes_is_there(vic: Visitor, conversation: Conversation, omar_member: Membership) -> None:
    answers(conversation, omar_member, "Yes.")
    actions.post_visitor_message(vic, body="Great", client_id=uuid.uuid4())
    assert minutes_pass(conversation).mail_at is None
    assert mail.outbox == []


def test_SR33_a_typed_address_gets_no_word(conversation: Conversation, omar_member: Membership) -> None:
    contact = conversation.contact
    contact.proven_email, contact.email = "", "ceo@somebody.example"
    contact.save()
    answers(Conversation.unscoped.get(pk=conversation.pk), omar_member, "Yes.")
    assert minutes_pass(conversation).mail_at is None
    assert mail.outbox == []


def test_what_was_deleted_meanwhile_is_not_mailed(conversation: Conversation, omar_member: Membership) -> None:
    answers(conversation, omar_member, "A slip of the tongue")
    row = conversation.messages.get(body="A slip of the tongue")
    actions.delete_message(row, by=omar_member)
    minutes_pass(conversation)
    assert mail.outbox == []


def test_in_the_language_of_the_chat(vic: Visitor, conversation: Conversation, omar_member: Membership) -> None:
    for language, subject in (("th", "Acme ตอบกลับแล้ว"), ("ja", "Acme から返信がありました")):
        Visitor.unscoped.filter(pk=vic.pk).update(language=language)
        answers(Conversation.unscoped.get(pk=conversation.pk), omar_member, "…")
        minutes_pass(conversation)
        assert mail.outbox[-1].subject == subject


def test_the_way_back_leads_to_the_owners_site_alone(
    vic: Visitor, conversation: Conversation, omar_member: Membership
) -> None:
    for url, is_named in (("https://shop.acme.test/cart", True), ("https://evil.example/cart", False)):
        Visitor.unscoped.filter(pk=vic.pk).update(page_url=url)
        answers(Conversation.unscoped.get(pk=conversation.pk), omar_member, "…")
        minutes_pass(conversation)
        assert (url in mail.outbox[-1].body) is is_named


def test_SR16_the_link_in_it_ends_such_mails(conversation: Conversation, omar_member: Membership) -> None:
    answers(conversation, omar_member, "Yes.")
    minutes_pass(conversation)
    [link] = re.findall(r"/unsubscribe/chat/\S+/", mail.outbox[0].body)
    assert mail.outbox[0].extra_headers["List-Unsubscribe"].endswith(f"{link}>")
    browser = Client()
    assert browser.get(link).status_code == 200
    contact = conversation.contact
    contact.refresh_from_db()
    assert contact.mail_off_at is None, "scanners open every link"
    for _time in range(2):
        assert browser.post(link).status_code == 200
    answers(Conversation.unscoped.get(pk=conversation.pk), omar_member, "And by post.")
    minutes_pass(conversation)
    assert len(mail.outbox) == 1


def test_a_suspended_workspace_mails_nobody(
    conversation: Conversation, omar_member: Membership, acme: Workspace
) -> None:
    answers(conversation, omar_member, "Yes.")
    Workspace.objects.filter(pk=acme.pk).update(status=Workspace.Status.SUSPENDED)
    minutes_pass(conversation)
    assert mail.outbox == []
