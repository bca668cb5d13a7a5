"""What the agent would say to a question, and why, in words for people who know nothing of scores."""

from __future__ import annotations

import re
from dataclasses import dataclass

from django.utils.safestring import SafeString

from ai.assistant import persona_of
from ai.knowledge.citing import cited
from ai.knowledge.decide import THRESHOLDS, Decision, Style, Verdict, decide
from ai.knowledge.extract import Extract, extract
from ai.knowledge.ranking import Hit
from ai.knowledge.search import search
from ai.knowledge.terms import normalise, stem
from ai.listing import excerpt_of
from ai.outcomes import Outcome, before_search
from ai.persona import Persona
from minichat.lib import rich
from workspaces.models import Workspace

_WORD = re.compile(r"[^\W_]+")


@dataclass(frozen=True)
class Row:
    """A hit as the panel shows it."""

    hit: Hit
    words: list[str]
    """Those of the question that stand in it, as they were typed."""

    @property
    def title(self) -> str:
        return cited(self.hit.chunk)

    @property
    def excerpt(self) -> str:
        return excerpt_of(self.hit.chunk.text)

    @property
    def points(self) -> int:
        return round(100 * self.hit.score)

    @property
    def near(self) -> int | None:
        """How alike question and hit are in meaning, in percent; None where that is not known."""
        near = self.hit.features.near
        return None if near is None else percent(near)


@dataclass(frozen=True)
class Trial:
    question: str
    decision: Decision
    answer: Extract | None
    rows: list[Row]
    style: Style = Style.BALANCED
    said: Outcome | None = None
    """What it does without looking anything up: a person is asked for, a blocked topic, small talk."""

    @property
    def percent(self) -> int:
        return percent(self.decision.confidence)

    @property
    def needed(self) -> int:
        return percent(THRESHOLDS[self.style])

    @property
    def is_whole(self) -> bool:
        return self.answer is not None and self.answer.is_whole

    @property
    def html(self) -> SafeString:
        """The answer as the visitor's chat draws it. What was cut out of a text has no markup."""
        text = self.answer.text if self.answer else ""
        return rich.html(text, rich.nodes(text, only_links=not self.is_whole))

    @property
    def suggestions(self) -> list[str]:
        return [hit.chunk.titles[0] for hit in self.decision.suggestions]


def trial(workspace: Workspace, question: str, persona: Persona | None = None) -> Trial:
    """With the settings that are in force, or with these."""
    persona = persona or persona_of(workspace)
    hits = search(workspace, question)
    decision = decide(hits, persona.style)
    answer = extract(question, hits) if decision.verdict == Verdict.ANSWER else None
    rows = [Row(hit, spoken(question, hit.matched)) for hit in hits]
    return Trial(question, decision, answer, rows, persona.style, before_search(question, persona))


def spoken(question: str, terms: tuple[str, ...]) -> list[str]:
    """The terms of a search are stems; people know the words they typed."""
    typed = {stem(word): word for word in reversed(_WORD.findall(normalise(question)))}
    return list(dict.fromkeys(typed.get(term, term) for term in terms))


def percent(share: float) -> int:
    """Nothing but the very same question is 100 % sure."""
    return 100 if share >= 1 else min(99, round(100 * share))
