"""Two rows are one person: what moves, what stays, and who never learns more by it."""

from __future__ import annotations

import uuid
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone

from chat.actions import post_visitor_message
from chat.models import Conversation, Inbox, Visitor
from chat.widget.access import new_visitor, visitor_by_token
from conftest import SHOP
from contacts import actions
from contacts.actions import TwoIdentities
from contacts.models import Contact, Lead
from minichat.lib.errors import Conflict, NotFound
from workspaces.models import AuditEntry, Membership, Workspace

pytestmark = pytest.mark.django_db
PAGE = "/w/acme/contacts/"


@pytest.fixture
def twice(inbox: Inbox) -> tuple[Visitor, Visitor, str]:
    """One person on two devices: the phone's row goes, the laptop's stays."""
    phone, _ = new_visitor(inbox, origin=SHOP, language="th")
    laptop, token = new_visitor(inbox, origin=SHOP, language="en")
    for visitor, text in ((phone, "From my phone"), (laptop, "From my laptop")):
        post_visitor_message(visitor, body=text, client_id=uuid.uuid4())
    phone.contact.name, phone.contact.email = "Mali", "mali@example.com"
    phone.contact.attributes = {"Size": "S", "Grind": "fine"}
    laptop.contact.name, laptop.contact.attributes = "Mali K.", {"Size": "M"}
    phone.contact.save()
    laptop.contact.save()
    return phone, laptop, token


def test_everything_moves(twice: Any, lead: Lead, omar_member: Membership) -> None:
    phone, laptop, _ = twice
    actions.add_note(phone.contact, by=omar_member, body="a note")
    Lead.unscoped.update(contact=phone.contact)
    gone = phone.contact_id
    kept = actions.merge(laptop.contact, phone.contact, by=omar_member)
    assert not Contact.unscoped.filter(pk=gone).exists()
    assert {row.last_message_preview for row in kept.conversations.all()} == {"From my phone", "From my laptop"}
    assert set(kept.visitors.all()) == {phone, laptop}
    assert (kept.notes.count(), kept.leads.count()) == (1, 1)
    assert (kept.name, kept.email) == ("Mali K.", "mali@example.com")
    assert kept.attributes == {"Size": "M", "Grind": "fine"}
    assert kept in kept.workspace.contacts.matching("mali@example k.")
    line = AuditEntry.unscoped.get(action="contact.merged")
    assert (line.target_label, line.data["duplicate_label"]) == ("Mali K.", "Mali")


def test_SR33_a_visitor_reads_no_more_than_before(twice: Any, omar_member: Membership, inbox: Inbox) -> None:
    phone, laptop, token = twice
    theirs = phone.conversations.get().pk
    actions.merge(laptop.contact, phone.contact, by=omar_member)
    visitor = visitor_by_token(inbox.widget_key, token)
    assert not visitor.conversations.filter(pk=theirs).exists()
    with pytest.raises(NotFound):
        post_visitor_message(visitor, body="mine?", client_id=uuid.uuid4(), conversation_id=theirs)


def test_who_is_connected_writes_on(twice: Any, omar_member: Membership, inbox: Inbox) -> None:
    """A socket holds the visitor's row from before, with a contact that is no more."""
    phone, laptop, _ = twice
    third, _ = new_visitor(inbox, origin=SHOP, language="en")
    for gone in (phone.contact, third.contact):
        actions.merge(laptop.contact, Contact.unscoped.get(pk=gone.pk), by=omar_member)
    for visitor in (phone, third):
        posted = post_visitor_message(visitor, body="Still here", client_id=uuid.uuid4())
        assert Conversation.unscoped.get(pk=posted.message.conversation_id).contact == laptop.contact


def test_a_verified_identity_is_never_two(twice: Any, omar_member: Membership) -> None:
    phone, laptop, _ = twice
    phone.contact.external_id, phone.contact.verified_at = "c-1", timezone.now()
    phone.contact.save()
    laptop.contact.external_id, laptop.contact.verified_at = "c-2", timezone.now()
    laptop.contact.save()
    with pytest.raises(TwoIdentities):
        actions.merge(laptop.contact, phone.contact, by=omar_member)
    assert Contact.unscoped.filter(pk=phone.contact_id).exists()


