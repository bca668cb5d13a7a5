"""Who is on the site now, and the first word to one of them."""

from __future__ import annotations

import uuid
from datetime import timedelta
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from chat import actions, presence
from chat.models import Inbox, Kind, Visitor
from chat.sockets.watch import renew_presence
from chat.tests.test_visitor_messages import at_once, post
from chat.views import visitors as views
from chat.widget.access import new_visitor
from minichat.lib.errors import NotFound
from workspaces.models import Membership

pytestmark = pytest.mark.django_db
LIST = "/w/acme/visitors/"


def comes(inbox: Inbox, **more: Any) -> Visitor:
    page = {"url": "https://shop.acme.test/beans?size=1", "title": "Beans", "referrer": "https://www.google.com/"}
    visitor, _token = new_visitor(inbox, language="th", page=page, user_agent=more.get("user_agent", ""))
    presence.visitor_seen(visitor)
    return visitor


def shown(client: Client, **query: str) -> list[str]:
    answer = client.get(LIST, query)
    assert answer.status_code == 200
    return [row["id"] for row in answer.context["visitors"]]


def test_who_is_there_and_where(omar_client: Client, inbox: Inbox) -> None:
    visitor = comes(inbox)
    page = omar_client.get(LIST)
    [row] = page.context["visitors"]
    assert (row["page"]["path"], row["source"], row["talks"]) == ("/beans?size=1", "www.google.com", 0)
    assert str(visitor.pk) in page.content.decode() and "Beans" in page.content.decode()


def test_whoever_left_or_fell_silent_is_not_there(omar_client: Client, inbox: Inbox) -> None:
    gone, silent, here = comes(inbox), comes(inbox), comes(inbox)
    presence.visitor_gone(gone, timezone.now())
    Visitor.unscoped.filter(pk=silent.pk).update(last_seen_at=timezone.now() - timedelta(minutes=2))
    assert shown(omar_client) == [str(here.pk)]


def test_the_end_of_the_page_before_takes_nobody_away(inbox: Inbox) -> None:
    visitor = comes(inbox)
    assert not presence.visitor_gone(visitor, timezone.now() - timedelta(seconds=5)), "the next page is open already"
    visitor.refresh_from_db()
    assert visitor.is_online() and visitor.left_at is None


def test_who_left_while_presence_was_renewed_is_gone(inbox: Inbox) -> None:
    """The round of a process had still counted them."""
    left, here = comes(inbox), comes(inbox)
    counted_at = timezone.now()
    assert presence.visitor_gone(left, timezone.now())
    assert renew_presence(set(), {left.pk, here.pk}, counted_at) == set()
    for visitor, is_online in ((left, False), (here, True)):
        visitor.refresh_from_db()
        assert visitor.is_online() is is_online


def test_the_next_page_of_the_site_is_the_same_visit(inbox: Inbox) -> None:
    visitor = comes(inbox)
    came = visitor.arrived_at
    for pause, is_same in ((timedelta(minutes=5), True), (timedelta(hours=2), False)):
        presence.visitor_gone(visitor, timezone.now())
        Visitor.unscoped.filter(pk=visitor.pk).update(left_at=timezone.now() - pause)
        visitor.refresh_from_db()
        presence.visitor_seen(visitor)
        visitor.refresh_from_db()
        assert (visitor.arrived_at == came) is is_same


