"""Questions whose right outcome the team knows."""

from __future__ import annotations

from collections.abc import Sequence

from django.utils.translation import gettext_lazy as _

from ai import events
from ai.actions.assistant import locked
from ai.models import Expectation, GoldenQuestion, Source
from minichat.lib.errors import Conflict
from minichat.lib.transactions import action
from workspaces.events import emit
from workspaces.models import Membership, Workspace

# So many are checked in a moment.
MOST_GOLDEN = 200


@action
def add_golden(
    by: Membership, *, question: str, expects: Expectation, source: Source | None = None, words: Sequence[str] = ()
) -> GoldenQuestion:
    """Raises `Conflict` for one too many, or for a question that is there."""
    locked(by.workspace)
    if by.workspace.golden_questions.count() >= MOST_GOLDEN:
        raise Conflict(_("At most %(limit)d questions are possible.") % {"limit": MOST_GOLDEN})
    _only_once(by.workspace, question)
    row = by.workspace.golden_questions.create(
        question=question, expects=expects, source=source, words="\n".join(words)
    )
    emit(events.GOLDEN_ADDED, row, actor=by)
    return row


@action
def change_golden(
    golden: GoldenQuestion,
    *,
    by: Membership,
    question: str,
    expects: Expectation,
    source: Source | None = None,
    words: Sequence[str] = (),
) -> None:
    """Raises `Conflict` for a question that another one has."""
    locked(by.workspace)
    _only_once(by.workspace, question, but=golden)
    said = question, expects, source.pk if source else None, "\n".join(words)
    if said == (golden.question, golden.expects, golden.source_id, golden.words):
        return
    golden.question, golden.expects, golden.source, golden.words = question, expects, source, said[3]
    golden.save(update_fields=["question", "expects", "source", "words"])
    emit(events.GOLDEN_CHANGED, golden, actor=by)


@action
def delete_golden(golden: GoldenQuestion, *, by: Membership) -> None:
    locked(by.workspace)
    emit(events.GOLDEN_DELETED, golden, actor=by)
    golden.delete()


def _only_once(workspace: Workspace, question: str, *, but: GoldenQuestion | None = None) -> None:
    same = workspace.golden_questions.filter(question__iexact=question)
    if (same.exclude(pk=but.pk) if but else same).exists():
        raise Conflict(_("This question is among them already."))
