"""Whether a draft may be published: what is checked, and how a check is judged.

A case is a golden question, or the question with which a visitor began a conversation. Golden questions have a right
outcome and are counted. Past ones have none: where the draft would do something else than what is in force, that is
shown, for people to judge.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from ai.knowledge.terms import normalise
from ai.models import Assistant, Expectation, GateRun, GoldenQuestion
from ai.outcomes import Kind, Outcome
from ai.persona import Persona, digest, kept, restored
from workspaces.models import Workspace

# So many points in a hundred a draft may be worse than what is in force, and so good it must be in any case.
MARGIN = 5
LEAST = 60
# In place of an expectation: the question of a conversation that was.
PAST = "past"


@dataclass(frozen=True)
class Tally:
    """How many of the golden questions each of the two got right."""

    total: int
    draft: int
    published: int

    @property
    def percent(self) -> int:
        return self.draft * 100 // self.total if self.total else 100

    @property
    def published_percent(self) -> int:
        return self.published * 100 // self.total if self.total else 100

    @property
    def is_too_low(self) -> bool:
        return self.draft * 100 < LEAST * self.total

    @property
    def is_a_drop(self) -> bool:
        return (self.published - self.draft) * 100 > MARGIN * self.total

    @property
    def is_passed(self) -> bool:
        return not self.is_too_low and not self.is_a_drop

    def kept(self) -> dict[str, int]:
        return {"total": self.total, "draft": self.draft, "published": self.published}


def tally(run: GateRun) -> Tally:
    golden = [case for case in run.results if case["expects"] != PAST]
    draft, published = (sum(bool(case["passed"][side]) for case in golden) for side in (0, 1))
    return Tally(len(golden), draft, published)


def failing(run: GateRun) -> list[dict[str, Any]]:
    """The cases that the draft gets wrong; first those that are right today."""
    wrong = [case for case in run.results if case["expects"] != PAST and not case["passed"][0]]
    return sorted(wrong, key=lambda case: not case["passed"][1])


def different(run: GateRun) -> list[dict[str, Any]]:
    """Past questions with which the draft would do something else."""
    past = [case for case in run.results if case["expects"] == PAST]
    return [case for case in past if case["draft"] != case["published"]]


def draft_of(assistant: Assistant | None) -> Persona:
    """What the form shows: what is being worked on, else what is in force."""
    if assistant is not None and assistant.draft is not None:
        return restored(assistant.draft)
    return in_force(assistant)


def in_force(assistant: Assistant | None) -> Persona:
    return restored(assistant.published.settings) if assistant is not None and assistant.published else Persona()


def against(assistant: Assistant | None, questions: Iterable[GoldenQuestion]) -> str:
    """Names what a check is about. Another draft, another version in force or another question is another check."""
    asked = sorted((one.question, one.expects, str(one.source_id), one.words) for one in questions)
    return digest(kept(draft_of(assistant)), kept(in_force(assistant)), asked)


def case_of(question: GoldenQuestion) -> dict[str, Any]:
    """As a run keeps it, before anything is known."""
    source = question.source
    return {
        "question": question.question,
        "golden": str(question.pk),
        "expects": question.expects,
        "source": str(source.pk) if source else None,
        "title": source.title if source else "",
        "words": question.words.splitlines(),
    }


def is_right(case: dict[str, Any], found: Outcome) -> bool:
    match case["expects"]:
        case Expectation.SOURCE:
            return found.kind == Kind.ANSWER and case["source"] is not None and str(found.source) == case["source"]
        case Expectation.HAND_OFF:
            return found.hands_off
        case _:
            said = normalise(found.text)
            return bool(said) and all(normalise(word) in said for word in case["words"])


def passed_run(workspace: Workspace, name: str) -> GateRun | None:
    """The check of exactly this that is done and was passed."""
    run = workspace.gate_runs.filter(against=name, state=GateRun.State.DONE).order_by("-created_at").first()
    return run if run is not None and tally(run).is_passed else None
