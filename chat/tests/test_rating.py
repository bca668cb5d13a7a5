"""What a visitor thought of it: asked once it is closed, changed for a day, seen by both sides."""

from __future__ import annotations

import json
from datetime import timedelta
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone

from chat import actions, pace, snapshots
from chat.models import Conversation, Inbox, Kind, Visitor
from chat.widget.access import new_visitor
from minichat.lib.errors import Conflict
from workspaces.models import Membership

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def fresh_pace() -> None:
    pace.visitors.forget()


@pytest.fixture
def closed(conversation: Conversation, omar_member: Membership) -> Conversation:
    return actions.resolve(conversation, by=omar_member)


def place(inbox: Inbox, conversation: Conversation) -> str:
    return f"/widget/{inbox.widget_key}/conversations/{conversation.pk}/rating/"


def send(client: Client, url: str, **body: Any) -> Any:
    return client.post(url, json.dumps(body), content_type="application/json")


def test_one_tap_is_kept_and_seen_by_both_sides(
    vic_client: Client, omar_client: Client, inbox: Inbox, closed: Conversation
) -> None:
    assert send(vic_client, place(inbox, closed), rating=4, comment="  Quick\nand kind ").status_code == 204
    closed.refresh_from_db()
    assert (closed.rating, closed.rating_comment, closed.status) == (4, "Quick and kind", "resolved")
    row = closed.messages.get(kind=Kind.EVENT, event__name="rated")
    assert row.public_seq == closed.public_seq and row.seq == closed.last_seq
    seen = snapshots.public_message(row)
    assert seen["event"] == {"name": "rated", "by": None, "rating": 4, "comment": "Quick and kind"}
    page = omar_client.get(f"/w/acme/conversations/{closed.pk}/").content.decode()
    assert "<b>4 of 5</b>" in page and page.count("Quick and kind") == 2
    listing = omar_client.get("/w/acme/conversations/?tab=closed", headers={"HX-Request": "true"}).content.decode()
    assert "of 5 in the visitor’s rating" in listing


def test_another_opinion_changes_the_same_line(vic: Visitor, closed: Conversation) -> None:
    actions.rate(vic, closed, rating=2)
    first = closed.messages.get(event__name="rated")
    changed = actions.rate(vic, closed, rating=5, comment="They called back.")
    row = closed.messages.get(event__name="rated")
    assert (row.pk, row.position) == (first.pk, first.position) and row.public_seq == first.public_seq + 1
    assert row.event["rating"] == 5 and changed.rating == 5
    again = actions.rate(vic, closed, rating=5, comment="They called back.")
    assert again.last_seq == changed.last_seq, "the same again is no change"


def test_only_for_a_day(vic: Visitor, closed: Conversation) -> None:
    rated = actions.rate(vic, closed, rating=5)
    yesterday = timezone.now() - timedelta(days=1, seconds=1)
    Conversation.unscoped.filter(pk=rated.pk).update(rated_at=yesterday)
    with pytest.raises(Conflict):
        actions.rate(vic, closed, rating=1)
    rated.refresh_from_db()
    assert rated.rating == 5


def test_not_before_it_is_closed(vic_client: Client, inbox: Inbox, conversation: Conversation) -> None:
    answer = send(vic_client, place(inbox, conversation), rating=5)
    assert answer.status_code == 409
    conversation.refresh_from_db()
    assert conversation.rating is None


@pytest.mark.parametrize("rating", [0, 6, None, "5", True, 4.5, [5]])
def test_anything_else_is_no_rating(vic_client: Client, inbox: Inbox, closed: Conversation, rating: Any) -> None:
    assert send(vic_client, place(inbox, closed), rating=rating).status_code == 422


def test_SR33_nobody_rates_for_another(inbox: Inbox, closed: Conversation, ana_client: Client, globex: Any) -> None:
    _, token = new_visitor(inbox)
    _, foreign = new_visitor(globex.inboxes.get())
    for credential, status in ((token, 404), (foreign, 401)):
        client = Client(headers={"Authorization": f"Bearer {credential}"})
        assert send(client, place(inbox, closed), rating=1).status_code == status
    assert send(ana_client, place(inbox, closed), rating=1).status_code == 401
    closed.refresh_from_db()
    assert closed.rating is None
