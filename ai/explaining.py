"""Why the assistant said what it said, for whoever reads it in the conversation."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.utils.functional import Promise

from ai import money
from ai.models import Answer, Outcome, Source, SourceKind
from ai.models.source import WRITTEN
from ai.naming import provider_name
from ai.trying import percent
from chat.models import Message


@dataclass(frozen=True)
class Found:
    """A hit as it was then; its source as it is now, None once it is deleted."""

    hit: dict[str, Any]
    source: Source | None

    @property
    def is_editable(self) -> bool:
        return self.source is not None and self.source.kind in WRITTEN


@dataclass(frozen=True)
class Why:
    answer: Answer
    found: list[Found]

    @property
    def way(self) -> str:
        """How it came about, in a word that the template has a sentence for."""
        if self.answer.outcome != Outcome.ANSWERED:
            return str(self.answer.outcome)
        if self.answer.made_by:
            return "model"
        first = self.found[0].source if self.found else None
        return "faq" if first is not None and first.kind == SourceKind.FAQ else "text"

    @property
    def verdict(self) -> str:
        """What a colleague made of it, if one did."""
        return {True: "good", False: "poor", None: ""}[self.answer.was_helpful]

    @property
    def percent(self) -> int:
        return percent(self.answer.confidence)

    @property
    def provider(self) -> str | Promise:
        return provider_name(self.answer.made_by.get("provider", ""))

    @property
    def model(self) -> str:
        return str(self.answer.made_by.get("model", ""))

    @property
    def cost(self) -> str:
        return money.usd(self.answer.made_by.get("cost", 0))


def why(message: Message) -> Why | None:
    """None: nothing was kept about this message."""
    workspace = message.workspace
    answer = workspace.ai_answers.select_related("version", "judged_by__user").filter(message=message).first()
    if answer is None:
        return None
    ids = {UUID(hit["source"]) for hit in answer.hits}
    known = {source.pk: source for source in workspace.knowledge_sources.filter(pk__in=ids)}
    return Why(answer, [Found(hit, known.get(UUID(hit["source"]))) for hit in answer.hits])
