"""Somebody waits and nobody is online: who is told, when, and that it is once per wait."""

from __future__ import annotations

import uuid
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from django.core import mail
from django.utils import timezone

from chat import actions, notices, presence, tasks
from chat.actions import waits
from chat.models import Conversation, Inbox, Visitor
from notifications.actions import save_settings
from notifications.kinds import Channel
from notifications.models import Notification
from notifications.tasks import send_due
from workspaces.models import Membership, Workspace

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def team(ana_member: Membership, omar_member: Membership, vera_member: Membership, gil_member: Membership) -> None:
    """Those who could be told."""


def says(visitor: Visitor, body: str = "hello?") -> Conversation:
    return actions.post_visitor_message(visitor, body=body, client_id=uuid.uuid4()).message.conversation


def answers(conversation: Conversation, by: Membership, body: str = "Here I am.") -> None:
    actions.post_operator_message(conversation, by=by, body=body, client_id=uuid.uuid4())


def ring(conversation: Conversation) -> Conversation:
    """The clock has rung and the sweep has come."""
    Conversation.unscoped.filter(pk=conversation.pk, alert_at__isnull=False).update(
        alert_at=timezone.now() - timedelta(seconds=1)
    )
    tasks.alert_waits()
    conversation.refresh_from_db()
    return conversation


def told() -> set[str]:
    rows = Notification.unscoped.filter(kind=notices.UNATTENDED.name)
    return {row.membership.user.email for row in rows.select_related("membership__user")}


def test_SR10_those_who_can_answer_are_alerted(vic: Visitor) -> None:
    conversation = says(vic)
    assert conversation.alert_at == conversation.waiting_since + timedelta(seconds=60)
    tasks.alert_waits()
    assert told() == set(), "a minute has not passed"
    ring(conversation)
    assert told() == {"ana@acme.test", "omar@acme.test"}


def test_it_is_once_per_wait(vic: Visitor, omar_member: Membership) -> None:
    conversation = ring(says(vic))
    says(vic, "are you there?")
    ring(conversation)
    rows = Notification.unscoped.filter(kind=notices.UNATTENDED.name)
    assert rows.count() == 2
    answers(conversation, omar_member)
    says(vic, "and one more thing")
    ring(conversation)
    assert rows.count() == 4, "a new wait is a new alert"


def test_nobody_is_alerted_while_somebody_is_online(vic: Visitor, omar_member: Membership) -> None:
    conversation = says(vic)
    presence.member_seen(omar_member)
    ring(conversation)
    assert told() == set()
    assert conversation.alert_at is not None, "they may leave without having answered"
    presence.member_gone(omar_member)
    ring(conversation)
    assert told() == {"ana@acme.test", "omar@acme.test"}


def test_a_viewer_who_looks_on_is_nobody_who_answers(vic: Visitor, vera_member: Membership) -> None:
    presence.member_seen(vera_member)
    ring(says(vic))
    assert told() == {"ana@acme.test", "omar@acme.test"}


def test_somebody_who_is_assigned_and_away_is_nobody_either(vic: Visitor, omar_member: Membership) -> None:
    conversation = says(vic)
    answers(conversation, omar_member)
    conversation = says(vic, "one more question")
    ring(conversation)
    assert told() == {"ana@acme.test", "omar@acme.test"}


def test_an_answer_stops_the_clock(vic: Visitor, omar_member: Membership) -> None:
    conversation = says(vic)
    answers(conversation, omar_member)
    conversation.refresh_from_db()
    assert conversation.alert_at is None
    again = says(vic, "thanks")
    assert again.alert_at is not None
    actions.resolve(again, by=omar_member)
    again.refresh_from_db()
    assert again.alert_at is None


def test_a_clock_that_rings_after_all_is_looked_at_again(vic: Visitor, omar_member: Membership) -> None:
    conversation = says(vic)
    answers(conversation, omar_member)
    Conversation.unscoped.filter(pk=conversation.pk).update(alert_at=timezone.now() - timedelta(seconds=1))
    ring(conversation)
    assert told() == set() and conversation.alert_at is None


def test_the_bell_has_one_line_for_one_wait(vic: Visitor, omar_member: Membership) -> None:
    conversation = ring(says(vic))
    unread = omar_member.notifications.filter(read_at=None, target=str(conversation.pk))
    assert [row.kind for row in unread] == [notices.UNATTENDED.name]
    answers(conversation, omar_member)
    assert not unread.all().exists(), "what was answered waits for nobody"


def test_its_mail_goes_with_the_next_sweep_to_those_who_want_it(
    vic: Visitor, ana_member: Membership, omar_member: Membership
) -> None:
    save_settings(ana_member, choices={(notices.UNATTENDED, Channel.MAIL): False})
    ring(says(vic))
    due = Notification.unscoped.filter(mail_due_at__lte=timezone.now())
    assert {row.membership_id for row in due} == {omar_member.pk}
    send_due()
    assert not due.all().exists()


def test_outside_the_hours_it_waits_for_the_opening(vic: Visitor, inbox: Inbox, acme: Workspace) -> None:
    tomorrow = (timezone.now().astimezone(ZoneInfo(acme.timezone)) + timedelta(days=2)).weekday()
    inbox.business_hours = {"days": {str(tomorrow): [["09:00", "17:00"]]}, "closed": []}
    inbox.save()
    vic.inbox.refresh_from_db()
    conversation = ring(says(vic))
    assert told() == set()
    assert conversation.alert_at is not None
    local = conversation.alert_at.astimezone(ZoneInfo(acme.timezone))
    assert (local.weekday(), local.hour, local.minute) == (tomorrow, 9, 1)


def test_an_inbox_may_do_without(vic: Visitor, inbox: Inbox) -> None:
    Inbox.unscoped.filter(pk=inbox.pk).update(alert_seconds=None)
    vic.inbox.refresh_from_db()
    conversation = says(vic)
    assert conversation.alert_at is None
    Conversation.unscoped.filter(pk=conversation.pk).update(alert_at=datetime(2026, 1, 1, tzinfo=UTC))
    ring(conversation)
    assert told() == set()


def test_a_suspended_workspace_is_left_alone_and_holds_up_nobody(vic: Visitor, acme: Workspace) -> None:
    conversation = says(vic)
    Conversation.unscoped.filter(pk=conversation.pk).update(alert_at=timezone.now() - timedelta(seconds=1))
    Workspace.objects.filter(pk=acme.pk).update(status=Workspace.Status.SUSPENDED)
    assert list(waits.due()) == []
    tasks.alert_waits()
    assert told() == set() and mail.outbox == []
