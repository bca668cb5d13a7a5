"""How often the database is asked, so that a careless line is seen at once. BEGIN and COMMIT are not in these counts:
the test's own transaction swallows them (`test_visitor_messages.py` counts the way of a message to the letter)."""

from __future__ import annotations

import uuid
from collections.abc import Callable
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from chat import actions, sessions
from chat.models import Conversation, Inbox
from workspaces.models import Membership

pytestmark = pytest.mark.django_db
PAGE = {"url": "https://shop.acme.test/", "title": "Shop", "referrer": ""}


def trips(work: Callable[[], Any]) -> list[str]:
    with CaptureQueriesContext(connection) as queries:
        work()
    return [query["sql"] for query in queries if "SAVEPOINT" not in query["sql"]]


def assert_at_most(ceiling: int, work: Callable[[], Any]) -> None:
    asked = trips(work)
    assert len(asked) <= ceiling, "\n".join(asked)


def arrive(inbox: Inbox, token: str) -> sessions.Session:
    return sessions.begin(
        inbox.widget_key, token=token, ticket="", language="en", page=PAGE, user_agent="", ip="127.0.0.1"
    )


def test_a_visitor_who_comes_back(inbox: Inbox, vic_token: str, conversation: Conversation) -> None:
    """Who, where (with the page, and the oldest one away), seen, which conversation, its unread, who answers."""
    sqlite = 0 if connection.vendor == "postgresql" else 2
    assert_at_most(6 + sqlite, lambda: sessions.welcome(arrive(inbox, vic_token)))


def test_a_visitor_on_the_same_page_writes_one_row(inbox: Inbox, vic_token: str) -> None:
    arrive(inbox, vic_token)
    writes = [sql for sql in trips(lambda: arrive(inbox, vic_token)) if sql.startswith(("UPDATE", "INSERT"))]
    assert len(writes) == 1


def test_an_operators_reply(
    conversation: Conversation, omar_member: Membership, django_capture_on_commit_callbacks: Any
) -> None:
    def reply() -> None:
        with django_capture_on_commit_callbacks(execute=True):
            actions.post_operator_message(conversation, by=omar_member, body="hello", client_id=uuid.uuid4())

    # The first takes the conversation: its header names the team, and the audit log says so.
    sqlite = 0 if connection.vendor == "postgresql" else 3
    assert_at_most(5 + sqlite, reply)
    assert_at_most(3 + sqlite, reply)


def test_a_gap_fill_costs_the_same_for_one_row_and_for_many(
    omar_client: Client, vic_client: Client, conversation: Conversation, omar_member: Membership
) -> None:
    places = [
        (omar_client, f"/w/acme/conversations/{conversation.pk}/changes/"),
        (vic_client, f"/widget/{conversation.inbox.widget_key}/conversations/{conversation.pk}/changes/"),
    ]
    vic_client.get(places[1][1])  # a first poll also notes that the visitor is there
    few = [len(trips(lambda: client.get(place))) for client, place in places]  # noqa: B023
    for _ in range(30):
        actions.post_operator_message(conversation, by=omar_member, body="x", client_id=uuid.uuid4())
    many = [len(trips(lambda: client.get(place))) for client, place in places]  # noqa: B023
    assert many == few
    assert few[1] <= 4, "the visitor's: who, which conversation, its rows"


def test_a_thread_costs_the_same_however_long(
    omar_client: Client, conversation: Conversation, omar_member: Membership
) -> None:
    place = f"/w/acme/conversations/{conversation.pk}/"
    omar_client.get(place)
    few = len(trips(lambda: omar_client.get(place)))
    for _ in range(30):
        actions.post_operator_message(conversation, by=omar_member, body="x", client_id=uuid.uuid4())
    assert len(trips(lambda: omar_client.get(place))) == few
    assert few <= 20
