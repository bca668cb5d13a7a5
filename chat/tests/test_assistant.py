"""Who answers: the assistant until it hands over or somebody takes over, and never both."""

from __future__ import annotations

import os
import threading
import uuid
from collections.abc import Callable

import pytest
from django.db import connections

from chat import actions, handoffs, notices, own, snapshots
from chat.actions import idle
from chat.actions.assistant import LEAST, expected
from chat.counts import counts_for
from chat.models import Conversation, Handler, Inbox, Kind, Message, Status, Visitor
from minichat.lib.errors import Conflict
from notifications.models import Notification
from workspaces.models import Membership, Workspace

pytestmark = pytest.mark.django_db

# So many in a run of the suite; RACES=10000 takes minutes.
RACES = int(os.environ.get("RACES", "40"))
SOURCE = {"title": "Delivery", "url": "", "page": None, "quote": "Two days.", "source": "s"}


@pytest.fixture
def vic(vic: Visitor) -> Visitor:
    """A visitor whom the assistant answers."""
    vic.inbox.answered_by = Handler.AI
    vic.inbox.save()
    return vic


def says(visitor: Visitor, body: str = "How long does delivery take?", fresh: bool = True) -> Message:
    return actions.post_visitor_message(visitor, body=body, client_id=uuid.uuid4(), fresh=fresh).message


def answers(question: Message, body: str = "Two days.", version: int | None = None) -> Message:
    version = question.conversation.turn_version if version is None else version
    return actions.post_ai_message(
        question, body=body, turn_version=version, name="AI assistant", sources=[SOURCE]
    ).message


def gives_up(conversation: Conversation, reason: str = handoffs.UNKNOWN, version: int | None = None) -> Conversation:
    version = conversation.turn_version if version is None else version
    return actions.hand_off(
        conversation.workspace, conversation.pk, reason=reason, turn_version=version, summary={"first": "Hm?"}
    )


def test_what_the_assistant_answers_does_not_wait(vic: Visitor, omar_member: Membership) -> None:
    conversation = says(vic).conversation
    assert (conversation.handler, conversation.waiting_since) == (Handler.AI, None)
    assert not Notification.unscoped.filter(kind=notices.WAITING.name).exists()
    numbers = counts_for(omar_member)
    assert (numbers["ai"], numbers["waiting"], numbers["unread"]) == (1, 0, 0)


def test_it_answers_with_its_sources(vic: Visitor) -> None:
    question = says(vic)
    reply = answers(question)
    assert (reply.kind, reply.author_name, reply.client_id) == (Kind.AI, "AI assistant", question.pk)
    public = snapshots.public_message(reply)
    assert public["author"]["name"] == "AI assistant"
    assert public["sources"] == [{"title": "Delivery", "url": "", "page": None, "quote": "Two days."}]
    assert own.newest(vic)["unread"] == 1


def test_nobody_is_answered_twice(vic: Visitor) -> None:
    question = says(vic)
    first = answers(question)
    # A model words it anew each time.
    again = actions.post_ai_message(
        question, body="In two days.", turn_version=question.conversation.turn_version, name="x"
    )
    assert again.is_repeat and again.message == first


@pytest.mark.parametrize(
    "moves",
    [
        lambda row, by: actions.take_over(row, by=by),
        lambda row, by: actions.assign(row, assignee=by, by=by),
        lambda row, by: actions.post_operator_message(row, by=by, body="Me.", client_id=uuid.uuid4()),
        lambda row, by: actions.resolve(row, by=by),
    ],
)
def test_rf_20_it_is_silent_once_a_person_moved(
    vic: Visitor, omar_member: Membership, moves: Callable[[Conversation, Membership], object]
) -> None:
    question = says(vic)
    moves(question.conversation, omar_member)
    with pytest.raises(actions.Late):
        answers(question)
    with pytest.raises(actions.Late):
        gives_up(question.conversation)
    assert not question.conversation.messages.filter(kind=Kind.AI).exists()


def test_the_visitors_next_words_make_an_answer_late(vic: Visitor) -> None:
    question = says(vic)
    version = question.conversation.turn_version
    says(vic, "And to Phuket?", fresh=False)
    with pytest.raises(actions.Late):
        answers(question, version=version)


