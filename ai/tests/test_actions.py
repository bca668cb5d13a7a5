"""What the team writes is known at once or after a moment, and forgotten at once."""

from __future__ import annotations

from typing import Any

import pytest
from django.core.management import call_command

from ai import actions, tasks
from ai.actions import FaqWish, learning
from ai.knowledge import index
from ai.knowledge.search import search
from ai.models import Chunk, Document, KnowledgeStats, Posting, Source, SourceStatus
from minichat.lib.errors import Conflict, PlanLimit
from workspaces.models import AuditEntry, Entitlements, Membership, Workspace
from workspaces.sentences import sentence

pytestmark = pytest.mark.django_db

RETURNS = {"question": "Can I return it?", "answer": "Yes, within 14 days.", "other_ways": ["ส่งคืนได้ไหม"]}


def titles(workspace: Workspace, question: str) -> list[str]:
    return [hit.chunk.titles[0] for hit in search(workspace, question)]


def lines(workspace: Workspace) -> list[str]:
    rows = AuditEntry.unscoped.filter(workspace=workspace, action__startswith="knowledge.").order_by("pk")
    return [sentence(row) for row in rows]


def test_an_faq_is_known_at_once_and_in_other_words(acme: Workspace, ana_member: Membership) -> None:
    faq = actions.add_faq(ana_member, **RETURNS)
    assert faq.status == SourceStatus.WAITING and Source.unscoped.get().status == SourceStatus.READY
    for asked in ("return", "ส่งคืน"):
        assert titles(acme, asked) == ["Can I return it?"]


def test_a_change_replaces_what_was_known(acme: Workspace, ana_member: Membership) -> None:
    faq = actions.add_faq(ana_member, **RETURNS)
    actions.change_faq(faq, by=ana_member, question="Do you repair?", answer="Yes, all grinders.")
    assert titles(acme, "return") == [] and titles(acme, "repair") == ["Do you repair?"]
    assert Document.unscoped.count() == Chunk.unscoped.count() == 1


def test_another_category_is_no_reason_to_read_again(ana_member: Membership, monkeypatch: pytest.MonkeyPatch) -> None:
    faq = actions.add_faq(ana_member, **RETURNS)
    monkeypatch.setattr(index, "index_document", lambda *_: pytest.fail("read again"))
    actions.change_faq(faq, by=ana_member, **RETURNS, category="Orders")
    assert Source.unscoped.get().category == "Orders"


def test_nothing_changed_is_nothing_said(acme: Workspace, ana_member: Membership) -> None:
    faq = actions.add_faq(ana_member, **RETURNS)
    actions.change_faq(faq, by=ana_member, **RETURNS)
    assert len(lines(acme)) == 1


def test_switched_off_and_on_again(acme: Workspace, ana_member: Membership) -> None:
    faq = actions.add_faq(ana_member, **RETURNS)
    actions.change_faq(faq, by=ana_member, **RETURNS, is_active=False)
    assert titles(acme, "return") == [] and not Posting.unscoped.exists()
    actions.change_faq(faq, by=ana_member, **RETURNS, is_active=True)
    assert titles(acme, "return") == ["Can I return it?"]


def test_written_switched_off_it_is_not_known(acme: Workspace, ana_member: Membership) -> None:
    actions.add_faq(ana_member, **RETURNS, is_active=False)
    tasks.sweep_waiting()
    assert titles(acme, "return") == []


def test_deleted_it_leaves_nothing(acme: Workspace, ana_member: Membership) -> None:
    actions.delete_source(actions.add_faq(ana_member, **RETURNS), by=ana_member)
    for model in (Source, Document, Chunk, Posting):
        assert not model.unscoped.exists()
    stats = KnowledgeStats.unscoped.get()
    assert (stats.n_chunks, stats.n_terms) == (0, 0)


