from __future__ import annotations

import threading
import uuid
from collections.abc import Callable
from typing import Any

import pytest
from django.db import close_old_connections, connection
from django.test.utils import CaptureQueriesContext

from chat import actions
from chat.actions import VisitorPost
from chat.models import Conversation, Inbox, Kind, Status, Visitor
from chat.widget.access import new_visitor, visitor_by_token
from minichat.lib.errors import Conflict, NotFound, QuotaExceeded
from workspaces.models import AuditEntry, Membership, Workspace

ROUND_TRIPS = 4  # BEGIN, the reads under their locks, the writes, COMMIT


def post(visitor: Visitor, body: str = "hello", **more: Any) -> actions.Posted:
    return actions.post_visitor_message(visitor, body=body, client_id=more.pop("client_id", uuid.uuid4()), **more)


@pytest.mark.django_db
def test_the_first_message_opens_a_conversation_that_waits(vic: Visitor) -> None:
    message = post(vic, "Do you ship?").message
    conversation = vic.conversations.get()
    assert (message.position, message.seq, message.public_seq, message.kind) == (1, 1, 1, Kind.VISITOR)
    assert (conversation.status, conversation.number, conversation.inbound) == (Status.OPEN, 1, 1)
    assert conversation.is_waiting and conversation.last_message_preview == "Do you ship?"


@pytest.mark.django_db
def test_the_next_message_stays_in_it(vic: Visitor) -> None:
    positions = [post(vic, f"{number}").message.position for number in range(3)]
    assert positions == [1, 2, 3]
    assert vic.conversations.get().inbound == 3


@pytest.mark.django_db
def test_posting_twice_is_posting_once(vic: Visitor) -> None:
    name = uuid.uuid4()
    first, second = post(vic, "once", client_id=name), post(vic, "once", client_id=name)
    assert not first.is_repeat and second.is_repeat
    assert first.ack(public=True) == second.ack(public=True)
    assert vic.workspace.messages.count() == 1
    assert vic.workspace.usage_counters.get(metric="visitor_messages").used == 1


@pytest.mark.django_db
def test_the_same_name_for_another_text_is_a_conflict(vic: Visitor) -> None:
    name = uuid.uuid4()
    post(vic, "once", client_id=name)
    with pytest.raises(Conflict):
        post(vic, "twice", client_id=name)
    assert vic.workspace.messages.get().body == "once"


@pytest.mark.django_db
def test_a_batch_answers_each_post_for_itself(vic: Visitor) -> None:
    name = uuid.uuid4()
    posts = [
        VisitorPost(vic, "a", name),
        VisitorPost(vic, "b", name),
        VisitorPost(vic, "c", uuid.uuid4(), uuid.uuid4()),
        VisitorPost(vic, "a", name),
        VisitorPost(vic, "d", uuid.uuid4()),
    ]
    answers = actions.post_visitor_messages(posts)
    assert [type(answer).__name__ for answer in answers] == ["Posted", "Conflict", "NotFound", "Posted", "Posted"]
    assert [row.body for row in vic.workspace.messages.order_by("position")] == ["a", "d"]


@pytest.mark.django_db
def test_SR03_somebody_elses_conversation_is_not_found(vic: Visitor, inbox: Inbox, conversation: Conversation) -> None:
    other, _ = new_visitor(inbox)
    with pytest.raises(NotFound):
        post(other, conversation_id=conversation.pk)
    assert conversation.messages.count() == 1


@pytest.mark.django_db
def test_a_closed_conversation_opens_again(conversation: Conversation, vic: Visitor, omar_member: Membership) -> None:
    actions.resolve(conversation, by=omar_member)
    post(vic, "one more thing")
    conversation.refresh_from_db()
    assert conversation.status == Status.OPEN and conversation.is_waiting
    names = [row.event["name"] for row in conversation.messages.filter(kind=Kind.EVENT).order_by("position")]
    assert names == ["resolved", "reopened"]
    assert AuditEntry.unscoped.filter(target_id=str(conversation.pk), action="conversation.reopened").count() == 1


