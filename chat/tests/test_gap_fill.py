"""From any number, a client that asks for changes arrives at what a fresh load shows (I3, I4)."""

from __future__ import annotations

import uuid
from typing import Any

import pytest
from django.test import Client
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from chat import actions, history, snapshots
from chat.models import Conversation, Inbox, Visitor
from chat.widget.access import new_visitor
from workspaces.models import Membership

pytestmark = pytest.mark.django_db
VERBS = ["visitor", "reply", "note", "assign", "unassign", "resolve", "reopen", "take"]


class Browser:
    """What a client keeps: rows by id and the newest number it knows."""

    def __init__(self, client: Client, url: str) -> None:
        self.client, self.url, self.seq = client, url, 0
        self.rows: dict[str, dict[str, Any]] = {}

    def fill(self, limit: int) -> None:
        more = True
        while more:
            answer = self.client.get(self.url, {"after": self.seq, "limit": limit}).json()
            assert not answer["reset"]
            self.rows |= {row["id"]: row for row in answer["rows"]}
            self.seq, more = answer["seq"], answer["has_more"]

    def shown(self) -> list[dict[str, Any]]:
        return sorted(self.rows.values(), key=lambda row: row["position"])


def act(verb: str, conversation: Conversation, vic: Visitor, omar: Membership) -> None:
    if verb == "visitor":
        actions.post_visitor_message(vic, body="x", client_id=uuid.uuid4(), conversation_id=conversation.pk)
    elif verb in ("reply", "note"):
        actions.post_operator_message(conversation, by=omar, body="y", client_id=uuid.uuid4(), note=verb == "note")
    elif verb in ("assign", "unassign"):
        actions.assign(conversation, assignee=omar if verb == "assign" else None, by=omar)
    elif verb == "take":
        actions.take_over(conversation, by=omar)
    else:
        {"resolve": actions.resolve, "reopen": actions.reopen}[verb](conversation, by=omar)


@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(story=st.lists(st.tuples(st.sampled_from(VERBS), st.booleans()), max_size=12), limit=st.integers(1, 5))
def test_both_audiences_arrive_at_the_fresh_view(
    story: list[tuple[str, bool]], limit: int, inbox: Inbox, omar_member: Membership, omar_client: Client
) -> None:
    vic, token = new_visitor(inbox)
    opening = actions.post_visitor_message(vic, body="hi", client_id=uuid.uuid4())
    conversation = opening.message.conversation
    bearer = Client(headers={"Authorization": f"Bearer {token}"})
    team = Browser(omar_client, f"/w/acme/conversations/{conversation.pk}/changes/")
    visitor = Browser(bearer, f"/widget/{inbox.widget_key}/conversations/{conversation.pk}/changes/")
    for verb, looks in story:
        act(verb, conversation, vic, omar_member)
        if looks:
            team.fill(limit)
            visitor.fill(limit)
    for browser in (team, visitor):
        browser.fill(limit)
        fresh = Browser(browser.client, browser.url)
        fresh.fill(200)
        assert browser.shown() == fresh.shown() and browser.seq == fresh.seq
    rows = list(conversation.messages.order_by("position"))
    assert [row.position for row in rows] == list(range(1, len(rows) + 1))
    assert sorted(row.seq for row in rows) == list(range(1, len(rows) + 1))
    assert all(row["kind"] != "note" for row in visitor.shown())
    assert [row["seq"] for row in visitor.shown()] == list(range(1, len(visitor.shown()) + 1))


def ask(client: Client, conversation: Conversation, **query: Any) -> dict[str, Any]:
    return client.get(f"/w/acme/conversations/{conversation.pk}/changes/", query).json()


def test_a_client_from_another_time_starts_again(omar_client: Client, conversation: Conversation) -> None:
    assert ask(omar_client, conversation, after=99)["reset"] is True


def test_the_newest_page_and_the_one_before(omar_client: Client, conversation: Conversation, vic: Visitor) -> None:
    for number in range(6):
        actions.post_visitor_message(vic, body=f"{number}", client_id=uuid.uuid4())
    newest = ask(omar_client, conversation, after=-1, limit=3)
    assert [row["position"] for row in newest["rows"]] == [5, 6, 7] and newest["has_more"] and newest["seq"] == 7
    older = ask(omar_client, conversation, before=5, limit=10)
    assert [row["position"] for row in older["rows"]] == [1, 2, 3, 4] and not older["has_more"]


def test_an_answer_is_limited_in_bytes(
    omar_client: Client, conversation: Conversation, omar_member: Membership, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(history, "MOST_BYTES", 25_000)
    for _ in range(3):
        actions.post_operator_message(conversation, by=omar_member, body="ก" * 5_000, client_id=uuid.uuid4())
    answer = ask(omar_client, conversation, after=0)
    assert answer["has_more"] and len(answer["rows"]) < 5
    rest = ask(omar_client, conversation, after=answer["seq"])
    assert len(answer["rows"]) + len(rest["rows"]) >= 4


@pytest.mark.parametrize("query", [{"after": "x"}, {"limit": 0}, {"limit": 201}, {"before": "-1"}, {"after": "-2"}])
def test_a_senseless_question_is_refused(
    omar_client: Client, conversation: Conversation, query: dict[str, Any]
) -> None:
    answer = omar_client.get(
        f"/w/acme/conversations/{conversation.pk}/changes/", query, headers={"Accept": "application/json"}
    )
    assert answer.status_code == 422 and answer.json()["code"] == "invalid"


@pytest.mark.parametrize("asked", [{"after": "0"}, {"after": "-1"}, {"before": "40"}, {"following": "2"}], ids=str)
def test_a_page_costs_the_same_however_many_rows_it_has(
    conversation: Conversation, vic: Visitor, asked: dict[str, str], django_assert_max_num_queries: Any
) -> None:
    for _ in range(12):
        actions.post_visitor_message(vic, body="x", client_id=uuid.uuid4())
    conversation.refresh_from_db()
    question = history.wanted(asked)
    with django_assert_max_num_queries(2):  # the rows, and their files
        rows = conversation.messages.public()
        found = history.answer(conversation, rows, question, public=True, picture=snapshots.public_message)
    assert len(found["rows"]) > 10
