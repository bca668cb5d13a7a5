"""Test questions made of what was asked: what the assistant in force does with it is taken to be right, until somebody
says otherwise."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from ai import actions
from ai.assistant import persona_of
from ai.checked import came
from ai.forms import line_of
from ai.knowledge.search import search
from ai.models import Expectation
from ai.models.assistant import LONGEST_GOLDEN
from ai.outcomes import Kind, Outcome, outcome
from chat.models import Message
from minichat.lib.errors import Conflict
from minichat.lib.text import clean_line
from workspaces.models import Membership, Workspace

MOST_OFFERED = 30


@dataclass(frozen=True)
class Offer:
    key: str
    question: str
    found: Outcome

    @property
    def comes(self) -> str:
        """What the assistant does with it today."""
        return str(came(self.found.kept()))


def initial(workspace: Workspace, question: str) -> dict[str, Any]:
    """For the form of a new test question."""
    question = clean_line(question)[:LONGEST_GOLDEN]
    found = outcome(question, persona_of(workspace), search(workspace, question))
    if found.kind == Kind.ANSWER:
        return {"question": question, "expects": Expectation.SOURCE, "source": found.source}
    if found.text:
        return {"question": question, "expects": Expectation.WORDS, "words": found.text.splitlines()[0]}
    return {"question": question, "expects": Expectation.HAND_OFF}


def offered(membership: Membership, asked: Iterable[Message]) -> list[Offer]:
    """Those that can be a test question as they are: answered from a source, or handed over. What is among the test
    questions already is not offered again."""
    workspace = membership.workspace
    persona = persona_of(workspace)
    known = {text.casefold() for text in workspace.golden_questions.values_list("question", flat=True)}
    offers: list[Offer] = []
    for message in asked:
        question = clean_line(message.body)
        if question.casefold() in known or len(offers) == MOST_OFFERED:
            continue
        found = outcome(question, persona, search(workspace, question))
        if found.kind in (Kind.ANSWER, Kind.HAND_OFF):
            offers.append(Offer(str(message.pk), question, found))
    return offers


def add(by: Membership, offers: Iterable[Offer]) -> int:
    """How many were added. Whoever was quicker, or too many of them, is no reason to add none."""
    added = 0
    for offer in offers:
        try:
            _add(by, offer)
        except Conflict:
            continue
        added += 1
    return added


def _add(by: Membership, offer: Offer) -> None:
    question = line_of(offer.question, LONGEST_GOLDEN)
    if offer.found.source:
        source = by.workspace.knowledge_sources.filter(pk=offer.found.source).first()
        actions.add_golden(by, question=question, expects=Expectation.SOURCE, source=source)
    else:
        actions.add_golden(by, question=question, expects=Expectation.HAND_OFF)