def test_a_question_is_there_once(ana_member: Membership, gil_member: Membership) -> None:
    actions.add_faq(ana_member, **RETURNS)
    actions.add_faq(gil_member, **RETURNS)
    other = actions.add_faq(ana_member, question="Other", answer="x")
    with pytest.raises(Conflict):
        actions.add_faq(ana_member, question="CAN I return it?", answer="x")
    with pytest.raises(Conflict):
        actions.change_faq(other, by=ana_member, question="Can I return it?", answer="x")


def test_what_happens_is_in_the_audit_log(acme: Workspace, ana_member: Membership) -> None:
    faq = actions.add_faq(ana_member, **RETURNS)
    actions.change_faq(faq, by=ana_member, question="Can I return it?", answer="No.")
    actions.delete_source(faq, by=ana_member)
    text = actions.add_text(ana_member, title="About us", text="We roast.")
    actions.change_text(text, by=ana_member, title="About us", text="We roast beans.")
    actions.delete_source(text, by=ana_member)
    actions.import_faqs(ana_member, [FaqWish("a", "b")])
    assert lines(acme) == [
        "Ana Srisuk added the FAQ “Can I return it?”.",
        "Ana Srisuk changed the FAQ “Can I return it?”.",
        "Ana Srisuk deleted the FAQ “Can I return it?”.",
        "Ana Srisuk added the text “About us”.",
        "Ana Srisuk changed the text “About us”.",
        "Ana Srisuk deleted the text “About us”.",
        "Ana Srisuk imported FAQs (new: 1, changed: 0).",
    ]


def test_the_plan_says_how_many_faqs(globex: Workspace, gil_member: Membership) -> None:
    for number in range(10):
        actions.add_faq(gil_member, question=f"Question {number}", answer="x")
    with pytest.raises(PlanLimit) as caught:
        actions.add_faq(gil_member, question="One more", answer="x")
    assert caught.value.fields["limit"] == caught.value.fields["current"] == 10
    assert caught.value.detail == "Your plan includes 10 FAQs." and caught.value.fields["plan"] == "starter"
    with pytest.raises(PlanLimit):
        actions.import_faqs(gil_member, [FaqWish("Question 1", "y"), FaqWish("New", "y")])
    assert actions.import_faqs(gil_member, [FaqWish("Question 1", "y")]) == (0, 1)
    assert globex.knowledge_sources.count() == 10


def test_the_plan_says_how_many_passages(gil_member: Membership) -> None:
    Entitlements.unscoped.filter(workspace=gil_member.workspace).update(passages=3)
    text = actions.add_text(gil_member, title="Long", text="# A\n\none\n\n# B\n\ntwo\n\n# C\n\nthree")
    assert text.passages == 3
    with pytest.raises(PlanLimit):
        actions.add_text(gil_member, title="More", text="four")
    with pytest.raises(PlanLimit):
        actions.change_text(text, by=gil_member, title="Long", text=text.text + "\n\n# D\n\nfour")
    actions.change_text(text, by=gil_member, title="Long", text="# A\n\none")
    actions.add_text(gil_member, title="More", text="four")
    # FAQs are counted by themselves.
    actions.add_faq(gil_member, question="a", answer="b")


# --- Texts ------------------------------------------------------------------------------------------------------------


def test_a_text_waits_for_the_task(
    acme: Workspace, ana_member: Membership, django_capture_on_commit_callbacks: Any
) -> None:
    with django_capture_on_commit_callbacks() as callbacks:
        text = actions.add_text(ana_member, title="Delivery", text="We ship to Chiang Mai in two days.")
    assert text.status == SourceStatus.WAITING and titles(acme, "ship") == []
    for callback in callbacks:
        callback()
    text.refresh_from_db()
    assert text.status == SourceStatus.READY and text.synced_at and titles(acme, "ship") == ["Delivery"]


def test_the_old_text_answers_until_the_new_one_is_read(acme: Workspace, ana_member: Membership) -> None:
    text = actions.add_text(ana_member, title="Delivery", text="We ship by bicycle.")
    tasks.sweep_waiting()
    actions.change_text(text, by=ana_member, title="Delivery", text="We ship by train.")
    assert titles(acme, "bicycle") == ["Delivery"]
    tasks.sweep_waiting()
    assert titles(acme, "bicycle") == [] and titles(acme, "train") == ["Delivery"]


