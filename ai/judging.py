"""How the team judged the assistant's answers: how often lately, and where a poor one came from."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta
from uuid import UUID

from django.db.models import Count, Q
from django.utils import timezone

from ai.models import Answer, Source
from ai.models.answer import AnswerQuerySet
from ai.models.source import WRITTEN

LATELY = timedelta(days=30)


@dataclass(frozen=True)
class Tally:
    good: int
    poor: int

    @property
    def total(self) -> int:
        return self.good + self.poor


@dataclass(frozen=True)
class Gap:
    """A question on the list; what a poor answer came from, where somebody can put that right."""

    answer: Answer
    source: Source | None

    @property
    def said(self) -> str:
        """What was answered, if anything is still there of it."""
        return self.answer.message.body if self.answer.is_poor and self.answer.message else ""


def tally(rows: AnswerQuerySet) -> Tally:
    lately = rows.judged_since(timezone.now() - LATELY)
    return Tally(
        **lately.aggregate(good=Count("pk", filter=Q(was_helpful=True)), poor=Count("pk", filter=Q(was_helpful=False)))
    )


def gaps(answers: Sequence[Answer]) -> list[Gap]:
    """`answers`: of one workspace."""
    first = {one.pk: UUID(one.hits[0]["source"]) for one in answers if one.is_poor and one.hits}
    if not first:
        return [Gap(one, None) for one in answers]
    rows = answers[0].workspace.knowledge_sources.filter(pk__in=set(first.values()), kind__in=WRITTEN)
    known = {row.pk: row for row in rows}
    return [Gap(one, known.get(first[one.pk]) if one.pk in first else None) for one in answers]
