"""What the chat tells members of, and when their bells forget it."""

from __future__ import annotations

import uuid
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import translation

from chat import actions, notices
from chat.actions import VisitorPost
from chat.models import Conversation, Inbox, Visitor
from chat.widget.access import new_visitor
from minichat.lib.errors import QuotaExceeded
from notifications import centre
from notifications.actions import save_settings
from notifications.kinds import Channel, kind_of
from notifications.models import Notification
from workspaces.models import Membership

pytestmark = pytest.mark.django_db


def said(visitor: Visitor, body: str = "hello?") -> Conversation:
    return actions.post_visitor_message(visitor, body=body, client_id=uuid.uuid4()).message.conversation


def of(membership: Membership, kind: Any = notices.WAITING, **more: Any) -> list[Notification]:
    return list(membership.notifications.filter(kind=kind.name, **more))


@pytest.fixture
def team(ana_member: Membership, adam_member: Membership, omar_member: Membership, vera_member: Membership) -> None:
    """Everybody of Acme is there before anybody waits."""


def test_SR10_who_can_answer_is_told_of_somebody_who_waits(
    team: None,
    vic: Visitor,
    ana_member: Membership,
    omar_member: Membership,
    vera_member: Membership,
    gil_member: Membership,
    omar_client: Client,
    gil_client: Client,
) -> None:
    conversation = said(vic)
    told = Notification.unscoped.filter(kind=notices.WAITING.name)
    assert {row.membership.user.email for row in told} == {"ana@acme.test", "adam@acme.test", "omar@acme.test"}
    [row] = of(omar_member)
    place = notices.WAITING.link("acme", row.target)
    assert place == f"/w/acme/conversations/{conversation.pk}/"
    assert omar_client.get(place).status_code == 200, "whoever is told may read"
    assert gil_client.get(place).status_code == 404


def test_a_wait_is_told_once(team: None, vic: Visitor, omar_member: Membership) -> None:
    for _ in range(3):
        said(vic)
    assert len(of(omar_member)) == 1


def test_who_begins_to_wait_anew_is_told_anew(team: None, vic: Visitor, omar_member: Membership) -> None:
    conversation = said(vic)
    actions.resolve(conversation, by=omar_member)
    actions.assign(conversation, assignee=None, by=omar_member)
    said(vic)
    assert [row.read_at is None for row in sorted(of(omar_member), key=lambda row: row.created_at)] == [False, True]


def test_nobody_is_told_of_a_wait_for_somebody_else(
    team: None, vic: Visitor, omar_member: Membership, ana_member: Membership
) -> None:
    conversation = said(vic)
    actions.take_over(conversation, by=omar_member)
    actions.post_operator_message(conversation, by=omar_member, body="yes?", client_id=uuid.uuid4())
    said(vic)
    assert of(ana_member, read_at=None) == []


@pytest.mark.parametrize("verb", ["take", "reply", "assign", "resolve"])
def test_what_somebody_took_care_of_waits_for_nobody(
    team: None, vic: Visitor, verb: str, omar_member: Membership, ana_member: Membership, adam_member: Membership
) -> None:
    conversation, other = said(vic), said(new_visitor(vic.inbox, origin="https://shop.acme.test", language="en")[0])
    if verb == "take":
        actions.take_over(conversation, by=omar_member)
    elif verb == "reply":
        actions.post_operator_message(conversation, by=omar_member, body="yes?", client_id=uuid.uuid4())
    elif verb == "assign":
        actions.assign(conversation, assignee=ana_member, by=omar_member)
    else:
        actions.resolve(conversation, by=omar_member)
    assert [row.target for row in of(adam_member, read_at=None)] == [str(other.pk)]
    about_it = Notification.unscoped.filter(target=str(conversation.pk), kind=notices.WAITING.name)
    assert not about_it.exclude(mail_due_at=None).exists()


def test_a_note_takes_care_of_nothing(
    team: None, vic: Visitor, omar_member: Membership, ana_member: Membership
) -> None:
    conversation = said(vic)
    actions.post_operator_message(conversation, by=omar_member, body="who?", client_id=uuid.uuid4(), note=True)
    assert len(of(ana_member, read_at=None)) == 1


def test_the_assignee_is_told_who_gave_it(
    team: None, conversation: Conversation, ana_member: Membership, omar_member: Membership
) -> None:
    actions.assign(conversation, assignee=omar_member, by=ana_member)
    actions.assign(conversation, assignee=omar_member, by=ana_member)
    [row] = of(omar_member, notices.ASSIGNED)
    assert notices.ASSIGNED.say(row.data) == "Ana Srisuk gave you the conversation with Visitor 1."
    assert of(ana_member, notices.ASSIGNED) == []


def test_taking_it_oneself_is_no_news(team: None, conversation: Conversation, omar_member: Membership) -> None:
    actions.take_over(conversation, by=omar_member)
    assert of(omar_member, notices.ASSIGNED) == []


def test_a_visitor_without_a_name_is_named_in_the_readers_language() -> None:
    kind = kind_of("conversation.waiting")
    assert kind is not None
    with translation.override("th"):
        assert kind.say({"name": "", "visitor": 7}) == "ลูกค้า 7 กำลังรอคำตอบ"
    assert kind.say({"name": "50% off", "visitor": 7}) == "50% off is waiting for an answer."


def test_a_refused_message_tells_nobody(team: None, vic: Visitor, omar_member: Membership) -> None:
    vic.workspace.entitlements.visitor_messages = 0
    vic.workspace.entitlements.save()
    answers = actions.post_visitor_messages([VisitorPost(vic, "hello", uuid.uuid4())])
    assert isinstance(answers[0], QuotaExceeded) and of(omar_member) == []


def test_a_crowd_that_arrives_together_is_told_in_two_statements(
    team: None, inbox: Inbox, omar_member: Membership
) -> None:
    """Who is told, and the rows; not two for each conversation."""

    def cost(n: int) -> int:
        posts = [
            VisitorPost(new_visitor(inbox, origin="https://shop.acme.test", language="en")[0], "hi", uuid.uuid4())
            for _ in range(n)
        ]
        with CaptureQueriesContext(connection) as queries:
            actions.post_visitor_messages(posts)
        return len([query for query in queries if "SAVEPOINT" not in query["sql"]])

    said(new_visitor(inbox, origin="https://shop.acme.test", language="en")[0])
    one, many = cost(1), cost(30)
    assert many == one
    assert len(of(omar_member)) == 32


def test_a_message_into_a_running_talk_asks_for_no_member(vic: Visitor, omar_member: Membership) -> None:
    said(vic)
    with CaptureQueriesContext(connection) as queries:
        said(vic)
    assert not [query for query in queries if "membership" in query["sql"] or "notification" in query["sql"]]


def test_who_does_not_want_it_is_not_told(team: None, vic: Visitor, omar_member: Membership) -> None:
    save_settings(omar_member, choices={(notices.WAITING, channel): False for channel in Channel})
    said(vic)
    assert of(omar_member) == [] and centre.unread_count(omar_member) == 0