def test_an_identity_moves_to_somebody_without_one(twice: Any, omar_member: Membership) -> None:
    phone, laptop, _ = twice
    phone.contact.external_id, phone.contact.verified_at = "c-1", timezone.now()
    phone.contact.save()
    kept = actions.merge(laptop.contact, phone.contact, by=omar_member)
    assert kept.external_id == "c-1" and kept.is_verified


@pytest.mark.parametrize(
    ("laptop_has", "phone_has", "vouched", "kept"),
    [
        ("a@own.example", "", "", ""),
        ("", "a@own.example", "", ""),
        ("a@own.example", "b@own.example", "", ""),
        ("a@own.example", "a@own.example", "", "a@own.example"),
        ("a@own.example", "b@own.example", "phone", "b@own.example"),
        ("a@own.example", "b@own.example", "laptop", "a@own.example"),
        ("a@own.example", "", "phone", ""),
    ],
)
def test_SR33_a_mailbox_that_one_has_proven_is_not_the_others(
    laptop_has: str, phone_has: str, vouched: str, kept: str, twice: Any, omar_member: Membership
) -> None:
    """Otherwise whoever types a customer's name is sent the customer's mails, once the two are merged."""
    phone, laptop, _ = twice
    for name, visitor, address in (("laptop", laptop, laptop_has), ("phone", phone, phone_has)):
        visitor.contact.proven_email = address
        visitor.contact.external_id = "c-1" if name == vouched else None
        visitor.contact.save()
    assert actions.merge(laptop.contact, phone.contact, by=omar_member).proven_email == kept


def test_nobody_becomes_themselves_or_somebody_elsewhere(
    mali: Contact, omar_member: Membership, globex: Workspace, gil_member: Membership
) -> None:
    other = actions.new_contact(globex, name="Elsewhere")
    with pytest.raises(Conflict):
        actions.merge(mali, mali, by=omar_member)
    for primary, duplicate, by in ((mali, other, omar_member), (other, mali, gil_member)):
        with pytest.raises(NotFound):
            actions.merge(primary, duplicate, by=by)


def test_the_way_through_the_pages(twice: Any, omar_client: Client, vera_client: Client) -> None:
    phone, laptop, _ = twice
    place = f"{PAGE}{phone.contact_id}/merge/"
    assert vera_client.get(place).status_code == 403
    found = omar_client.get(place, {"q": "mali k"})
    assert [line.contact for line in found.context["lines"]] == [laptop.contact]
    preview = omar_client.get(place, {"into": str(laptop.contact_id)}).content.decode()
    assert "Mali becomes Mali K." in preview and "mali@example.com" in preview
    done = omar_client.post(place, {"into": str(laptop.contact_id)})
    assert done.url == f"{PAGE}{laptop.contact_id}/"
    assert omar_client.get(place).status_code == 404


def test_the_likely_ones_are_offered_first(twice: Any, somebody: Any, omar_client: Client) -> None:
    phone, _, _ = twice
    other = somebody(name="M.", email="MALI@example.com")
    somebody(name="No address")
    found = omar_client.get(f"{PAGE}{phone.contact_id}/merge/")
    assert [line.contact for line in found.context["lines"]] == [other]


def test_a_refusal_is_a_sentence_on_the_page(twice: Any, omar_client: Client) -> None:
    phone, laptop, _ = twice
    for contact, name in ((phone.contact, "c-1"), (laptop.contact, "c-2")):
        contact.external_id = name
        contact.save()
    for ask in (omar_client.get, omar_client.post):
        response = ask(f"{PAGE}{phone.contact_id}/merge/", {"into": str(laptop.contact_id)})
        assert "two verified people" in response.content.decode()
    assert response.status_code == 409


def test_made_up_ids_are_nobody(mali: Contact, omar_client: Client) -> None:
    for into in (str(uuid.uuid4()), "nobody"):
        assert omar_client.get(f"{PAGE}{mali.pk}/merge/", {"into": into}).status_code == 404
        assert omar_client.post(f"{PAGE}{mali.pk}/merge/", {"into": into}).status_code == 404
