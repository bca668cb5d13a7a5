"""A conversation by mail: what is in it, where it goes, and how a visitor proves that a mailbox is theirs."""

from __future__ import annotations

import json
import re
import uuid
from datetime import timedelta
from typing import Any

import pytest
from django.core import mail
from django.test import Client
from django.utils import timezone

from chat import actions, pace
from chat.actions import proving
from chat.models import AddressProof, Conversation, Inbox, Kind, Visitor
from chat.models.address_proof import MOST_TRIES
from chat.tests.uploads import sent_file
from chat.widget.access import new_visitor
from chat.widget.views import transcripts as views
from contacts.actions.identity import Identity, recognise
from contacts.models import Contact
from notifications.models import OutgoingEmail
from workspaces.models import AuditEntry, Membership

pytestmark = pytest.mark.django_db
ADDRESS = "somchai@customer.example"


@pytest.fixture(autouse=True)
def fresh_pace() -> None:
    pace.visitors.forget()


@pytest.fixture
def proven(vic: Visitor) -> Contact:
    vic.contact.proven_email, vic.contact.name = ADDRESS, "Somchai"
    vic.contact.save()
    return vic.contact


def send(client: Client, url: str, **body: Any) -> Any:
    return client.post(url, json.dumps(body), content_type="application/json")


def place(inbox: Inbox, conversation: Conversation) -> str:
    return f"/widget/{inbox.widget_key}/conversations/{conversation.pk}/transcript/"


def answer(conversation: Conversation, by: Membership, body: str, *, note: bool = False) -> Any:
    return actions.post_operator_message(conversation, by=by, body=body, client_id=uuid.uuid4(), note=note).message


def ask(client: Client, inbox: Inbox, email: str = ADDRESS) -> int:
    return send(client, f"/widget/{inbox.widget_key}/address/", email=email).status_code


def prove(client: Client, inbox: Inbox, code: str) -> Any:
    return send(client, f"/widget/{inbox.widget_key}/address/proof/", code=code)


def mailed_code() -> str:
    return re.search(r"^\d{6}$", str(mail.outbox[-1].body), re.M)[0]  # type: ignore[index]


# --- The mail ---------------------------------------------------------------------------------------------------------


def test_what_both_said_goes_to_the_proven_address(
    vic_client: Client, inbox: Inbox, conversation: Conversation, proven: Contact, omar_member: Membership
) -> None:
    answer(conversation, omar_member, "Yes.\n\nTo all of Thailand.")
    sent_file(conversation)
    assert send(vic_client, place(inbox, conversation)).status_code == 204
    [letter] = mail.outbox
    said = conversation.messages.filter(kind=Kind.VISITOR).order_by("position").first()
    assert letter.to == [ADDRESS] and letter.subject == "Your conversation with Acme"
    body = str(letter.body)
    assert "Hello Somchai," in body and "Somchai:\n" + said.body in body
    assert "Omar Haddad:\nYes.\nTo all of Thailand." in body, "one message is one paragraph"
    for file in inbox.workspace.attachments.all():
        assert file.name in body
    assert body.index(said.body) < body.index("Omar Haddad")


def test_SR10_notes_events_and_what_was_deleted_are_never_in_it(
    vic_client: Client, inbox: Inbox, conversation: Conversation, proven: Contact, omar_member: Membership
) -> None:
    answer(conversation, omar_member, "For the team alone", note=True)
    slip = answer(conversation, omar_member, "A slip of the tongue")
    answer(conversation, omar_member, "What was meant")
    actions.delete_message(slip, by=omar_member)
    send(vic_client, place(inbox, conversation))
    body = str(mail.outbox[0].body)
    assert "What was meant" in body
    for words in ("For the team alone", "A slip of the tongue", "joined"):
        assert words not in body


@pytest.mark.parametrize("typed", ["", "ceo@somebody.example"])
def test_SR33_a_typed_address_gets_nothing(
    typed: str, vic_client: Client, omar_client: Client, inbox: Inbox, conversation: Conversation
) -> None:
    Contact.unscoped.filter(pk=conversation.contact_id).update(email=typed)
    refused = send(vic_client, place(inbox, conversation))
    assert refused.status_code == 409 and refused.json()["code"] == "no_address"
    assert omar_client.post(f"/w/acme/conversations/{conversation.pk}/transcript/").status_code == 409
    assert mail.outbox == [] and not conversation.messages.filter(event__name="transcript").exists()