@pytest.fixture
def at_the_limit(globex: Workspace) -> Visitor:
    """A visitor of Globex (free plan), one message before the month's end."""
    visitor, _ = new_visitor(globex.inboxes.get())
    post(visitor, "first")
    globex.usage_counters.filter(metric="visitor_messages").update(used=249)
    return visitor


@pytest.mark.django_db
def test_over_the_plan_nothing_is_stored(at_the_limit: Visitor) -> None:
    post(at_the_limit, "the last one")
    with pytest.raises(QuotaExceeded) as refused:
        post(at_the_limit, "one too many")
    assert refused.value.fields["used"] == refused.value.fields["limit"] == 250
    assert at_the_limit.workspace.messages.count() == 2


@pytest.mark.django_db
def test_a_batch_over_the_limit_stores_what_fits(at_the_limit: Visitor) -> None:
    answers = actions.post_visitor_messages([VisitorPost(at_the_limit, "x", uuid.uuid4()) for _ in range(3)])
    assert [isinstance(answer, QuotaExceeded) for answer in answers] == [False, True, True]
    assert at_the_limit.workspace.usage_counters.get(metric="visitor_messages").used == 250


@pytest.mark.django_db
@pytest.mark.parametrize("knows_conversation", [True, False])
def test_round_trips_of_a_message(
    conversation: Conversation,
    vic_token: str,
    inbox: Inbox,
    knows_conversation: bool,
    django_capture_on_commit_callbacks: Any,
) -> None:
    visitor = visitor_by_token(inbox.widget_key, vic_token)
    hint = conversation.pk if knows_conversation else None
    with CaptureQueriesContext(connection) as queries:
        post(visitor, conversation_id=hint)
    statements = [query["sql"] for query in queries if "SAVEPOINT" not in query["sql"]]
    # The test's own transaction swallows BEGIN and COMMIT: they are the two that are added here.
    ceiling = ROUND_TRIPS if connection.vendor == "postgresql" else 12
    assert len(statements) + 2 <= ceiling, statements


@pytest.mark.django_db(transaction=True, serialized_rollback=True)
class TestAtOnce:
    """Two threads with connections of their own."""

    def test_two_first_messages_open_one_conversation(self, vic: Visitor) -> None:
        answers = at_once(lambda number: post(vic, f"first {number}"))
        assert len({answer.message.conversation_id for answer in answers}) == 1
        assert sorted(vic.workspace.messages.values_list("position", flat=True)) == [1, 2, 3, 4]

    def test_the_same_post_at_once_is_one_message(self, vic: Visitor) -> None:
        name = uuid.uuid4()
        answers = at_once(lambda number: post(vic, "same", client_id=name))
        assert len({answer.message.pk for answer in answers}) == 1
        assert vic.workspace.messages.count() == 1

    def test_the_limit_holds(self, at_the_limit: Visitor) -> None:
        answers = at_once(lambda number: post(at_the_limit, f"{number}"))
        assert sum(isinstance(answer, QuotaExceeded) for answer in answers) == 3
        assert at_the_limit.workspace.messages.count() == 2

    def test_visitor_and_operator_write_into_one_order(
        self, conversation: Conversation, vic: Visitor, omar_member: Membership
    ) -> None:
        def write(number: int) -> Any:
            if number % 2:
                return post(vic, f"{number}", conversation_id=conversation.pk)
            return actions.post_operator_message(
                conversation, by=omar_member, body=f"{number}", client_id=uuid.uuid4(), note=number == 2
            )

        at_once(write)
        rows = list(conversation.messages.order_by("position"))
        assert [row.position for row in rows] == list(range(1, len(rows) + 1))
        assert sorted(row.seq for row in rows) == list(range(1, len(rows) + 1))
        public = sorted(row.public_seq for row in rows if row.public_seq)
        assert public == list(range(1, len(public) + 1))


def at_once(work: Callable[[int], Any], workers: int = 4) -> list[Any]:
    barrier = threading.Barrier(workers)
    answers: list[Any] = [None] * workers

    def run(number: int) -> None:
        close_old_connections()
        barrier.wait()
        try:
            answers[number] = work(number)
        except Exception as error:
            answers[number] = error
        finally:
            connection.close()

    threads = [threading.Thread(target=run, args=(number,)) for number in range(workers)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(20)
    return answers
