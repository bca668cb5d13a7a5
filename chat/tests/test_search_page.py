"""The field over the inbox's list: what it finds, where that leads, and what it says when there is nothing."""

from __future__ import annotations

import re
import uuid
from collections.abc import Callable
from datetime import timedelta
from html import unescape
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone

from chat import actions, search
from chat.models import Conversation, Inbox, Message
from chat.tests.uploads import sent_file, uploaded
from chat.widget.access import new_visitor
from conftest import SHOP
from workspaces.models import Membership

pytestmark = pytest.mark.django_db
URL = "/w/acme/conversations/search/"


@pytest.fixture
def say(inbox: Inbox) -> Callable[..., Message]:
    """A visitor of that name writes this."""

    def write(text: str, **about: str) -> Message:
        visitor, _ = new_visitor(inbox, origin=SHOP, language="en")
        for name, value in about.items():
            setattr(visitor.contact, name, value)
        visitor.contact.save()
        return actions.post_visitor_message(visitor, body=text, client_id=uuid.uuid4()).message

    return write


def fragment(client: Client, status: int = 200, **asked: str) -> str:
    response = client.get(URL, asked, headers={"HX-Request": "true"})
    assert response.status_code == status
    return response.content.decode()


def hits(client: Client, **asked: str) -> list[str]:
    """The lines of the messages that are shown, the words that were searched for between asterisks."""
    found = re.findall(r'class="hit-text"[^>]*>(.*?)</span>\n', fragment(client, **asked), re.S)
    return [unescape(re.sub(r"<[^>]+>", "", re.sub(r"</?mark>", "*", line))) for line in found]


def links(client: Client, **asked: str) -> list[str]:
    return [unescape(link) for link in re.findall(r'class="row[^"]*" href="([^"]+)"', fragment(client, **asked))]


def test_words_are_marked_and_lead_to_their_message(omar_client: Client, say: Any) -> None:
    said = say("เขากำลังกินข้าว")
    assert hits(omar_client, q="กิน") == ["เขากำลัง*กิน*ข้าว"]
    [link] = links(omar_client, q="กิน")
    assert link.endswith(f"&at={said.position}#m-{said.pk}")
    thread = omar_client.get(link.partition("#")[0]).content.decode()
    assert f'data-at="{said.position}"' in thread
    assert unescape(re.search(r'data-hits="([^"]*)"', thread)[1]) == f'{{"{said.pk}":[[8,11]]}}'


def test_contacts_and_numbers_stand_above(omar_client: Client, say: Any) -> None:
    said = say("hello", name="สมชาย ใจดี", email="somchai@shop.test", phone="081-234-5678", company="Nimman Brew")
    for text in ("somchai@shop.test", "0812345678", "081 234", "nimman", "ใจดี"):
        assert f"/w/acme/conversations/{said.conversation_id}/" in links(omar_client, q=text)[0]
    number = said.conversation.number
    assert f"#{number}" in fragment(omar_client, q=f"#{number}")


def test_it_can_be_narrowed(omar_client: Client, say: Any, omar_member: Membership, inbox: Inbox) -> None:
    said = say("about the parcel", name="Parcel Pat")
    actions.post_operator_message(said.conversation, by=omar_member, body="a parcel, yes", client_id=uuid.uuid4())
    assert len(hits(omar_client, q="parcel")) == 2
    assert hits(omar_client, q="parcel", by="visitor") == ["about the *parcel*"]
    assert hits(omar_client, q="parcel", by="team") == ["Omar Haddad: a *parcel*, yes"]
    assert hits(omar_client, q="parcel", by="note") == []
    assert hits(omar_client, q="parcel", state="resolved") == []
    assert len(hits(omar_client, q="parcel", where=str(inbox.pk))) == 2
    today = timezone.localdate()
    assert len(hits(omar_client, q="parcel", since=f"{today:%Y-%m-%d}", until=f"{today:%Y-%m-%d}")) == 2
    assert hits(omar_client, q="parcel", until=f"{today - timedelta(days=1):%Y-%m-%d}") == []
    assert "Parcel Pat" not in fragment(omar_client, q="parcel", by="note")


def test_the_whole_page_comes_with_it(omar_client: Client, say: Any) -> None:
    say("one parcel")
    page = omar_client.get("/w/acme/conversations/", {"q": "parcel"}).content.decode()
    assert "<mark>parcel</mark>" in page and "is-searching" in page and 'value="parcel"' in page
    assert omar_client.get(URL, {"q": "parcel"})["Location"] == "/w/acme/conversations/?q=parcel"
    plain = omar_client.get("/w/acme/conversations/").content.decode()
    assert "is-searching" not in plain


def test_what_strangers_wrote_is_text(omar_client: Client, say: Any) -> None:
    say("<img src=x onerror=alert(1)> parcel", name="<b>Bo</b>")
    page = fragment(omar_client, q="parcel")
    assert "<img src=x" not in page and "&lt;img" in page and "<b>Bo</b>" not in page


def test_the_other_keyboard_layout(omar_client: Client, say: Any) -> None:
    say("กินข้าว")
    assert "Showing what “กิน” finds." in fragment(omar_client, q="dbo")
    assert hits(omar_client, q="dbo") == ["*กิน*ข้าว"]


def test_nothing_found_says_why(omar_client: Client, say: Any) -> None:
    say("hello")
    assert "Nothing found for “parcel”." in fragment(omar_client, q="parcel")
    assert "two letters or more" in fragment(omar_client, q="h")
    assert "what you chose" in fragment(omar_client, q="hello", by="note")


