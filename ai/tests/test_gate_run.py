"""The gate: a draft is checked against what is in force, and one that is worse is not published."""

from __future__ import annotations

import uuid
from datetime import timedelta
from typing import Any

import pytest
from django.utils import timezone

from ai import actions, gate, past, tasks
from ai.actions import gate as gate_actions
from ai.assistant import BlockedTopic, Persona, persona_of
from ai.checked import report_of
from ai.gate import Tally
from ai.knowledge.decide import Style
from ai.models import Expectation, GateRun, GoldenQuestion, Source
from ai.outcomes import Kind
from chat import actions as chat_actions
from chat.models import Conversation, Inbox
from chat.widget.access import new_visitor
from minichat.lib.errors import Conflict
from workspaces.models import Membership, Workspace

pytestmark = pytest.mark.django_db


@pytest.fixture
def faqs(ana_member: Membership) -> list[Source]:
    told = [
        ("Do you ship abroad?", "Yes, everywhere."),
        ("Can I return it?", "Within 14 days."),
        ("Opening hours", "9 to 18."),
    ]
    return [actions.add_faq(ana_member, question=question, answer=answer) for question, answer in told]


@pytest.fixture
def golden(ana_member: Membership, faqs: list[Source]) -> list[GoldenQuestion]:
    """Five that the assistant gets right as it comes."""
    rows = [actions.add_golden(ana_member, question=faq.title, expects=Expectation.SOURCE, source=faq) for faq in faqs]
    rows.append(actions.add_golden(ana_member, question="Talk to a human", expects=Expectation.HAND_OFF))
    words = ["14 DAYS"]
    rows.append(actions.add_golden(ana_member, question="can i RETURN it", expects=Expectation.WORDS, words=words))
    return rows


def checked(by: Membership, persona: Persona) -> GateRun:
    actions.save_draft(by, persona)
    return actions.finish_run(actions.begin_run(by))


def publish(by: Membership) -> int:
    agreed = gate.against(by.workspace.assistants.get(), by.workspace.golden_questions.all())
    return actions.publish(by, agreed=agreed).number


def blocking(*words: str) -> Persona:
    return Persona(blocked_topics=(BlockedTopic(words, "Not here."),))


# --- The judgement ----------------------------------------------------------------------------------------------------


@pytest.mark.pure
@pytest.mark.parametrize(
    ("total", "draft", "published", "passed"),
    [
        (10, 10, 10, True),
        (10, 6, 6, True),
        (10, 5, 5, False),
        (10, 9, 10, False),
        (20, 19, 20, True),
        (20, 18, 20, False),
        (100, 95, 100, True),
        (100, 94, 100, False),
        (5, 3, 0, True),
        (3, 2, 2, True),
        (3, 1, 0, False),
        (0, 0, 0, True),
    ],
)
def test_the_margin_and_the_least(total: int, draft: int, published: int, passed: bool) -> None:
    assert Tally(total, draft, published).is_passed is passed


# --- The run ----------------------------------------------------------------------------------------------------------


def test_what_changes_nothing_passes(ana_member: Membership, golden: list[GoldenQuestion]) -> None:
    run = checked(ana_member, Persona(name="Mali"))
    assert (run.state, run.done, run.total) == ("done", 5, 5)
    assert gate.tally(run) == Tally(5, 5, 5)
    assert publish(ana_member) == 1
    version = ana_member.workspace.assistant_versions.get()
    assert (
        version.checked == {"total": 5, "draft": 5, "published": 5} and persona_of(ana_member.workspace).name == "Mali"
    )


def test_what_is_worse_is_refused_with_its_cases(ana_member: Membership, golden: list[GoldenQuestion]) -> None:
    run = checked(ana_member, blocking("ship"))
    assert gate.tally(run) == Tally(5, 4, 5)
    with pytest.raises(actions.GateClosed) as refused:
        publish(ana_member)
    assert refused.value.status == 409
    [case] = refused.value.fields["failing"]
    assert case["question"] == "Do you ship abroad?" and case["draft"]["kind"] == Kind.BLOCKED
    assert not ana_member.workspace.assistant_versions.exists()


def test_mended_it_passes(ana_member: Membership, golden: list[GoldenQuestion]) -> None:
    checked(ana_member, blocking("ship"))
    checked(ana_member, blocking("politics"))
    assert publish(ana_member) == 1