def test_switched_off_a_text_is_forgotten_at_once(acme: Workspace, ana_member: Membership) -> None:
    text = actions.add_text(ana_member, title="Delivery", text="We ship by bicycle.")
    tasks.sweep_waiting()
    actions.change_text(text, by=ana_member, title="Delivery", text="We ship by bicycle.", is_active=False)
    assert titles(acme, "bicycle") == []


@pytest.mark.parametrize("what", ["changed", "off", "deleted"])
def test_who_was_faster_than_the_task_has_won(
    acme: Workspace, ana_member: Membership, monkeypatch: pytest.MonkeyPatch, what: str
) -> None:
    text = actions.add_text(ana_member, title="Delivery", text="We ship by bicycle.")

    def meanwhile() -> None:
        if what == "deleted":
            actions.delete_source(text, by=ana_member)
        else:
            actions.change_text(
                text, by=ana_member, title="Delivery", text="We ship by train.", is_active=what != "off"
            )

    pieces_of = learning.pieces_of

    def slowly(source: Source) -> Any:
        pieces = pieces_of(source)
        monkeypatch.setattr(learning, "pieces_of", pieces_of)
        meanwhile()
        return pieces

    monkeypatch.setattr(learning, "pieces_of", slowly)
    learning.learn_waiting(acme)
    assert titles(acme, "bicycle") == []
    tasks.sweep_waiting()
    assert titles(acme, "train") == (["Delivery"] if what == "changed" else [])
    assert titles(acme, "bicycle") == []


def test_what_fails_is_said_and_can_be_tried_again(
    acme: Workspace, ana_member: Membership, monkeypatch: pytest.MonkeyPatch
) -> None:
    text = actions.add_text(ana_member, title="Delivery", text="We ship by bicycle.")
    with monkeypatch.context() as patch:
        patch.setattr(index, "index_document", lambda *_: 1 / 0)
        tasks.sweep_waiting()
    text.refresh_from_db()
    assert (text.status, text.error) == (SourceStatus.FAILED, "broken") and not Document.unscoped.exists()
    actions.change_text(text, by=ana_member, title="Delivery", text="We ship by bicycle.")
    tasks.sweep_waiting()
    assert titles(acme, "bicycle") == ["Delivery"]


def test_nothing_of_a_closed_workspace_is_read(acme: Workspace, ana_member: Membership) -> None:
    actions.add_text(ana_member, title="Delivery", text="We ship by bicycle.")
    acme.status = Workspace.Status.CLOSED
    acme.save()
    tasks.learn_waiting(str(acme.pk))
    assert not Chunk.unscoped.exists()


def test_two_workspaces_know_nothing_of_each_other(
    acme: Workspace, globex: Workspace, ana_member: Membership, gil_member: Membership
) -> None:
    actions.add_faq(ana_member, **RETURNS)
    actions.add_faq(gil_member, question="Return tents?", answer="Never.")
    assert titles(acme, "return") == ["Can I return it?"] and titles(globex, "return") == ["Return tents?"]


def test_the_demo_knows_its_shop(settings: Any, db: None) -> None:
    from ai import demo
    from chat.demo import further

    assert demo.teach in further
    settings.DEMO_PASSWORD = "a-demo-password-4711"  # noqa: S105
    call_command("demo")
    acme = Workspace.objects.get(slug="acme")
    faqs = acme.knowledge_sources.all()
    assert faqs.count() == 20 and {faq.status for faq in faqs} == {SourceStatus.READY}
    assert all(len(faq.other_questions) >= 3 for faq in faqs)
    actions.delete_source(faqs[0], by=acme.memberships.get(role="owner"))
    call_command("demo")
    assert acme.knowledge_sources.count() == 19