def test_it_hands_over(vic: Visitor, omar_member: Membership) -> None:
    conversation = gives_up(says(vic).conversation)
    assert (conversation.handler, conversation.assignee) == (Handler.PEOPLE, None)
    assert conversation.waiting_since is not None and conversation.alert_at is not None
    line = conversation.messages.get(kind=Kind.EVENT)
    assert line.event["reason"] == "unknown" and line.event["summary"] == {"first": "Hm?"}
    told = snapshots.public_message(line)["event"]
    assert told == {"name": "handed_off_away", "by": None, "wait": None}, "nothing of the summary"
    assert Notification.unscoped.filter(kind=notices.WAITING.name, membership=omar_member).count() == 1
    with pytest.raises(actions.Late):
        gives_up(conversation)


def test_how_long_one_waits_is_said_when_it_is_known(vic: Visitor, omar_member: Membership) -> None:
    from chat import presence

    presence.member_seen(omar_member)
    assert expected(vic.inbox) == {"away": False, "wait": None}
    for number in range(LEAST):
        conversation = gives_up(says(vic, f"Question {number}?").conversation)
        actions.post_operator_message(conversation, by=omar_member, body="Here.", client_id=uuid.uuid4())
    Conversation.unscoped.filter(inbox=vic.inbox, first_wait__isnull=False).update(first_wait=100)
    assert expected(vic.inbox) == {"away": False, "wait": 2}
    line = gives_up(says(vic, "And?").conversation).messages.get(kind=Kind.EVENT)
    assert snapshots.public_message(line)["event"] == {"name": "handed_off_wait", "by": None, "wait": 2}


def test_handed_back_it_answers_again(vic: Visitor, omar_member: Membership) -> None:
    question = says(vic)
    conversation = actions.take_over(question.conversation, by=omar_member)
    conversation = actions.hand_back(conversation, by=omar_member)
    assert (conversation.handler, conversation.assignee, conversation.waiting_since) == (Handler.AI, None, None)
    answers(question, version=conversation.turn_version)
    actions.hand_back(conversation, by=omar_member)
    assert conversation.messages.filter(event__name="handed_back").count() == 1
    actions.resolve(conversation, by=omar_member)
    actions.take_over(conversation, by=omar_member)
    with pytest.raises(Conflict):
        actions.hand_back(conversation, by=omar_member)


def test_what_was_closed_begins_with_the_assistant_again(vic: Visitor, omar_member: Membership) -> None:
    conversation = actions.take_over(says(vic).conversation, by=omar_member)
    actions.resolve(conversation, by=omar_member)
    conversation = says(vic, "One more thing?", fresh=False).conversation
    assert (conversation.status, conversation.handler, conversation.assignee) == (Status.OPEN, Handler.AI, None)


def test_where_people_answer_nothing_changes(acme: Workspace, vic: Visitor) -> None:
    Inbox.unscoped.update(answered_by=Handler.PEOPLE)
    vic.inbox.refresh_from_db()
    conversation = says(vic).conversation
    assert conversation.handler == Handler.PEOPLE and conversation.waiting_since is not None


def test_it_ends_when_nobody_writes_any_more(vic: Visitor) -> None:
    question = says(vic)
    conversation = answers(question).conversation
    assert conversation.end_at is not None and conversation.alert_at is None
    assert not idle.end(vic.workspace, conversation.pk), "not yet"


def test_whoever_answers_here_may_take_an_answer_back(vic: Visitor, omar_member: Membership) -> None:
    reply = answers(says(vic))
    taken = actions.delete_message(reply, by=omar_member)
    assert (taken.body, taken.sources) == ("", None)
    with pytest.raises(Exception, match="forbidden"):
        actions.edit_message(reply, by=omar_member, body="Three days.")


@pytest.mark.django_db(transaction=True)
def test_rf_20_races_with_a_person(vic: Visitor, omar_member: Membership) -> None:
    """Both at once, many times: what the assistant says stands before the person's first word, or is not said."""
    for number in range(RACES):
        question = says(vic, f"Question {number}?")
        start = threading.Barrier(2)
        work = (lambda q=question: answers(q), lambda q=question: takes_over(q.conversation, omar_member))
        threads = [threading.Thread(target=_at, args=(start, one)) for one in work]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        kinds = list(question.conversation.messages.order_by("position").values_list("kind", flat=True))
        assert Kind.OPERATOR in kinds
        assert Kind.AI not in kinds[kinds.index(Kind.OPERATOR) :], kinds


def takes_over(conversation: Conversation, by: Membership) -> None:
    actions.post_operator_message(conversation, by=by, body="Let me.", client_id=uuid.uuid4())


def _at(start: threading.Barrier, work: Callable[[], object]) -> None:
    start.wait()
    try:
        work()
    except actions.Late:
        return
    finally:
        connections.close_all()