def test_a_long_list_has_pages_and_one_cost(omar_client: Client, inbox: Inbox, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(views, "MOST", 3)
    made = {str(comes(inbox).pk) for _ in range(5)}
    first = omar_client.get(LIST)
    assert len(first.context["visitors"]) == 3
    rest = shown(omar_client, before=first.context["next_cursor"])
    assert {row["id"] for row in first.context["visitors"]} | set(rest) == made
    with CaptureQueriesContext(connection) as few:
        omar_client.get(LIST, headers={"HX-Request": "true"})
    monkeypatch.setattr(views, "MOST", 50)
    with CaptureQueriesContext(connection) as many:
        omar_client.get(LIST, headers={"HX-Request": "true"})
    assert len(few) == len(many)


def test_nobody_there(omar_client: Client, inbox: Inbox) -> None:
    assert "Nobody is here right now" in omar_client.get(LIST).content.decode()


def start(client: Client, visitor: Visitor, body: str = "Can I help?", **more: Any) -> Any:
    words = {"client_id": str(uuid.uuid4()), "body": body, **more}
    return client.post(f"{LIST}{visitor.pk}/chat/", words, content_type="application/json")


def test_the_first_word_opens_a_conversation(omar_client: Client, inbox: Inbox, omar_member: Membership) -> None:
    visitor = comes(inbox)
    answer = start(omar_client, visitor)
    conversation = visitor.conversations.get()
    assert answer.status_code == 201
    assert answer.json()["url"] == f"/w/acme/conversations/{conversation.pk}/"
    assert conversation.assignee == omar_member and not conversation.is_waiting
    rows = list(conversation.messages.public().order_by("position"))
    assert [row.kind for row in rows] == [Kind.EVENT, Kind.OPERATOR]
    assert [row.public_seq for row in rows] == [1, 2] and conversation.public_seq == 2


def test_a_conversation_that_is_there_goes_on(omar_client: Client, inbox: Inbox, omar_member: Membership) -> None:
    visitor = comes(inbox)
    conversation = post(visitor).message.conversation
    actions.resolve(conversation, by=omar_member)
    assert start(omar_client, visitor).status_code == 201
    conversation.refresh_from_db()
    assert visitor.conversations.count() == 1 and conversation.status == "open"


def test_twice_is_once(omar_client: Client, inbox: Inbox) -> None:
    visitor, name = comes(inbox), str(uuid.uuid4())
    first, second = (start(omar_client, visitor, client_id=name) for _ in range(2))
    assert (first.status_code, second.status_code) == (201, 200)
    assert visitor.conversations.get().messages.filter(kind=Kind.OPERATOR).count() == 1


@pytest.mark.parametrize("words", [{"body": " "}, {"body": "x" * 10_001}, {"client_id": "x"}])
def test_nonsense_is_refused(omar_client: Client, inbox: Inbox, words: dict[str, str]) -> None:
    visitor = comes(inbox)
    assert start(omar_client, visitor, **words).status_code == 422
    assert not visitor.conversations.exists()


def test_a_blocked_visitor_is_not_written_to(inbox: Inbox, omar_member: Membership, omar_client: Client) -> None:
    visitor = comes(inbox)
    visitor.blocked_at = timezone.now()
    visitor.save()
    assert start(omar_client, visitor).status_code == 404
    with pytest.raises(NotFound):
        actions.start_conversation(visitor, by=omar_member, body="x", client_id=uuid.uuid4())


def test_SR03_SR02_strangers_and_viewers(
    gil_client: Client, vera_client: Client, inbox: Inbox, gil_member: Membership
) -> None:
    visitor = comes(inbox)
    words = {"client_id": str(uuid.uuid4()), "body": "x"}
    foreign = gil_client.post(f"/w/globex/visitors/{visitor.pk}/chat/", words, content_type="application/json")
    assert foreign.status_code == 404
    assert str(visitor.pk) not in gil_client.get("/w/globex/visitors/").content.decode()
    assert start(vera_client, visitor).status_code == 403
    assert "data-start-chat" not in vera_client.get(LIST).content.decode()


def test_SR10_an_inbox_for_others_has_no_visitors_for_me(
    omar_client: Client, ana_client: Client, inbox: Inbox, ana_member: Membership, omar_member: Membership
) -> None:
    visitor = comes(inbox)
    actions.set_inbox_members(inbox, by=ana_member, is_private=True)
    assert shown(omar_client) == [] and shown(ana_client) == [str(visitor.pk)]
    assert start(omar_client, visitor).status_code == 404


@pytest.mark.django_db(transaction=True, serialized_rollback=True)
def test_two_first_words_at_once_open_one_conversation(
    inbox: Inbox, omar_member: Membership, ana_member: Membership
) -> None:
    visitor, people = comes(inbox), [omar_member, ana_member]

    def act(number: int) -> Any:
        if number == 2:
            return post(visitor)
        return actions.start_conversation(visitor, by=people[number], body=f"{number}", client_id=uuid.uuid4())

    at_once(act, workers=3)
    conversation = visitor.conversations.get()
    positions = list(conversation.messages.order_by("position").values_list("position", flat=True))
    assert positions == list(range(1, len(positions) + 1))
    assert conversation.messages.exclude(kind=Kind.EVENT).count() == 3