def test_bad_on_both_sides_is_too_bad(ana_member: Membership, faqs: list[Source]) -> None:
    for number in range(3):
        actions.add_golden(ana_member, question=f"unicorn number {number}", expects=Expectation.SOURCE, source=faqs[0])
    run = checked(ana_member, Persona(name="Mali"))
    assert gate.tally(run).is_too_low and not gate.tally(run).is_a_drop
    with pytest.raises(actions.GateClosed):
        publish(ana_member)


def test_in_force_is_the_published_version(ana_member: Membership, golden: list[GoldenQuestion]) -> None:
    checked(ana_member, Persona(name="Mali"))
    publish(ana_member)
    golden[3].delete()
    run = checked(ana_member, Persona(hand_off_phrases=("ship",)))
    assert run.published["name"] == "Mali" and gate.tally(run) == Tally(4, 3, 4)


def test_how_careful_it_is_counts(ana_member: Membership, faqs: list[Source], monkeypatch: pytest.MonkeyPatch) -> None:
    from ai.knowledge import scoring

    monkeypatch.setattr(scoring, "p_right", lambda features: 0.55)
    actions.add_golden(ana_member, question="shipping to far abroad", expects=Expectation.SOURCE, source=faqs[0])
    assert gate.tally(checked(ana_member, Persona(style=Style.CAREFUL))) == Tally(1, 0, 1)
    assert gate.tally(checked(ana_member, Persona(style=Style.EAGER))) == Tally(1, 1, 1)


@pytest.mark.parametrize("what", ["draft", "question", "version"])
def test_a_check_holds_for_exactly_this(ana_member: Membership, golden: list[GoldenQuestion], what: str) -> None:
    checked(ana_member, Persona(name="Mali"))
    if what == "draft":
        actions.save_draft(ana_member, Persona(name="Nok"))
    elif what == "question":
        actions.change_golden(golden[3], by=ana_member, question="A human!", expects=Expectation.HAND_OFF)
    else:
        publish(ana_member)
        actions.save_draft(ana_member, Persona())
    with pytest.raises(actions.GateClosed):
        publish(ana_member)


def test_a_deleted_source_is_no_right_answer(
    ana_member: Membership, faqs: list[Source], golden: list[GoldenQuestion]
) -> None:
    actions.delete_source(faqs[0], by=ana_member)
    run = checked(ana_member, Persona(name="Mali"))
    [case] = report_of(ana_member.workspace, run).failing
    assert case.question == "Do you ship abroad?" and "deleted" in case.expected and not case.was_right


def test_failing_cases_say_what_came(ana_member: Membership, golden: list[GoldenQuestion]) -> None:
    report = report_of(ana_member.workspace, checked(ana_member, blocking("return", "human")))
    assert [(case.question, case.expected, case.draft, case.was_right) for case in report.failing] == [
        ("Can I return it?", "An answer from “Can I return it?”", "Says that it does not talk about this", True),
        ("can i RETURN it", "An answer with: 14 DAYS", "Says that it does not talk about this", True),
    ]
    assert report.failing[0].draft_text == "Not here."


# --- The task ---------------------------------------------------------------------------------------------------------


def test_the_task_does_it(
    ana_member: Membership, golden: list[GoldenQuestion], django_capture_on_commit_callbacks: Any
) -> None:
    actions.save_draft(ana_member, Persona(name="Mali"))
    with django_capture_on_commit_callbacks(execute=True):
        assert actions.begin_run(ana_member).is_running
    assert GateRun.unscoped.get().is_done


def test_asking_twice_is_once(ana_member: Membership, golden: list[GoldenQuestion]) -> None:
    assert actions.begin_run(ana_member) == actions.begin_run(ana_member)
    actions.save_draft(ana_member, Persona(name="Mali"))
    assert actions.begin_run(ana_member) == GateRun.unscoped.get()


def test_another_check_ends_the_one_before(ana_member: Membership, golden: list[GoldenQuestion]) -> None:
    old = actions.begin_run(ana_member)
    actions.save_draft(ana_member, Persona(name="Mali"))
    new = actions.begin_run(ana_member)
    assert actions.finish_run(old).state == GateRun.State.FAILED
    assert GateRun.unscoped.get() == new and new.is_running


