"""How a check went, in words."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext as _

from ai import gate, past
from ai.gate import Tally
from ai.listing import excerpt_of
from ai.models import Expectation, GateRun
from ai.outcomes import Kind
from ai.wording import KINDS, Words
from workspaces.models import Workspace

MOST_DIFFERENT = 20


@dataclass(frozen=True)
class Case:
    question: str
    golden: str
    """The id of the golden question; none for a past one."""
    expected: str
    draft: str
    draft_text: str
    published: str
    published_text: str
    was_right: bool
    """What is in force gets it right: the draft would make it worse."""


@dataclass(frozen=True)
class Report:
    tally: Tally
    failing: list[Case]
    past: int
    """How many past questions were asked."""
    different: list[Case]
    more_different: int


def report_of(workspace: Workspace, run: GateRun) -> Report:
    """Of a run that is done. Words of visitors are read now, where they may be read still."""
    different = gate.different(run)
    shown = different[:MOST_DIFFERENT]
    texts = past.texts(workspace, shown)
    return Report(
        tally=gate.tally(run),
        failing=[_case(case, case["question"]) for case in gate.failing(run)],
        past=sum(case["expects"] == gate.PAST for case in run.results),
        different=[_case(case, texts[case["message"]]) for case in shown if case["message"] in texts],
        more_different=len(different) - len(shown),
    )


def _case(case: dict[str, Any], question: str) -> Case:
    return Case(
        question=question,
        golden=case.get("golden", ""),
        expected=expected(case),
        draft=str(came(case["draft"])),
        draft_text=excerpt_of(case["draft"]["text"]),
        published=str(came(case["published"])),
        published_text=excerpt_of(case["published"]["text"]),
        was_right=bool(case["passed"][1]),
    )


def expected(case: dict[str, Any]) -> str:
    """What is right, as a sentence: `case` is one of a run, or `gate.case_of` a question."""
    match case["expects"]:
        case Expectation.SOURCE if case["source"] is None:
            return _("An answer from a source that has been deleted")
        case Expectation.SOURCE:
            return _("An answer from “%(title)s”") % {"title": case["title"]}
        case Expectation.WORDS:
            return _("An answer with: %(words)s") % {"words": ", ".join(case["words"])}
        case Expectation.HAND_OFF:
            return _("Hands over to a person")
    return ""


def came(found: dict[str, Any]) -> Words:
    if found["kind"] == Kind.ANSWER:
        return _("Answers from “%(title)s”") % {"title": found["title"]}
    return KINDS[Kind(found["kind"])]
