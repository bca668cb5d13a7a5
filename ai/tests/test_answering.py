"""A visitor's message in, the assistant's answer or a hand-off out."""

from __future__ import annotations

import uuid
from datetime import timedelta
from typing import Any

import pytest
from django.utils import timezone

from ai import agent, modelled, tasks
from ai.actions import answering
from ai.models import Answer, Outcome
from ai.tests.conftest import Learn
from chat import actions as chat
from chat import handoffs
from chat.models import Conversation, Handler, Kind, Message, Status, Visitor
from minichat.lib.errors import NotFound
from workspaces.models import Membership, Workspace

pytestmark = pytest.mark.django_db


@pytest.fixture
def vic(vic: Visitor) -> Visitor:
    vic.inbox.answered_by = Handler.AI
    vic.inbox.save()
    return vic


@pytest.fixture(autouse=True)
def known(acme: Workspace, learn_faq: Learn) -> None:
    learn_faq(acme, "How long does delivery take?", "Two days in Bangkok, **three** elsewhere.", "When will it arrive?")
    learn_faq(acme, "คืนสินค้าได้ไหม", "ได้ค่ะ ภายใน 14 วัน", "ขอเงินคืนได้ไหม")
    learn_faq(acme, "Do you grind the coffee beans for me?", "Yes, free of charge.")


def says(visitor: Visitor, body: str, fresh: bool = True) -> Message:
    return chat.post_visitor_message(visitor, body=body, client_id=uuid.uuid4(), fresh=fresh).message


def heard(message: Message) -> tuple[Outcome | None, Message | None]:
    outcome = answering.answer(message.workspace, message.pk)
    return outcome, message.conversation.messages.filter(kind=Kind.AI).order_by("-position").first()


@pytest.mark.parametrize(
    ("question", "title"),
    [("When will it arrive?", "How long does delivery take?"), ("ขอเงินคืนได้ไหม", "คืนสินค้าได้ไหม")],
)
def test_it_answers_from_what_the_workspace_knows(vic: Visitor, question: str, title: str) -> None:
    message = says(vic, question)
    outcome, reply = heard(message)
    assert outcome == Outcome.ANSWERED and reply is not None
    assert reply.sources is not None and [source["title"] for source in reply.sources] == [title]
    row = Answer.unscoped.get()
    assert (row.question, row.message, row.outcome, row.is_gap) == (message, reply, Outcome.ANSWERED, False)
    assert row.confidence >= 0.5 and row.hits[0]["title"] == title


def test_what_it_does_not_know_goes_to_people(vic: Visitor) -> None:
    says(vic, "When will it arrive?")
    message = says(vic, "Who won the football match in Madrid?", fresh=False)
    outcome, _ = heard(message)
    assert outcome == Outcome.HANDED_OFF
    conversation = Conversation.unscoped.get(pk=message.conversation_id)
    assert conversation.handler == Handler.PEOPLE and conversation.is_waiting
    event = conversation.messages.get(kind=Kind.EVENT).event
    assert event["reason"] == handoffs.UNKNOWN
    assert event["summary"]["first"] == "When will it arrive?"
    assert event["summary"]["last"] == "Who won the football match in Madrid?"
    assert Answer.unscoped.get().is_gap, "somebody may write an FAQ"
    assert not conversation.messages.filter(kind=Kind.AI).exists(), "never both"


def test_who_asks_for_a_person_gets_one(vic: Visitor) -> None:
    outcome, _ = heard(says(vic, "I want to talk to a person"))
    assert outcome == Outcome.HANDED_OFF
    assert Answer.unscoped.get().reason == handoffs.ASKED and not Answer.unscoped.get().is_gap


def test_a_file_without_words_goes_to_people(vic: Visitor, monkeypatch: pytest.MonkeyPatch) -> None:
    message = says(vic, "x")
    Message.unscoped.filter(pk=message.pk).update(body="")
    assert answering.answer(message.workspace, message.pk) == Outcome.HANDED_OFF
    assert Answer.unscoped.get().reason == handoffs.FILE


def test_only_the_newest_of_several_is_answered(vic: Visitor) -> None:
    first = says(vic, "Hello")
    second = says(vic, "When will it arrive?", fresh=False)
    assert answering.answer(first.workspace, first.pk) is None
    assert heard(second)[0] == Outcome.ANSWERED


def test_the_same_job_twice_is_one_answer(vic: Visitor) -> None:
    message = says(vic, "When will it arrive?")
    heard(message)
    heard(message)
    assert message.conversation.messages.filter(kind=Kind.AI).count() == 1 and Answer.unscoped.count() == 1


def test_what_is_handed_back_is_answered_anew(vic: Visitor, omar_member: Membership, learn_faq: Learn) -> None:
    """What it did not know then it may know now: what is noted is about the answer that stands there."""
    message = says(vic, "Do you repair bicycles?")
    assert heard(message)[0] == Outcome.HANDED_OFF
    learn_faq(vic.workspace, "Do you repair bicycles?", "On Mondays.")
    chat.hand_back(message.conversation, by=omar_member)
    outcome, reply = heard(message)
    row = Answer.unscoped.get()
    assert (outcome, row.outcome, row.message, row.is_gap) == (Outcome.ANSWERED, Outcome.ANSWERED, reply, False)
    assert answering.answer(message.workspace, message.pk) is None, "it has its answer"


def test_nobody_is_left_of_a_deleted_conversation(vic: Visitor) -> None:
    with pytest.raises(NotFound):
        answering.give_to_people(vic.workspace, uuid.uuid4())


