"""What the team sees of the visitor beside a conversation."""

from __future__ import annotations

import uuid
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from chat import sessions
from chat.models import Conversation, Visitor
from chat.models.page_view import MOST_PAGES
from contacts.actions import add_note
from workspaces.models import Membership

pytestmark = pytest.mark.django_db


@pytest.fixture
def address(conversation: Conversation) -> str:
    return f"/w/acme/conversations/{conversation.pk}/"


def details(client: Client, address: str) -> dict[str, Any]:
    return client.get(address).context["details"]


def test_pages_seen_newest_first_and_no_more_than_fifty(
    vic: Visitor, conversation: Conversation, omar_client: Client, address: str
) -> None:
    for number in range(MOST_PAGES + 5):
        sessions.page_moved(vic, f"https://shop.acme.test/{number}", f"Page {number}")
    sessions.page_moved(vic, f"https://shop.acme.test/{MOST_PAGES + 4}", "the same page again")
    assert vic.page_views.count() == MOST_PAGES
    shown = [page["title"] for page in details(omar_client, address)["pages"]]
    assert shown[0] == f"Page {MOST_PAGES + 4}" and len(shown) == 10
    assert "Page 3" not in [row.title for row in vic.page_views.all()]


def test_the_name_leads_to_all_that_is_known(conversation: Conversation, omar_client: Client, address: str) -> None:
    place = f"/w/acme/contacts/{conversation.contact_id}/"
    assert f'href="{place}"' in omar_client.get(address).content.decode()
    assert omar_client.get(place).status_code == 200


def test_their_time_of_day(vic: Visitor, conversation: Conversation, omar_client: Client, address: str) -> None:
    assert details(omar_client, address)["visitor"]["local_time"] is None
    vic.timezone = "Asia/Tokyo"
    vic.save()
    page = omar_client.get(address).content.decode()
    assert 'data-zone="Asia/Tokyo"' in page


def test_verified_or_not(conversation: Conversation, omar_client: Client, address: str) -> None:
    contact = conversation.contact
    contact.email, contact.attributes = "vic@example.org", {"plan": "<b>gold</b>"}
    contact.save()
    page = omar_client.get(address).content.decode()
    assert "Not verified" in page and "&lt;b&gt;gold" in page
    contact.verified_at, contact.external_id = timezone.now(), "C-17"
    contact.proven = ["attributes.plan", "email", "name"]
    contact.save()
    page = omar_client.get(address).content.decode()
    assert "Not verified" not in page and "Verified" in page and "C-17" in page


def test_notes_are_added_and_taken_away_here(
    conversation: Conversation, omar_client: Client, ana_client: Client, address: str
) -> None:
    name = str(uuid.uuid4())
    for _ in range(2):
        answer = omar_client.post(
            f"{address}contact-notes/", {"body": "Buys <i>beans</i>", "client_id": name}, headers={"HX-Request": "true"}
        )
        assert answer.status_code == 200 and "Buys &lt;i&gt;beans" in answer.content.decode()
    note = conversation.contact.notes.get()
    assert "Buys &lt;i&gt;beans" in ana_client.get(address).content.decode()
    omar_client.post(f"{address}contact-notes/{note.pk}/delete/", headers={"HX-Request": "true"})
    assert not conversation.contact.notes.exists()


def test_an_empty_note_is_refused(conversation: Conversation, omar_client: Client, address: str) -> None:
    answer = omar_client.post(f"{address}contact-notes/", {"body": " "}, headers={"HX-Request": "true"})
    assert answer.status_code == 422 and not conversation.contact.notes.exists()


def test_SR02_SR03_whose_note_it_is(
    conversation: Conversation,
    ana_member: Membership,
    omar_client: Client,
    vera_client: Client,
    gil_client: Client,
    address: str,
) -> None:
    note = add_note(conversation.contact, by=ana_member, body="hers")
    assert omar_client.post(f"{address}contact-notes/{note.pk}/delete/").status_code == 403
    assert vera_client.post(f"{address}contact-notes/", {"body": "x"}).status_code == 403
    foreign = f"/w/globex/conversations/{conversation.pk}/contact-notes/"
    assert gil_client.post(foreign, {"body": "x"}).status_code == 404
    assert gil_client.post(f"{foreign}{note.pk}/delete/").status_code == 404
    assert conversation.contact.notes.count() == 1


def test_one_cost_however_much_is_known(
    vic: Visitor, conversation: Conversation, omar_client: Client, ana_member: Membership, address: str
) -> None:
    def queries() -> int:
        with CaptureQueriesContext(connection) as found:
            omar_client.get(address, headers={"HX-Request": "true"})
        return len(found)

    sessions.page_moved(vic, "https://shop.acme.test/0", "")
    add_note(conversation.contact, by=ana_member, body="one")
    queries()  # what is looked up once in a while
    few = queries()
    for number in range(1, 6):
        sessions.page_moved(vic, f"https://shop.acme.test/{number}", "")
        add_note(conversation.contact, by=ana_member, body=f"{number}")
    assert queries() == few
