"""Questions that the knowledge had no answer to: written into it, or set aside."""

from __future__ import annotations

from collections.abc import Iterable

from ai.knowledge.terms import normalise
from ai.models import Answer
from minichat.lib.transactions import action
from workspaces.models import Workspace

# As many as a page shows are looked at; older ones are found when the list has come down to them.
LOOKED_AT = 500


@action
def dismiss_gap(answer: Answer) -> None:
    """Nobody has to write an answer to this. The same again is no change."""
    answer.is_gap = False
    answer.save(update_fields=["is_gap"])


@action
def close_gaps(workspace: Workspace, questions: Iterable[str]) -> int:
    """An FAQ answers exactly these now; how many were open."""
    known = {normalise(question) for question in questions}
    rows = workspace.ai_answers.unanswered().select_related("question").order_by("-created_at", "-pk")[:LOOKED_AT]
    found = [row.pk for row in rows if normalise(row.question.body) in known]
    return workspace.ai_answers.filter(pk__in=found).update(is_gap=False)