def test_two_tasks_at_one_check_count_each_case_once(
    ana_member: Membership, golden: list[GoldenQuestion], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(gate_actions, "STEP", 2)
    actions.begin_run(ana_member)
    one, other = (GateRun.unscoped.select_related("workspace").get() for _ in range(2))
    gate_actions._step(one)
    assert actions.finish_run(other).done == 5
    assert actions.finish_run(one).done == 5
    assert all(case["passed"] == [True, True] for case in GateRun.unscoped.get().results)


def test_what_a_dead_process_left_is_finished(ana_member: Membership, golden: list[GoldenQuestion]) -> None:
    run = actions.begin_run(ana_member)
    tasks.sweep_checks()
    run.refresh_from_db()
    assert run.is_running
    GateRun.unscoped.update(moved_at=timezone.now() - timedelta(minutes=2))
    tasks.sweep_checks()
    run.refresh_from_db()
    assert run.is_done


def test_what_breaks_is_said(
    ana_member: Membership, golden: list[GoldenQuestion], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(gate_actions, "search", lambda *_: 1 / 0)
    actions.save_draft(ana_member, Persona(name="Mali"))
    run = actions.finish_run(actions.begin_run(ana_member))
    assert run.state == GateRun.State.FAILED
    with pytest.raises(actions.GateClosed):
        publish(ana_member)


def test_nothing_of_a_closed_workspace_is_checked(ana_member: Membership, golden: list[GoldenQuestion]) -> None:
    run = actions.begin_run(ana_member)
    ana_member.workspace.status = Workspace.Status.CLOSED
    ana_member.workspace.save()
    tasks.run_check(str(run.workspace_id), str(run.pk))
    run.refresh_from_db()
    assert run.done == 0


# --- Questions --------------------------------------------------------------------------------------------------------


def test_a_question_is_there_once(ana_member: Membership, gil_member: Membership) -> None:
    one = actions.add_golden(ana_member, question="A human?", expects=Expectation.HAND_OFF)
    actions.add_golden(gil_member, question="A human?", expects=Expectation.HAND_OFF)
    other = actions.add_golden(ana_member, question="Somebody?", expects=Expectation.HAND_OFF)
    with pytest.raises(Conflict):
        actions.add_golden(ana_member, question="a HUMAN?", expects=Expectation.HAND_OFF)
    with pytest.raises(Conflict):
        actions.change_golden(other, by=ana_member, question="A human?", expects=Expectation.HAND_OFF)
    actions.change_golden(one, by=ana_member, question="a human?", expects=Expectation.HAND_OFF)


def test_there_is_an_end_to_them(ana_member: Membership, monkeypatch: pytest.MonkeyPatch) -> None:
    from ai.actions import golden

    monkeypatch.setattr(golden, "MOST_GOLDEN", 1)
    actions.add_golden(ana_member, question="A human?", expects=Expectation.HAND_OFF)
    with pytest.raises(Conflict):
        actions.add_golden(ana_member, question="Somebody?", expects=Expectation.HAND_OFF)


# --- Past questions ---------------------------------------------------------------------------------------------------


def ask(inbox: Inbox, *texts: str) -> Conversation:
    visitor, _token = new_visitor(inbox)
    sent = [chat_actions.post_visitor_message(visitor, body=text, client_id=uuid.uuid4()) for text in texts]
    return sent[0].message.conversation


def said(membership: Membership) -> list[str]:
    return [row.body for row in past.questions(membership)]


def test_the_question_with_which_a_conversation_began(inbox: Inbox, ana_member: Membership) -> None:
    ask(inbox, "hello", "do you ship abroad?", "and to the moon?")
    ask(inbox, "talk to a human", "where is my parcel")
    ask(inbox, "DO YOU SHIP ABROAD?")
    ask(inbox, "ok", "?", "x" * 400)
    assert said(ana_member) == ["DO YOU SHIP ABROAD?", "where is my parcel"]


def test_past_questions_are_compared_and_stop_nothing(inbox: Inbox, ana_member: Membership, faqs: list[Source]) -> None:
    ask(inbox, "Do you ship abroad?")
    ask(inbox, "Can I return it?")
    run = checked(ana_member, blocking("ship"))
    assert gate.tally(run) == Tally(0, 0, 0) and run.total == 2
    report = report_of(ana_member.workspace, run)
    assert report.past == 2
    [case] = report.different
    assert (case.question, case.draft) == ("Do you ship abroad?", "Says that it does not talk about this")
    assert case.published == "Answers from “Do you ship abroad?”"


def test_a_check_keeps_no_word_of_a_visitor(inbox: Inbox, ana_member: Membership, faqs: list[Source]) -> None:
    conversation = ask(inbox, "Do you ship abroad? My name is Vic.")
    run = checked(ana_member, blocking("ship"))
    assert "Vic" not in str(run.results)
    assert "Vic" in report_of(ana_member.workspace, run).different[0].question
    conversation.messages.all().delete()
    assert report_of(ana_member.workspace, run).different == []