def test_SR33_only_ones_own(inbox: Inbox, vic_client: Client, proven: Contact) -> None:
    other, _ = new_visitor(inbox)
    theirs = actions.post_visitor_message(other, body="secret", client_id=uuid.uuid4()).message.conversation
    assert send(vic_client, place(inbox, theirs)).status_code == 404
    assert mail.outbox == []


def test_pressed_twice_is_one_mail_and_one_line(
    vic_client: Client, omar_client: Client, inbox: Inbox, conversation: Conversation, proven: Contact
) -> None:
    for _time in range(2):
        assert send(vic_client, place(inbox, conversation)).status_code == 204
    assert len(mail.outbox) == 1
    row = conversation.messages.get(event__name="transcript")
    assert row.public_seq is None, "the team's alone"
    page = omar_client.get(f"/w/acme/conversations/{conversation.pk}/").content.decode()
    assert "The visitor had this conversation sent to their email address" in page
    conversation.messages.filter(pk=row.pk).update(created_at=timezone.now() - timedelta(minutes=2))
    assert send(vic_client, place(inbox, conversation)).status_code == 204
    assert len(mail.outbox) == 2


def test_the_mail_and_the_line_are_one_transaction(
    conversation: Conversation, proven: Contact, monkeypatch: pytest.MonkeyPatch, settings: Any
) -> None:
    """Whatever ends the process: either both are there, and the outbox sends it, or neither, and it is asked again."""
    settings.EMAIL_BACKEND = "notifications.backends.OutboxBackend"
    monkeypatch.setattr("chat.actions.transcripts.emit", lambda *args, **more: 1 / 0)
    with pytest.raises(ZeroDivisionError):
        actions.mail_transcript(conversation)
    assert not OutgoingEmail.unscoped.exists() and not conversation.messages.filter(event__name="transcript").exists()
    monkeypatch.undo()
    settings.EMAIL_BACKEND = "notifications.backends.OutboxBackend"
    assert actions.mail_transcript(conversation)
    assert OutgoingEmail.unscoped.get().to == [ADDRESS]


def test_an_operator_sends_it(
    omar_client: Client, vera_client: Client, conversation: Conversation, proven: Contact
) -> None:
    address = f"/w/acme/conversations/{conversation.pk}/transcript/"
    assert vera_client.post(address).status_code == 403
    assert omar_client.post(address, headers={"HX-Request": "true"}).status_code == 200
    assert mail.outbox[0].to == [ADDRESS]
    page = omar_client.get(f"/w/acme/conversations/{conversation.pk}/").content.decode()
    assert "<b>Omar Haddad</b> sent this conversation by email" in page and address in page
    assert AuditEntry.unscoped.get(action="conversation.mailed").actor_label.startswith("Omar Haddad")


def test_who_wants_no_mail_asks_for_it_but_is_not_sent_it(
    vic_client: Client, omar_client: Client, inbox: Inbox, conversation: Conversation, proven: Contact
) -> None:
    Contact.unscoped.filter(pk=proven.pk).update(mail_off_at=timezone.now())
    assert omar_client.post(f"/w/acme/conversations/{conversation.pk}/transcript/").status_code == 409
    assert mail.outbox == []
    assert send(vic_client, place(inbox, conversation)).status_code == 204
    assert len(mail.outbox) == 1


def test_in_the_language_and_the_hours_of_the_visitor(
    vic: Visitor, conversation: Conversation, proven: Contact
) -> None:
    Visitor.unscoped.filter(pk=vic.pk).update(timezone="Asia/Tokyo")
    at = timezone.now().replace(year=2026, month=11, day=23, hour=20, minute=5)
    conversation.messages.filter(kind=Kind.VISITOR).update(created_at=at)
    expected = {
        "en": ("Your conversation with Acme", "24 Nov 2026 05:05"),
        "th": ("บทสนทนาของคุณกับ Acme", "24 พ.ย. 2569 05:05"),
        "ja": ("Acme との会話", "05:05"),
    }
    for language, (subject, moment) in expected.items():
        Visitor.unscoped.filter(pk=vic.pk).update(language=language)
        conversation.messages.filter(event__name="transcript").delete()
        actions.mail_transcript(conversation)
        assert mail.outbox[-1].subject == subject and moment in str(mail.outbox[-1].body)