def test_what_cannot_be_asked_is_said(omar_client: Client, globex: Any) -> None:
    assert "before the first one" in fragment(omar_client, 422, q="x", since="2026-11-20", until="2026-11-01")
    fragment(omar_client, 422, q="x", since="tomorrow")
    fragment(omar_client, 422, q="x" * 101)
    fragment(omar_client, 422, q="x", where=str(globex.inboxes.get().pk))
    fragment(omar_client, 422, q="parcel", after="forged")


def test_more_pages(omar_client: Client, say: Any) -> None:
    for number in range(search.PAGE + 5):
        say(f"parcel {number}")
    page = fragment(omar_client, q="parcel")
    more = unescape(re.search(r'class="btn btn-ghost more" href="[^"]*\?([^"]+)"', page)[1])
    rest = omar_client.get(f"{URL}?{more}", headers={"HX-Request": "true"}).content.decode()
    assert page.count("hit-text") == search.PAGE and rest.count("hit-text") == 5
    assert "<section" not in rest and "more" not in rest


def test_SR03_nothing_of_another_workspace(gil_client: Client, omar_client: Client, say: Any) -> None:
    say("a secret parcel", name="Secret Sam")
    assert "Secret Sam" in fragment(omar_client, q="secret")
    asked = gil_client.get("/w/globex/conversations/search/", {"q": "secret"}, headers={"HX-Request": "true"})
    assert "Secret Sam" not in asked.content.decode()
    assert gil_client.get(URL, {"q": "secret"}).status_code == 404


def test_the_same_statements_for_few_and_many(
    omar_client: Client, say: Any, django_assert_max_num_queries: Any
) -> None:
    for number in range(search.PAGE + 3):
        say(f"parcel {number}", name=f"Parcel {number}")
    fragment(omar_client, q="parcel")
    # Session, person, membership; the choices of inboxes; messages in four; people.
    with django_assert_max_num_queries(9):
        fragment(omar_client, q="parcel")


# --- A thread at a message --------------------------------------------------------------------------------------------


@pytest.fixture
def long_thread(conversation: Conversation, omar_member: Membership) -> Conversation:
    for number in range(1, 30):
        actions.post_operator_message(conversation, by=omar_member, body=f"line {number}", client_id=uuid.uuid4())
    conversation.refresh_from_db()
    return conversation


def page_of(client: Client, conversation: Conversation, **asked: int) -> tuple[list[int], bool, bool]:
    answer = client.get(f"/w/acme/conversations/{conversation.pk}/changes/", asked).json()
    return [row["position"] for row in answer["rows"]], answer["has_more"], answer["has_newer"]


def test_a_page_around_a_position(omar_client: Client, long_thread: Conversation) -> None:
    last = long_thread.last_position
    assert page_of(omar_client, long_thread, around=10, limit=6) == ([8, 9, 10, 11, 12, 13], True, True)
    assert page_of(omar_client, long_thread, around=1, limit=4) == ([1, 2, 3], False, True)
    assert page_of(omar_client, long_thread, around=last, limit=4) == ([last - 1, last], True, False)
    assert page_of(omar_client, long_thread, following=last - 3, limit=2) == ([last - 2, last - 1], True, True)
    assert page_of(omar_client, long_thread, following=last - 2, limit=2) == ([last - 1, last], False, False)


def test_both_audiences_ask_alike_and_the_visitor_sees_no_note(
    vic_client: Client, omar_member: Membership, long_thread: Conversation
) -> None:
    actions.post_operator_message(long_thread, by=omar_member, body="psst", client_id=uuid.uuid4(), note=True)
    place = f"/widget/{long_thread.inbox.widget_key}/conversations/{long_thread.pk}/changes/"
    answer = vic_client.get(place, {"around": long_thread.last_position, "limit": 10}).json()
    assert answer["rows"] and "psst" not in str(answer["rows"])
    assert answer["has_newer"] is False


def test_the_thread_opens_at_a_message(omar_client: Client, long_thread: Conversation, monkeypatch: Any) -> None:
    monkeypatch.setattr("chat.history.PAGE", 10)
    monkeypatch.setattr("chat.history.around.__defaults__", (10,))
    page = omar_client.get(f"/w/acme/conversations/{long_thread.pk}/", {"at": 5}).content.decode()
    assert 'data-newer="true"' in page and 'data-position="5"' in page and 'data-position="29"' not in page
    for odd in ("0", "999999", "x", "-1", "²"):
        newest = omar_client.get(f"/w/acme/conversations/{long_thread.pk}/", {"at": odd}).content.decode()
        assert 'data-newer="false"' in newest and f'data-position="{long_thread.last_position}"' in newest


def test_the_name_of_a_file_is_shown_where_it_was_found(
    omar_client: Client, omar_member: Membership, conversation: Conversation
) -> None:
    sent_file(conversation, kind="pdf", name="ใบเสนอราคา 2569.pdf")
    assert hits(omar_client, q="เสนอราคา") == ["File: ใบ*เสนอราคา* 2569.pdf"]
    file = uploaded(actions.answering(omar_member, conversation), kind="pdf", name="offer.pdf")
    actions.post_operator_message(
        conversation, by=omar_member, body="Here is our offer", client_id=uuid.uuid4(), attachments=[file.pk]
    )
    assert hits(omar_client, q="offer") == ["Omar Haddad: Here is our *offer*"], "its words come first"
