"""The list, narrowed and sorted: each address finds what it says, page by page, and reads a bounded number of rows."""

from __future__ import annotations

import uuid
from datetime import timedelta
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone

from chat import actions, filters, paging
from chat.models import Conversation, Inbox
from chat.widget.access import new_visitor
from contacts.models import Contact
from minichat.lib import keyset
from workspaces.models import Membership

pytestmark = pytest.mark.django_db
PLACE = "/w/acme/conversations/"


@pytest.fixture
def some(inbox: Inbox) -> list[Conversation]:
    """Six, the oldest first; each an hour after the other."""
    made = []
    for index in range(6):
        visitor, _ = new_visitor(inbox, language="th" if index % 2 else "en")
        posted = actions.post_visitor_message(visitor, body=f"question {index}", client_id=uuid.uuid4())
        at = timezone.now() - timedelta(hours=6 - index)
        Conversation.unscoped.filter(pk=posted.message.conversation_id).update(last_message_at=at, waiting_since=at)
        made.append(posted.message.conversation)
    return made


def found(client: Client, query: str = "") -> list[str]:
    """All rows of a list in their order, page after page."""
    rows, cursor = [], ""
    for _ in range(20):
        answer = (
            client.get(f"{PLACE}?{query}", {}, headers={"HX-Request": "true"})
            if not cursor
            else client.get(f"{PLACE}?{query}&before={cursor}", headers={"HX-Request": "true"})
        )
        assert answer.status_code == 200
        rows += [row["conversation"] for row in answer.context["conversations"]]
        cursor = answer.context["next_cursor"]
        if not cursor:
            return rows
    raise AssertionError("this list has no end")


def ids(*conversations: Conversation) -> list[str]:
    return [str(one.pk) for one in conversations]


def test_each_filter(
    some: list[Conversation], omar_client: Client, omar_member: Membership, ana_member: Membership, inbox: Inbox
) -> None:
    label = actions.create_label(omar_member, name="Quotation")
    actions.perform(omar_member, "label", {"add": [str(label.pk)], "remove": []}, [some[1].pk, some[4].pk])
    actions.perform(omar_member, "priority", {"priority": 4}, [some[2].pk])
    actions.perform(omar_member, "priority", {"priority": 1}, [some[3].pk])
    actions.assign(some[0], assignee=omar_member, by=omar_member)
    actions.assign(some[1], assignee=ana_member, by=omar_member)
    actions.mark_read(some[5], by=omar_member, position=9)
    assert found(omar_client, f"label={label.pk}") == ids(some[4], some[1])
    assert found(omar_client, f"label={label.pk}&assignee={ana_member.pk}") == ids(some[1])
    assert found(omar_client, "priority=urgent&priority=low") == ids(some[3], some[2])
    assert found(omar_client, "assignee=me") == ids(some[0])
    assert found(omar_client, "assignee=none&language=en") == ids(some[4], some[2])
    assert found(omar_client, "unread=1") == ids(*some[4::-1])
    assert found(omar_client, f"inbox={inbox.pk}") == ids(*some[::-1])
    for nothing in (f"label={uuid.uuid4()}", f"inbox={uuid.uuid4()}", f"assignee={uuid.uuid4()}"):
        assert found(omar_client, nothing) == []


def test_the_orders(some: list[Conversation], omar_client: Client, omar_member: Membership) -> None:
    actions.perform(omar_member, "priority", {"priority": 4}, [some[2].pk])
    actions.perform(omar_member, "priority", {"priority": 1}, [some[5].pk])
    actions.post_operator_message(some[1], by=omar_member, body="answered", client_id=uuid.uuid4())
    rest = [some[4], some[3], some[0]]
    assert found(omar_client, "sort=priority") == ids(some[2], some[1], *rest, some[5])
    waiting = [some[0], some[2], some[3], some[4], some[5]]
    assert found(omar_client, "sort=waiting") == ids(*waiting, some[1]), "then those who do not wait"
    assert found(omar_client, "tab=waiting") == ids(*waiting)
    assert found(omar_client, "tab=waiting&sort=newest") == ids(*waiting[::-1])
    assert found(omar_client, "tab=waiting&sort=priority") == ids(some[2], *rest, some[5])
    assert found(omar_client, "tab=unassigned&sort=waiting") == ids(*waiting)
    assert found(omar_client, "tab=mine&sort=waiting") == found(omar_client, "tab=mine&sort=priority") == ids(some[1])