def test_of_a_long_one_the_newest(
    vic: Visitor, conversation: Conversation, proven: Contact, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("chat.actions.transcripts.MOST_MESSAGES", 2)
    for words in ("one", "two", "three"):
        actions.post_visitor_message(vic, body=f"number {words}", client_id=uuid.uuid4())
    actions.mail_transcript(conversation)
    body = str(mail.outbox[0].body)
    assert "number one" not in body and "number two" in body and "number three" in body
    assert "these are the newest messages" in body
    monkeypatch.setattr("chat.actions.transcripts.MOST_CHARACTERS", len("number three"))
    conversation.messages.filter(event__name="transcript").delete()
    actions.mail_transcript(conversation)
    assert "number two" not in str(mail.outbox[1].body) and "number three" in str(mail.outbox[1].body)


def test_SR39_no_message_becomes_a_link(
    vic: Visitor, conversation: Conversation, proven: Contact, settings: Any
) -> None:
    ours = f"{settings.BASE_URL}/w/acme/"
    actions.post_visitor_message(vic, body=f"look\n\n{ours}\n\n<b>there</b>", client_id=uuid.uuid4())
    actions.mail_transcript(conversation)
    html = str(mail.outbox[0].alternatives[0][0])  # type: ignore[attr-defined]
    assert "&lt;b&gt;there&lt;/b&gt;" in html and f'href="{ours}"' not in html


# --- The proof --------------------------------------------------------------------------------------------------------


def test_a_code_proves_the_mailbox(vic: Visitor, vic_client: Client, inbox: Inbox, conversation: Conversation) -> None:
    assert ask(vic_client, inbox, " Somchai@Customer.Example ") == 204
    [letter] = mail.outbox
    assert letter.to == [ADDRESS] and letter.subject == "Your code for the chat with Acme"
    assert prove(vic_client, inbox, f" {mailed_code()[:3]} {mailed_code()[3:]} ").status_code == 204
    vic.contact.refresh_from_db()
    assert vic.contact.proven_email == ADDRESS and not AddressProof.unscoped.exists()
    assert AuditEntry.unscoped.filter(action="contact.address_proven").count() == 1
    assert send(vic_client, place(inbox, conversation)).status_code == 204
    assert mail.outbox[-1].to == [ADDRESS]


def test_the_code_is_kept_as_a_digest_of_its_own(vic_client: Client, inbox: Inbox) -> None:
    ask(vic_client, inbox)
    row = AddressProof.unscoped.get()
    assert len(row.digest) == 64 and mailed_code() not in json.dumps(AddressProof.unscoped.values()[0], default=str)
    first = mailed_code()
    ask(vic_client, inbox)
    assert AddressProof.unscoped.count() == 1
    assert mailed_code() == first or prove(vic_client, inbox, first).status_code == 422, "the newer code counts"


def test_SR18_five_tries(vic: Visitor, vic_client: Client, inbox: Inbox) -> None:
    ask(vic_client, inbox)
    code = mailed_code()
    wrong = f"{(int(code) + 1) % 1_000_000:06}"
    for _time in range(MOST_TRIES):
        refused = prove(vic_client, inbox, wrong)
        assert refused.status_code == 422 and refused.json()["code"] == "wrong_code"
    assert prove(vic_client, inbox, code).status_code == 422, "the right one comes too late"
    vic.contact.refresh_from_db()
    assert vic.contact.proven_email == ""


def test_ten_minutes(vic_client: Client, inbox: Inbox) -> None:
    ask(vic_client, inbox)
    AddressProof.unscoped.update(created_at=timezone.now() - timedelta(minutes=10, seconds=1))
    assert prove(vic_client, inbox, mailed_code()).status_code == 422
    assert proving.forget_old() == 1 and not AddressProof.unscoped.exists()


def test_SR20_nobody_is_told_whether_an_address_is_known(
    vic_client: Client, inbox: Inbox, proven: Contact, omar_member: Membership
) -> None:
    answers = set()
    for email in ("nobody@nowhere.example", ADDRESS, omar_member.user.email):
        response = send(vic_client, f"/widget/{inbox.widget_key}/address/", email=email)
        answers.add((response.status_code, response.content, str(sorted(set(response.headers) - {"X-Request-ID"}))))
    assert len(answers) == 1 and len(mail.outbox) == 3


@pytest.mark.parametrize(
    "typed", ["", "no address", "a@b", "a@b.example, c@d.example", "a@b.example\nBcc: c@d.example", 7]
)
def test_what_is_no_address_is_said(typed: Any, vic_client: Client, inbox: Inbox) -> None:
    response = send(vic_client, f"/widget/{inbox.widget_key}/address/", email=typed)
    assert response.status_code == 422 and "email" in response.json()["errors"]
    assert mail.outbox == []


def test_SR58_a_visitor_is_slowed_down_and_a_mailbox_is_left_in_peace(
    inbox: Inbox, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(views, "CODES_PER_VISITOR", 2)
    monkeypatch.setattr(views, "CODES_PER_ADDRESS", 3)
    statuses = []
    for number in range(3):
        _visitor, token = new_visitor(inbox)
        client = Client(REMOTE_ADDR=f"10.9.{number}.1", headers={"Authorization": f"Bearer {token}"})
        statuses += [ask(client, inbox) for _time in range(3)]
    assert statuses == [204, 204, 429] * 3
    assert len(mail.outbox) == 3, "the mailbox got more than three codes"


@pytest.mark.parametrize("limit", ["CODES_PER_NETWORK", "CODES_PER_WORKSPACE"])
def test_SR58_so_are_networks_and_workspaces(limit: str, inbox: Inbox, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(views, limit, 2)
    statuses = []
    for number in range(3):
        _visitor, token = new_visitor(inbox)
        where = "10.8.1.1" if limit == "CODES_PER_NETWORK" else f"10.8.{number}.1"
        client = Client(REMOTE_ADDR=where, headers={"Authorization": f"Bearer {token}"})
        statuses.append(ask(client, inbox, f"a{number}@customer.example"))
    assert statuses == [204, 204, 429]


@pytest.mark.parametrize("why", ["shared", "vouched"])
def test_SR33_nobody_turns_the_mails_of_others(
    why: str, vic: Visitor, vic_client: Client, inbox: Inbox, proven: Contact
) -> None:
    """A contact that was merged out of two browsers, or vouched for by the website, keeps the address it has."""
    ask(vic_client, inbox, "other@customer.example")
    code = mailed_code()
    if why == "shared":
        second, _ = new_visitor(inbox)
        Visitor.unscoped.filter(pk=second.pk).update(contact=vic.contact)
    else:
        Contact.unscoped.filter(pk=vic.contact_id).update(external_id="customer-7")
    assert prove(vic_client, inbox, code).status_code == 409
    assert ask(vic_client, inbox, "other@customer.example") == 409
    proven.refresh_from_db()
    assert proven.proven_email == ADDRESS


@pytest.mark.parametrize("told", [[], ["email"]])
def test_SR34_who_is_vouched_for_without_an_address_may_prove_one(told: list[str], vic: Visitor) -> None:
    vic.verified_at = timezone.now()
    Contact.unscoped.filter(pk=vic.contact_id).update(external_id="customer-7", proven=told)
    if told:
        with pytest.raises(proving.NotHere):
            actions.ask_proof(vic, email=ADDRESS)
    else:
        actions.ask_proof(vic, email=ADDRESS)
    assert len(mail.outbox) == (0 if told else 1)


def test_SR34_what_was_proven_before_is_not_the_identitys(vic: Visitor, proven: Contact) -> None:
    """On a computer that several people use, the first may have proven a mailbox of their own."""
    contact = recognise(vic.workspace, identity=Identity("customer-8"), known=proven)
    assert contact == proven and contact.proven_email == ""
    told = Identity("customer-8", traits={"email": "told@customer.example"})
    assert recognise(vic.workspace, identity=told).proven_email == "told@customer.example"


def test_SR16_a_code_of_somebody_else(vic_client: Client, vic: Visitor, inbox: Inbox) -> None:
    other, token = new_visitor(inbox)
    theirs = Client(headers={"Authorization": f"Bearer {token}"})
    ask(theirs, inbox)
    code = mailed_code()
    ask(vic_client, inbox, "vic@customer.example")
    assert code == mailed_code() or prove(vic_client, inbox, code).status_code == 422
    vic.contact.refresh_from_db()
    assert vic.contact.proven_email == ""


def test_the_code_is_mailed_in_the_language_of_the_chat(vic: Visitor, vic_client: Client, inbox: Inbox) -> None:
    for language, subject in (("th", "รหัสสำหรับแชตกับ Acme"), ("ja", "Acme とのチャットの確認コード")):
        Visitor.unscoped.filter(pk=vic.pk).update(language=language)
        ask(vic_client, inbox)
        assert mail.outbox[-1].subject == subject
