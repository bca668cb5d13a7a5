"""The command palette: pages of one's role, colleagues, visitors, conversations, and nobody else's."""

from __future__ import annotations

import re
import uuid
from collections.abc import Callable
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone

from accounts.models import User
from chat import actions
from chat.models import Conversation, Inbox
from chat.widget.access import new_visitor
from conftest import SHOP
from workspaces import actions as workspace_actions
from workspaces.finding import LONGEST
from workspaces.models import Membership, Workspace
from workspaces.roles import Role
from workspaces.views import find as view

pytestmark = pytest.mark.django_db


def found(client: Client, text: str = "", slug: str = "acme") -> list[str]:
    response = client.get(f"/w/{slug}/find/", {"q": text})
    assert response.status_code == 200
    return re.findall(r'class="opt-name">([^<]*)<', response.content.decode())


@pytest.fixture
def say(inbox: Inbox) -> Callable[..., Conversation]:
    """A visitor of that name says this."""

    def write(text: str, **about: str) -> Conversation:
        visitor, _ = new_visitor(inbox, origin=SHOP, language="en")
        for name, value in about.items():
            setattr(visitor.contact, name, value)
        visitor.contact.save()
        return actions.post_visitor_message(visitor, body=text, client_id=uuid.uuid4()).message.conversation

    return write


def test_pages_are_those_of_the_role(ana_client: Client, omar_client: Client) -> None:
    assert "Branding" in found(ana_client, "brand")
    assert found(omar_client, "brand") == []
    assert found(omar_client, "team") == ["Team"]


def test_pages_are_found_in_both_languages(omar_client: Client, omar: Any) -> None:
    assert found(omar_client, "กล่องข้อความ") == ["Inbox"]
    omar.locale = "th"
    omar.save()
    assert found(omar_client, "inbox") == ["กล่องข้อความ"]


def test_the_wrong_keyboard_layout_is_understood(omar_client: Client) -> None:
    assert found(omar_client, "ะำฟท") == ["Team"]
    assert found(omar_client, "mu,") == ["Team"]


def test_colleagues_by_name_and_address(omar_client: Client, vera_member: Membership) -> None:
    assert found(omar_client, "vera lind") == ["Vera Lind"]
    assert found(omar_client, "vera@acme") == ["Vera Lind"]


def test_who_left_is_not_found(omar_client: Client, vera_member: Membership) -> None:
    vera_member.deactivated_at = timezone.now()
    vera_member.save()
    assert found(omar_client, "vera") == []


def test_visitors_by_what_is_known_of_them(omar_client: Client, say: Any) -> None:
    said = say("hi", name="สมชาย ใจดี", email="somchai@shop.test", company="Nimman Brew", phone="081-234-5678")
    for words in ("สมชาย", "somchai@", "nimman somchai", "081-234"):
        assert found(omar_client, words) == ["สมชาย ใจดี"]
    assert f"/w/acme/conversations/{said.pk}/" in omar_client.get("/w/acme/find/?q=somchai").content.decode()


def test_conversations_by_number_and_messages_by_what_was_said(omar_client: Client, say: Any) -> None:
    first, second = say("Where is my parcel?", name="Bo"), say("Do you sell grinders?", name="Lek")
    assert found(omar_client, "parcel") == ["Bo"]
    assert found(omar_client, f"#{second.number}") == found(omar_client, str(second.number)) == ["Lek"]
    assert found(omar_client, "parcel grinders") == []
    assert first.number != second.number


def test_nothing_asked_shows_where_one_may_go(omar_client: Client, say: Any) -> None:
    say("newest", name="Bo")
    everything = found(omar_client)
    assert everything[0] == "Inbox"
    assert "Bo" in everything


def test_SR03_another_workspace_is_not_found(
    gil_client: Client, omar_client: Client, say: Any, omar_member: Membership
) -> None:
    say("a secret of Acme", name="Somchai", email="somchai@shop.test")
    assert found(omar_client, "secret") == ["Somchai"]
    for words in ("secret", "somchai", "omar", "1", "#1"):
        assert found(gil_client, words, slug="globex") == []
    assert gil_client.get("/w/acme/find/", {"q": "secret"}).status_code == 404


def test_what_strangers_wrote_is_text(omar_client: Client, say: Any) -> None:
    say("<img src=x onerror=alert(1)>", name="<b>Bo</b>")
    page = omar_client.get("/w/acme/find/", {"q": "onerror"}).content.decode()
    assert "&lt;img" in page
    assert "<img src=x" not in page


def test_other_workspaces_of_the_person(gil_client: Client, gil: User, acme: Workspace) -> None:
    assert found(gil_client, "acme", slug="globex") == []
    workspace_actions.add_member(acme, user=gil, role=Role.VIEWER)
    assert found(gil_client, "acme", slug="globex") == ["Acme"]


@pytest.mark.parametrize("text", ["%", "_", "\\", "'; drop table", "\x00", "😀", "#", "#99999999999999999999", "²"])
def test_odd_words_find_nothing_and_break_nothing(omar_client: Client, say: Any, text: str) -> None:
    say("hello", name="Bo")
    assert "Bo" not in found(omar_client, text) or not text.strip("\x00")


def test_too_long_a_text_is_refused(omar_client: Client) -> None:
    response = omar_client.get("/w/acme/find/", {"q": "x" * (LONGEST + 1)}, headers={"HX-Request": "true"})
    assert response.status_code == 422
    assert "too long" in response.content.decode()


def test_too_many_searches_wait(omar_client: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(view, "SEARCHES", 2)
    assert [omar_client.get("/w/acme/find/").status_code for _ in range(3)] == [200, 200, 429]


def test_the_number_of_statements_does_not_grow(
    omar_client: Client, say: Any, acme: Workspace, django_assert_num_queries: Any
) -> None:
    say("one parcel", name="parcel 0")
    omar_client.get("/w/acme/find/")
    # Session, person, membership; workspaces of the person; colleagues, visitors, contacts, leads; messages in six.
    with django_assert_num_queries(14):
        assert len(found(omar_client, "parcel")) == 2
    for number in range(1, 8):
        say(f"parcel {number}", name=f"parcel {number}")
    with django_assert_num_queries(14):
        assert len(found(omar_client, "parcel")) == 10
