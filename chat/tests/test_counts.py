"""The numbers beside the tabs: right while they are small, bounded when they are not, and as costly as one look."""

from __future__ import annotations

import uuid
from collections.abc import Callable
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from chat import actions, counts
from chat.models import Conversation, Inbox
from chat.widget.access import new_visitor
from conftest import SHOP
from workspaces.models import Membership

pytestmark = pytest.mark.django_db


@pytest.fixture
def asked(inbox: Inbox) -> Callable[[int], list[Conversation]]:
    """So many visitors ask something."""

    def ask(number: int) -> list[Conversation]:
        visitors = [new_visitor(inbox, origin=SHOP, language="en")[0] for _ in range(number)]
        posts = [actions.post_visitor_message(visitor, body="hi", client_id=uuid.uuid4()) for visitor in visitors]
        return [post.message.conversation for post in posts]

    return ask


def test_numbers(asked: Any, omar_member: Membership) -> None:
    first, second, third = asked(3)
    actions.post_operator_message(first, by=omar_member, body="hello", client_id=uuid.uuid4())
    actions.resolve(second, by=omar_member)
    actions.mark_read(third, by=omar_member, position=1)
    assert counts.counts_for(omar_member) == {
        "open": 2,
        "waiting": 1,
        "ai": 0,
        "mine": 1,
        "unassigned": 1,
        "unread": 1,
    }
    rows = counts._rows(omar_member.workspace_id)
    inboxes = {first.inbox_id}
    assert counts._sum(rows, inboxes, omar_member.pk) == {"open": 2, "waiting": 1, "ai": 0, "mine": 1, "unassigned": 1}
    assert counts._sum(rows, set(), omar_member.pk)["open"] == 0


def test_nothing_is_counted_to_its_end(asked: Any, omar_member: Membership, monkeypatch: pytest.MonkeyPatch) -> None:
    asked(5)
    monkeypatch.setattr(counts, "MOST", 3)
    monkeypatch.setattr(counts, "MOST_UNREAD", 2)
    numbers = {"open": 3, "waiting": 3, "ai": 0, "mine": 0, "unassigned": 3}
    with CaptureQueriesContext(connection) as queries:
        assert counts.counts_for(omar_member) == {**numbers, "unread": 2}
    [query] = queries
    assert query["sql"].count("COUNT(") == query["sql"].count("LIMIT 3")
    assert (
        counts._sum(counts._rows(omar_member.workspace_id), {row.inbox_id for row in asked(1)}, omar_member.pk)
        == numbers
    )
