"""Snoozed conversations are away, and come back by themselves: at their time or with their visitor's next word."""

from __future__ import annotations

import uuid
from datetime import datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from chat import actions, sessions, snooze, tasks
from chat.actions.snoozes import BATCH, bring_back_some
from chat.models import Conversation, Inbox, Kind, Status, Visitor
from chat.notices import RETURNED, WAITING
from chat.widget.access import new_visitor
from minichat.lib.errors import Invalid
from notifications.models import Notification
from workspaces.models import Membership, Workspace

pytestmark = pytest.mark.django_db
BANGKOK = ZoneInfo("Asia/Bangkok")


def put_aside(conversation: Conversation, by: Membership, until: datetime | None = None) -> Conversation:
    until = until or timezone.now() + timedelta(hours=1)
    actions.perform(by, "snooze", {"until": until.isoformat()}, [conversation.pk])
    conversation.refresh_from_db()
    return conversation


def due(conversation: Conversation) -> None:
    Conversation.unscoped.filter(pk=conversation.pk).update(snoozed_until=timezone.now() - timedelta(seconds=1))


def told(membership: Membership) -> list[str]:
    return list(Notification.unscoped.filter(membership=membership, read_at=None).values_list("kind", flat=True))


def last_event(conversation: Conversation) -> dict[str, Any]:
    return conversation.messages.filter(kind=Kind.EVENT).order_by("position").last().event


def test_it_leaves_the_open_ones_and_waits_no_longer(conversation: Conversation, omar_member: Membership) -> None:
    since = conversation.waiting_since
    put_aside(conversation, omar_member)
    assert conversation.status == Status.SNOOZED and not conversation.is_waiting
    assert conversation.waiting_since == since
    mine = omar_member.workspace.conversations
    assert not mine.open().exists() and not mine.waiting().exists() and mine.snoozed().get() == conversation


def test_SR10_the_visitor_learns_nothing_of_it(
    conversation: Conversation, omar_member: Membership, vic: Visitor, vic_client: Client, inbox: Inbox
) -> None:
    before = conversation.public_seq
    put_aside(conversation, omar_member)
    assert conversation.public_seq == before
    state = vic_client.get(f"/widget/{inbox.widget_key}/state/").json()
    changes = vic_client.get(f"/widget/{inbox.widget_key}/conversations/{conversation.pk}/changes/").json()
    assert state["conversation"]["status"] == changes["conversation"]["status"] == "open"
    assert [row["kind"] for row in changes["rows"]] == ["visitor"]


def test_its_time_brings_it_back_to_its_assignee(conversation: Conversation, omar_member: Membership) -> None:
    actions.take_over(conversation, by=omar_member)
    put_aside(conversation, omar_member)
    assert bring_back_some() == 0
    due(conversation)
    assert bring_back_some() == 1
    conversation.refresh_from_db()
    assert conversation.status == Status.OPEN and conversation.snoozed_until is None
    assert conversation.is_waiting and conversation.assignee == omar_member
    assert last_event(conversation) == {"name": "returned", "by": None, "because": "time"}
    assert told(omar_member) == [RETURNED.name]
    assert bring_back_some() == 0


def test_what_was_answered_comes_back_as_open(conversation: Conversation, omar_member: Membership) -> None:
    actions.post_operator_message(conversation, by=omar_member, body="tomorrow", client_id=uuid.uuid4())
    put_aside(conversation, omar_member)
    due(conversation)
    bring_back_some()
    conversation.refresh_from_db()
    assert conversation.status == Status.OPEN and not conversation.is_waiting


def test_a_message_of_its_visitor_brings_it_back_at_once(
    conversation: Conversation, omar_member: Membership, vic: Visitor
) -> None:
    actions.take_over(conversation, by=omar_member)
    put_aside(conversation, omar_member)
    actions.post_visitor_message(vic, body="hello?", client_id=uuid.uuid4())
    conversation.refresh_from_db()
    assert conversation.is_waiting and conversation.snoozed_until is None
    assert last_event(conversation)["because"] == "message" and told(omar_member) == [RETURNED.name]
    assert not conversation.messages.public().filter(kind=Kind.EVENT, event__name="returned").exists()


def test_a_note_and_a_reply_leave_it_where_it_is(conversation: Conversation, omar_member: Membership) -> None:
    put_aside(conversation, omar_member)
    for note in (True, False):
        actions.post_operator_message(conversation, by=omar_member, body="x", client_id=uuid.uuid4(), note=note)
    conversation.refresh_from_db()
    assert conversation.status == Status.SNOOZED


