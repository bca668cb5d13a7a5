"""Verbs of two people at the same moment, each with a thread and a connection of their own."""

from __future__ import annotations

import uuid
from typing import Any

import pytest

from chat import actions
from chat.actions import inboxes
from chat.models import Conversation, Inbox, Kind, Visitor
from chat.tests.test_visitor_messages import at_once, post
from chat.widget.access import new_visitor
from minichat.lib.errors import Conflict, PlanLimit
from workspaces.models import Membership, Workspace

pytestmark = pytest.mark.django_db(transaction=True, serialized_rollback=True)


def events(conversation: Conversation) -> list[str]:
    return [row.event["name"] for row in conversation.messages.filter(kind=Kind.EVENT).order_by("position")]


def test_of_two_who_take_over_one_wins_and_the_other_reads_who(
    conversation: Conversation, omar_member: Membership, ana_member: Membership
) -> None:
    people = [omar_member, ana_member]
    answers = at_once(lambda number: actions.take_over(conversation, by=people[number]), workers=2)
    conversation.refresh_from_db()
    [refusal] = [answer for answer in answers if isinstance(answer, Conflict)]
    assert refusal.fields["taken_by"] == conversation.assignee_name
    assert conversation.assignee in people and events(conversation) == ["joined"]


def test_of_two_who_give_it_away_the_slower_one_decided_on_an_old_screen(
    conversation: Conversation, omar_member: Membership, ana_member: Membership
) -> None:
    people = [omar_member, ana_member]
    answers = at_once(
        lambda number: actions.assign(conversation, assignee=people[number], by=people[number], seen=None), workers=2
    )
    conversation.refresh_from_db()
    [refusal] = [answer for answer in answers if isinstance(answer, Conflict)]
    assert refusal.fields["taken_by"] == conversation.assignee_name
    assert conversation.assignee in people and events(conversation) == ["assigned"]


def test_of_two_first_replies_one_takes_it_and_both_are_stored(
    conversation: Conversation, omar_member: Membership, ana_member: Membership
) -> None:
    people = [omar_member, ana_member]
    at_once(
        lambda number: actions.post_operator_message(
            conversation, by=people[number], body=f"{number}", client_id=uuid.uuid4()
        ),
        workers=2,
    )
    assert events(conversation) == ["joined"]
    assert sorted(conversation.messages.filter(kind=Kind.OPERATOR).values_list("body", flat=True)) == ["0", "1"]


def test_the_same_reply_at_once_is_one(conversation: Conversation, omar_member: Membership) -> None:
    name = uuid.uuid4()
    answers = at_once(
        lambda number: actions.post_operator_message(conversation, by=omar_member, body="same", client_id=name)
    )
    assert len({answer.message.pk for answer in answers}) == 1
    assert conversation.messages.filter(kind=Kind.OPERATOR).count() == 1


def test_one_name_into_two_conversations_at_once(
    conversation: Conversation, inbox: Inbox, omar_member: Membership
) -> None:
    """Two locks, so only the unique key stands between them: one is stored, the other is a conflict, never a 500."""
    name = uuid.uuid4()
    other = post(new_visitor(inbox)[0]).message.conversation
    places = [conversation, other]
    answers = at_once(
        lambda number: actions.post_operator_message(places[number], by=omar_member, body="same", client_id=name),
        workers=2,
    )
    assert sorted(type(answer).__name__ for answer in answers) == ["Conflict", "Posted"]
    assert omar_member.workspace.messages.filter(client_id=name).count() == 1


def test_closing_at_once_is_closing_once(conversation: Conversation, omar_member: Membership) -> None:
    at_once(lambda number: actions.resolve(conversation, by=omar_member))
    assert events(conversation) == ["resolved"]
    at_once(lambda number: actions.reopen(conversation, by=omar_member))
    assert events(conversation) == ["resolved", "reopened"]


def test_a_message_and_a_closing_at_once_leave_no_closed_conversation_waiting(
    conversation: Conversation, vic: Visitor, omar_member: Membership
) -> None:
    def act(number: int) -> Any:
        if number:
            return actions.resolve(conversation, by=omar_member)
        return post(vic, conversation_id=conversation.pk)

    at_once(act, workers=2)
    conversation.refresh_from_db()
    assert (conversation.status == "open") == (conversation.waiting_since is not None)
    positions = list(conversation.messages.order_by("position").values_list("position", flat=True))
    assert positions == list(range(1, len(positions) + 1))


def test_marks_moved_at_once_end_at_the_furthest(
    conversation: Conversation, vic: Visitor, omar_member: Membership
) -> None:
    for _ in range(3):
        post(vic)
    at_once(lambda number: actions.mark_read(conversation, by=omar_member, position=number + 1))
    conversation.refresh_from_db()
    pointer = conversation.reads.get(membership=omar_member)
    assert (pointer.position, pointer.inbound, conversation.team_read) == (4, 4, 4)


def test_visitors_that_come_at_once_have_numbers_of_their_own(inbox: Inbox) -> None:
    at_once(lambda number: new_visitor(inbox))
    numbers = inbox.workspace.contacts.order_by("number").values_list("number", flat=True)
    assert list(numbers) == [1, 2, 3, 4]


def test_first_conversations_of_a_workspace_have_numbers_of_their_own(inbox: Inbox) -> None:
    """The counters are not there yet: making them must not give two visitors the same number."""
    visitors = [new_visitor(inbox)[0] for _ in range(4)]
    at_once(lambda number: post(visitors[number]))
    numbers = inbox.workspace.conversations.order_by("number").values_list("number", flat=True)
    assert list(numbers) == [1, 2, 3, 4]
    assert inbox.workspace.usage_counters.get(metric="visitor_messages").used == 4


def test_the_plan_holds_for_inboxes_made_at_once(globex: Workspace) -> None:
    globex.inboxes.all().delete()
    answers = at_once(lambda number: inboxes.create_inbox(globex, name=f"{number}"))
    assert sum(isinstance(answer, PlanLimit) for answer in answers) == 3 and globex.inboxes.count() == 1
