"""The list of contacts: found, filtered, turned page by page; and what a contact's page shows and changes."""

from __future__ import annotations

import uuid
from collections.abc import Callable
from datetime import timedelta

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from chat.actions import post_visitor_message
from chat.models import Inbox
from chat.widget.access import new_visitor
from contacts import actions, listing
from contacts.models import Contact
from contacts.models.contact import MOST_ATTRIBUTES
from minichat.lib.errors import Conflict
from workspaces.models import AuditEntry, Membership, Workspace

pytestmark = pytest.mark.django_db
PAGE = "/w/acme/contacts/"
People = Callable[..., Contact]


def names(client: Client, **query: str) -> list[str]:
    return [line.contact.display_name for line in client.get(PAGE, query).context["lines"]]


def test_whoever_wrote_is_listed_the_last_seen_first(somebody: People, vera_client: Client, inbox: Inbox) -> None:
    now = timezone.now()
    somebody(name="Early", last_seen_at=now - timedelta(days=2))
    somebody(name="Late", last_seen_at=now)
    new_visitor(inbox, origin="https://shop.acme.test", language="en")  # opened the chat and said nothing
    somebody("", name="Left a name", last_seen_at=now - timedelta(days=1))
    assert names(vera_client) == ["Late", "Left a name", "Early"]


def test_search_and_filters(somebody: People, omar_client: Client) -> None:
    somebody(name="Émile", company="Zola & Fils")
    somebody(name="สมชาย", verified_at=timezone.now(), external_id="c-7")
    somebody()
    assert names(omar_client, q="émile FILS") == ["Émile"]
    assert names(omar_client, q="สมชาย") == ["สมชาย"]
    assert names(omar_client, show="verified") == ["สมชาย"]
    assert names(omar_client, show="named") == ["สมชาย", "Émile"]
    assert len(names(omar_client, show="nonsense")) == 3
    assert "Nobody found" in omar_client.get(PAGE, {"q": "zzz"}).content.decode()


def test_SR10_a_page_of_another_workspace_is_not_there(mali: Contact, gil_client: Client, globex: Workspace) -> None:
    assert names_of(gil_client, "/w/globex/contacts/") == []
    for tail in ("", "edit/", "merge/", "notes/"):
        assert gil_client.get(f"/w/globex/contacts/{mali.pk}/{tail}").status_code == 404
    for tail in ("attributes/", "attributes/delete/", "notes/new/"):
        response = gil_client.post(f"/w/globex/contacts/{mali.pk}/{tail}", {"key": "a", "value": "b", "body": "c"})
        assert response.status_code == 404


def names_of(client: Client, place: str) -> list[str]:
    return [line.contact.display_name for line in client.get(place).context["lines"]]