def test_the_soonest_return_is_first_among_the_snoozed(
    some: list[Conversation], omar_client: Client, omar_member: Membership
) -> None:
    for hours, one in ((5, some[0]), (1, some[1]), (3, some[2])):
        until = (timezone.now() + timedelta(hours=hours)).isoformat()
        actions.perform(omar_member, "snooze", {"until": until}, [one.pk])
    assert found(omar_client, "tab=snoozed") == ids(some[1], some[2], some[0])
    assert set(found(omar_client)) == set(ids(*some[3:]))


@pytest.mark.parametrize(
    "query", ["", "sort=waiting", "sort=priority", "priority=medium", "language=en", "tab=waiting"]
)
def test_pages_of_every_order_lose_and_repeat_nothing(
    some: list[Conversation], omar_member: Membership, monkeypatch: pytest.MonkeyPatch, query: str
) -> None:
    """With windows and pages so small that each edge is met."""
    actions.post_operator_message(some[3], by=omar_member, body="x", client_id=uuid.uuid4())
    actions.perform(omar_member, "priority", {"priority": 3}, [some[4].pk])
    wanted = filters.read_text(query)
    whole, _ = paging.page(omar_member, wanted, "", 100)
    monkeypatch.setattr(keyset, "WINDOW", 2)
    rows: list[Any] = []
    cursor, rounds = "", 0
    while True:
        part, cursor = paging.page(omar_member, wanted, cursor, 1)
        rows += part
        rounds += 1
        assert len(part) <= 1 and rounds < 30
        if not cursor:
            break
    assert [row.pk for row in rows] == [row.pk for row in whole] and whole


def test_a_rare_find_costs_one_window_at_a_time(
    some: list[Conversation], omar_client: Client, omar_member: Membership, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(keyset, "WINDOW", 2)
    actions.perform(omar_member, "priority", {"priority": 4}, [some[0].pk])
    first = omar_client.get(f"{PLACE}?priority=urgent", headers={"HX-Request": "true"})
    assert first.context["conversations"] == [] and first.context["next_cursor"]
    assert "Look further back" in first.content.decode()
    assert found(omar_client, "priority=urgent") == ids(some[0])


@pytest.mark.parametrize("cursor", ["x", "0.x", "7.", "0.0.x", "1."])
def test_a_cursor_of_another_list_is_refused(omar_client: Client, inbox: Inbox, cursor: str) -> None:
    assert omar_client.get(PLACE, {"before": cursor, "priority": "high"}).status_code == 422


@pytest.mark.parametrize(
    ("given", "kept"),
    [
        ("tab=nonsense&sort=x&priority=huge&language=xx&label=1&assignee=somebody&unread=yes", ""),
        ("sort=newest&tab=open", ""),
        ("tab=waiting&sort=waiting", "tab=waiting"),
        ("tab=waiting&sort=newest", "tab=waiting&sort=newest"),
        ("unread=1&priority=low&priority=low&language=th", "priority=low&language=th&unread=1"),
    ],
)
def test_an_address_has_one_form(given: str, kept: str) -> None:
    assert filters.read_text(given).query == kept
    assert filters.read_text(kept) == filters.read_text(given)


def test_chips_say_what_narrows_the_list(
    omar_client: Client, omar_member: Membership, ana_member: Membership, inbox: Inbox
) -> None:
    label = actions.create_label(omar_member, name="<b>Quotation</b>")
    query = f"label={label.pk}&priority=high&assignee={ana_member.pk}&unread=1&sort=priority"
    answer = omar_client.get(f"{PLACE}?{query}")
    names = [chip["name"] for chip in answer.context["chips"]]
    assert names == ["<b>Quotation</b>", "High", "Ana Srisuk", "Unread only", "Highest priority first"]
    assert "&lt;b&gt;Quotation" in answer.content.decode() and "<b>Quotation" not in answer.content.decode()
    gone = omar_client.get(f"{PLACE}?label={uuid.uuid4()}")
    assert [chip["name"] for chip in gone.context["chips"]] == ["Deleted label"]


def test_the_language_is_the_contacts(omar_client: Client, some: list[Conversation]) -> None:
    Contact.unscoped.filter(pk=some[0].contact_id).update(language="ja")
    assert found(omar_client, "language=ja") == ids(some[0])