def test_a_follow_up_borrows_words(vic: Visitor) -> None:
    heard(says(vic, "Do you grind the coffee beans for me?"))
    turn, _ = answering._turn(vic.workspace, says(vic, "And the beans?", fresh=False).pk)
    assert turn is not None and turn.earlier == ("Do you grind the coffee beans for me?",)


@pytest.mark.parametrize("question", ["Any submarines?", "มีเรือดำน้ำไหม"])
def test_another_subject_does_not_get_the_last_answer_again(vic: Visitor, question: str) -> None:
    assert heard(says(vic, "How long does delivery take?"))[0] == Outcome.ANSWERED
    assert heard(says(vic, question, fresh=False))[0] == Outcome.HANDED_OFF


def test_asked_back_once_then_people(vic: Visitor, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(agent, "decide", _unsure)
    message = says(vic, "delivery")
    outcome, reply = heard(message)
    assert outcome == Outcome.ASKED_BACK and reply is not None
    assert reply.quick_replies == ["How long does delivery take?"] and reply.sources == []
    assert heard(says(vic, "delivery!", fresh=False))[0] == Outcome.HANDED_OFF


def _unsure(hits: Any, style: Any, *, by_model: bool = False) -> Any:
    from ai.knowledge.decide import Decision, Verdict

    return Decision(Verdict.DID_YOU_MEAN, 0.4, tuple(hits[:1]))


def test_after_people_only_questions_are_its_own(vic: Visitor, omar_member: Membership) -> None:
    conversation = says(vic, "When will it arrive?").conversation
    chat.post_operator_message(conversation, by=omar_member, body="Tomorrow.", client_id=uuid.uuid4())
    chat.resolve(conversation, by=omar_member)
    assert heard(says(vic, "Great, see you then", fresh=False))[0] == Outcome.HANDED_OFF
    chat.resolve(conversation, by=omar_member)
    assert heard(says(vic, "When will it arrive?", fresh=False))[0] == Outcome.ANSWERED


def test_switched_off_meanwhile(vic: Visitor) -> None:
    message = says(vic, "When will it arrive?")
    vic.workspace.inboxes.update(answered_by=Handler.PEOPLE)
    assert answering.answer(message.workspace, message.pk) == Outcome.HANDED_OFF
    assert Answer.unscoped.get().reason == handoffs.SWITCHED_OFF


def test_rf_20_a_failure_is_a_hand_off(vic: Visitor, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(answering, "think", lambda turn, show: 1 // 0)
    assert heard(says(vic, "When will it arrive?"))[0] == Outcome.HANDED_OFF
    assert Answer.unscoped.get().reason == handoffs.FAILED


def test_who_was_faster_is_noted(vic: Visitor, omar_member: Membership, monkeypatch: pytest.MonkeyPatch) -> None:
    message = says(vic, "When will it arrive?")

    def slow(turn: agent.Turn, show: modelled.Show) -> agent.Thought:
        chat.take_over(turn.conversation, by=omar_member)
        return agent.think(turn)

    monkeypatch.setattr(answering, "think", slow)
    assert heard(message) == (Outcome.LATE, None)
    assert Answer.unscoped.get().outcome == Outcome.LATE


@pytest.mark.django_db(transaction=True)
def test_a_message_is_answered_by_itself(vic: Visitor) -> None:
    message = says(vic, "When will it arrive?")
    assert message.conversation.messages.filter(kind=Kind.AI).count() == 1


@pytest.mark.django_db(transaction=True)
def test_handed_back_it_answers_what_is_open(vic: Visitor, omar_member: Membership) -> None:
    vic.workspace.inboxes.update(answered_by=Handler.PEOPLE)
    vic.inbox.refresh_from_db()
    conversation = says(vic, "When will it arrive?").conversation
    vic.workspace.inboxes.update(answered_by=Handler.AI)
    chat.hand_back(conversation, by=omar_member)
    assert conversation.messages.filter(kind=Kind.AI).count() == 1


def test_rf_20_a_lost_job_ends_with_people(vic: Visitor) -> None:
    conversation = says(vic, "When will it arrive?").conversation
    tasks.sweep_owed()
    conversation.refresh_from_db()
    assert conversation.handler == Handler.AI, "it still has time"
    Conversation.unscoped.update(alert_at=timezone.now() - timedelta(seconds=1))
    tasks.sweep_owed()
    conversation.refresh_from_db()
    assert conversation.handler == Handler.PEOPLE and conversation.is_waiting
    assert conversation.messages.get(kind=Kind.EVENT).event["reason"] == handoffs.FAILED


def test_SR09_a_closed_workspace_answers_nobody(vic: Visitor, acme: Workspace) -> None:
    message = says(vic, "When will it arrive?")
    acme.status = Workspace.Status.SUSPENDED
    acme.save()
    tasks.answer(str(acme.pk), str(message.pk))
    assert not Message.unscoped.filter(kind=Kind.AI).exists()


def test_SR01_it_reads_no_other_workspace(vic: Visitor, globex: Workspace, learn_faq: Learn) -> None:
    learn_faq(globex, "What is the secret recipe?", "Forty-two herbs.")
    assert heard(says(vic, "What is the secret recipe?"))[0] == Outcome.HANDED_OFF
    message = says(vic, "When will it arrive?")
    assert answering.answer(globex, message.pk) is None


def test_a_resolved_one_is_left_alone(vic: Visitor, omar_member: Membership) -> None:
    message = says(vic, "When will it arrive?")
    chat.resolve(message.conversation, by=omar_member)
    assert heard(message) == (Outcome.LATE, None)
    assert Conversation.unscoped.get(pk=message.conversation_id).status == Status.RESOLVED