def test_pages_follow_each_other(somebody: People, omar_client: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(listing, "PAGE", 2)
    moment = timezone.now()
    for number in range(5):
        somebody(name=f"N{number}", last_seen_at=moment)
    seen, place = [], PAGE
    while place:
        response = omar_client.get(place)
        seen += [line.contact.name for line in response.context["lines"]]
        place = response.context["next"] and f"{PAGE}?{response.context['next']}"
    assert sorted(seen) == ["N0", "N1", "N2", "N3", "N4"]
    assert omar_client.get(PAGE, {"after": "mended-by-hand"}).status_code == 422


def test_the_list_asks_as_often_for_many(somebody: People, omar_client: Client) -> None:
    def asked() -> int:
        with CaptureQueriesContext(connection) as queries:
            omar_client.get(PAGE)
        return len(queries)

    somebody(name="One")
    few = asked()
    for number in range(10):
        somebody(name=f"More {number}")
    assert asked() == few <= 10


def test_a_contacts_page_shows_what_was_said(mali: Contact, vera_client: Client) -> None:
    page = vera_client.get(f"{PAGE}{mali.pk}/").content.decode()
    assert "Do you roast on Mondays?" in page and "mali@example.com" in page
    assert "Nobody has proven it" in page
    assert "Edit" not in page and "Save attribute" not in page


def test_somebody_who_said_nothing_is_nobody(inbox: Inbox, omar_client: Client) -> None:
    visitor, _ = new_visitor(inbox, origin="https://shop.acme.test", language="en")
    assert omar_client.get(f"{PAGE}{visitor.contact_id}/").status_code == 404


# --- Changes ----------------------------------------------------------------------------------------------------------


def test_a_colleague_knows_better(mali: Contact, omar_client: Client) -> None:
    sent = {"name": " Mali\u202e K. ", "email": "mali@k.example", "phone": "+66 81-234 5678", "company": "K. Coffee"}
    assert omar_client.post(f"{PAGE}{mali.pk}/edit/", sent).status_code == 302
    mali.refresh_from_db()
    assert (mali.name, mali.email, mali.company) == ("Mali K.", "mali@k.example", "K. Coffee")
    assert names(omar_client, q="k.example coffee") == ["Mali K."]
    line = AuditEntry.unscoped.get(action="contact.changed")
    assert line.data == {"fields": ["name", "email", "phone", "company"]}
    assert "81" not in str(line.data)


@pytest.mark.parametrize(
    ("field", "value", "words"),
    [("email", "mali@", "valid email"), ("phone", "call me", "phone number"), ("name", "x" * 81, "at most 80")],
)
def test_what_cannot_be_kept_is_said_beside_it(
    mali: Contact, omar_client: Client, field: str, value: str, words: str
) -> None:
    response = omar_client.post(f"{PAGE}{mali.pk}/edit/", {"company": "kept company", field: value})
    page = response.content.decode()
    assert response.status_code == 422 and words in page and "kept company" in page


def test_a_visitors_next_message_bears_the_new_name(inbox: Inbox, omar_member: Membership) -> None:
    """The socket of a visitor knows its row for hours."""
    visitor, _ = new_visitor(inbox, origin="https://shop.acme.test", language="en")
    post_visitor_message(visitor, body="Hello", client_id=uuid.uuid4())
    actions.change_contact(Contact.unscoped.get(pk=visitor.contact_id), by=omar_member, name="Mali")
    assert visitor.contact.name == ""
    posted = post_visitor_message(visitor, body="Again", client_id=uuid.uuid4())
    assert posted.message.conversation.contact.name == "Mali"


def test_attributes(mali: Contact, omar_client: Client, vera_client: Client) -> None:
    place = f"{PAGE}{mali.pk}/attributes/"
    omar_client.post(place, {"key": "วันเกิด", "value": "14 พฤษภาคม"})
    omar_client.post(place, {"key": "Size", "value": "M"})
    omar_client.post(place, {"key": "Size", "value": "L"})
    mali.refresh_from_db()
    assert mali.attributes == {"วันเกิด": "14 พฤษภาคม", "Size": "L"}
    page = omar_client.get(f"{PAGE}{mali.pk}/", {"attribute": "Size"}).content.decode()
    assert 'value="Size"' in page and 'value="L"' in page
    assert vera_client.post(place, {"key": "a", "value": "b"}).status_code == 403
    omar_client.post(f"{place}delete/", {"key": "Size"})
    omar_client.post(f"{place}delete/", {"key": "Size"})
    mali.refresh_from_db()
    assert mali.attributes == {"วันเกิด": "14 พฤษภาคม"}


def test_an_attribute_needs_both_and_has_an_end(mali: Contact, omar_client: Client, omar_member: Membership) -> None:
    response = omar_client.post(f"{PAGE}{mali.pk}/attributes/", {"key": "", "value": "kept value"})
    assert response.status_code == 422 and "kept value" in response.content.decode()
    mali.attributes = {f"k{number}": "v" for number in range(MOST_ATTRIBUTES)}
    mali.save()
    with pytest.raises(Conflict):
        actions.set_attribute(mali, by=omar_member, key="one more", value="v")
    response = omar_client.post(f"{PAGE}{mali.pk}/attributes/", {"key": "one more", "value": "kept value"})
    assert response.status_code == 422 and "kept value" in response.content.decode()
    assert actions.set_attribute(mali, by=omar_member, key="k0", value="new").attributes["k0"] == "new"


# --- Notes ------------------------------------------------------------------------------------------------------------


def test_a_note_is_written_on_the_page_and_in_the_inbox(mali: Contact, omar_client: Client, ana_client: Client) -> None:
    name = str(uuid.uuid4())
    place = f"{PAGE}{mali.pk}/notes/new/"
    assert omar_client.post(place, {"body": "<b>ชอบคั่วอ่อน</b>", "client_id": name}).status_code == 302
    again = omar_client.post(place, {"body": "<b>ชอบคั่วอ่อน</b>", "client_id": name}, headers={"HX-Request": "true"})
    assert again.status_code == 200 and again.content.decode().count("&lt;b&gt;ชอบคั่วอ่อน") == 1
    note = mali.notes.get()
    assert "<html" not in again.content.decode()
    page = ana_client.get(f"{PAGE}{mali.pk}/").content.decode()
    assert "Delete note" in page and "Edit note" not in page
    assert ana_client.get(f"{PAGE}{mali.pk}/notes/{note.pk}/edit/").status_code == 403
    assert omar_client.post(f"{PAGE}{mali.pk}/notes/{note.pk}/edit/", {"body": "เปลี่ยนใจ"}).status_code == 302
    assert mali.notes.get().body == "เปลี่ยนใจ"
    assert ana_client.post(f"{PAGE}{mali.pk}/notes/{note.pk}/delete/").status_code == 302
    assert not mali.notes.exists()


@pytest.mark.parametrize("headers", [{}, {"HX-Request": "true"}])
def test_SR64_an_unusable_note_is_given_back(mali: Contact, omar_client: Client, headers: dict[str, str]) -> None:
    for body in ("", " \x00 ", "x" * 5_001):
        response = omar_client.post(f"{PAGE}{mali.pk}/notes/new/", {"body": body}, headers=headers)
        assert response.status_code == 422
        assert body.strip("\x00 ") in response.content.decode()
    assert not mali.notes.exists()


def test_notes_are_read_by_viewers_and_written_by_operators(mali: Contact, vera_client: Client) -> None:
    assert vera_client.get(f"{PAGE}{mali.pk}/notes/").status_code == 200
    assert vera_client.post(f"{PAGE}{mali.pk}/notes/new/", {"body": "x"}).status_code == 403