def test_with_nobody_to_have_it_everybody_is_told(conversation: Conversation, omar_member: Membership) -> None:
    put_aside(conversation, omar_member)
    assert told(omar_member) == [], "who puts it aside takes care of it"
    due(conversation)
    bring_back_some()
    assert told(omar_member) == [WAITING.name]


def test_a_suspended_workspace_keeps_its_own(
    acme: Workspace, conversation: Conversation, omar_member: Membership
) -> None:
    put_aside(conversation, omar_member)
    due(conversation)
    Workspace.objects.filter(pk=acme.pk).update(status=Workspace.Status.SUSPENDED)
    assert bring_back_some() == 0
    Workspace.objects.filter(pk=acme.pk).update(status=Workspace.Status.ACTIVE)
    tasks.bring_back()
    conversation.refresh_from_db()
    assert conversation.status == Status.OPEN


def test_many_come_back_in_batches(inbox: Inbox, omar_member: Membership) -> None:
    for index in range(BATCH + 3):
        actions.post_visitor_message(new_visitor(inbox)[0], body=str(index), client_id=uuid.uuid4())
    past = timezone.now() - timedelta(minutes=1)
    Conversation.unscoped.update(status=Status.SNOOZED, snoozed_until=past, assignee=omar_member)
    with CaptureQueriesContext(connection) as asked:
        assert bring_back_some() == BATCH
    claims = [
        query["sql"]
        for query in asked
        if query["sql"].lstrip().startswith("SELECT") and "snoozed_until" in query["sql"]
    ]
    assert len(claims) == 1, "one question finds and claims them"
    ceiling = 12 if connection.vendor == "postgresql" else 12 + BATCH
    assert len(asked) <= ceiling
    tasks.bring_back()
    assert not Conversation.unscoped.snoozed().exists()


@pytest.mark.parametrize(
    ("now", "found"),
    [
        ("2026-12-02 10:10", {"later": "2026-12-02 13:30", "tomorrow": "2026-12-03 09:00", "week": "2026-12-07 09:00"}),
        ("2026-12-02 20:10", {"tomorrow": "2026-12-03 09:00", "week": "2026-12-07 09:00"}),
        ("2026-12-06 09:00", {"later": "2026-12-06 12:00", "tomorrow": "2026-12-07 09:00", "week": "2026-12-14 09:00"}),
    ],
)
def test_the_times_on_offer_are_local(now: str, found: dict[str, str]) -> None:
    with timezone.override(BANGKOK):
        rows = snooze.offered(datetime.fromisoformat(now).replace(tzinfo=BANGKOK))
    here = {
        row["key"]: datetime.fromisoformat(row["until"]).astimezone(BANGKOK).strftime("%Y-%m-%d %H:%M") for row in rows
    }
    assert here == found


@pytest.mark.parametrize("value", ["", "soon", "2020-01-01T10:00", "9999-12-31T23:59", "2026-13-01T10:00", None, 7, {}])
def test_times_that_cannot_be(value: Any) -> None:
    with pytest.raises(Invalid):
        snooze.moment(value)


def test_a_time_of_ones_own_is_the_workspaces(omar_client: Client, conversation: Conversation) -> None:
    day = (timezone.now() + timedelta(days=3)).astimezone(BANGKOK).date()
    answer = omar_client.get("/w/acme/conversations/snooze-times/", {"at": f"{day}T10:30"})
    until = datetime.fromisoformat(answer.json()["until"])
    assert until == datetime(day.year, day.month, day.day, 10, 30, tzinfo=BANGKOK)
    refused = omar_client.get(
        "/w/acme/conversations/snooze-times/", {"at": "2020-01-01T10:00"}, headers={"Accept": "application/json"}
    )
    assert refused.status_code == 422 and "still to come" in refused.json()["detail"]


def test_a_returning_visitor_finds_a_conversation_that_is_open(
    conversation: Conversation, omar_member: Membership, vic_token: str, inbox: Inbox
) -> None:
    put_aside(conversation, omar_member)
    session = sessions.begin(
        inbox.widget_key,
        token=vic_token,
        ticket="",
        language="en",
        page={"url": "", "title": "", "referrer": ""},
        user_agent="",
        ip="127.0.0.1",
    )
    assert sessions.welcome(session)[1]["conversation"]["status"] == "open"
