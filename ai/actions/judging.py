"""What a colleague thinks of an answer of the assistant's. A poor one is a question that somebody should answer."""

from __future__ import annotations

from django.utils import timezone

from ai.models import Answer
from minichat.lib.errors import NotFound
from minichat.lib.transactions import action
from workspaces.models import Membership


@action
def judge(answer: Answer, *, by: Membership, helpful: bool | None) -> Answer:
    """None takes it back. The same again is no change, whoever says it.

    What was answered or set aside since is not brought back: a gap that is closed stays closed.
    """
    row = by.workspace.ai_answers.select_for_update(of=("self",)).filter(pk=answer.pk).first()
    if row is None:
        raise NotFound
    if row.was_helpful == helpful:
        return row
    if helpful is False:
        row.was_gap, row.is_gap = row.is_gap, True
    elif row.was_helpful is False:
        row.was_gap, row.is_gap = False, row.is_gap and row.was_gap
    row.was_helpful = helpful
    row.judged_by, row.judged_at = (None, None) if helpful is None else (by, timezone.now())
    row.save(update_fields=["was_gap", "is_gap", "was_helpful", "judged_by", "judged_at"])
    return row
