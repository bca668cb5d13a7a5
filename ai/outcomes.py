"""What an assistant would do with a question, in the order in which it is asked: the rules of moderation, a person, a
topic that is not spoken about, small talk, and only then what it knows."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Any
from uuid import UUID

from ai import moderation
from ai.assistant import Persona, blocked, small_talk, wants_person
from ai.knowledge.decide import Decision, Verdict, decide
from ai.knowledge.extract import extract
from ai.knowledge.ranking import Hit
from ai.knowledge.terms import language_of
from ai.persona import Act

LONGEST_KEPT = 300


class Kind(StrEnum):
    ANSWER = "answer"
    DID_YOU_MEAN = "did_you_mean"
    HAND_OFF = "hand_off"
    """It does not know."""
    PERSON = "person"
    """It was asked for one."""
    MODERATED = "moderated"
    """A rule calls for a person."""
    FIXED = "fixed"
    """A rule has a sentence for it."""
    BLOCKED = "blocked"
    SMALL_TALK = "small_talk"


@dataclass(frozen=True)
class Outcome:
    kind: Kind
    text: str = ""
    """What the visitor reads."""
    source: UUID | None = None
    """Where an answer is from."""
    title: str = ""
    """What that source is called."""
    rule: str = ""
    """The name of the rule that decided."""

    @property
    def hands_off(self) -> bool:
        return self.kind in (Kind.HAND_OFF, Kind.PERSON, Kind.MODERATED)

    def kept(self) -> dict[str, Any]:
        """For a check, which shows the beginning of what would be said."""
        source = str(self.source) if self.source else None
        return {"kind": self.kind.value, "text": self.text[:LONGEST_KEPT], "source": source, "title": self.title}


def outcome(question: str, persona: Persona, hits: Sequence[Hit]) -> Outcome:
    """`hits`: what `search` found for it; the same for every persona."""
    return before_search(question, persona) or of_decision(question, hits, decide(hits, persona.style))


def before_search(question: str, persona: Persona) -> Outcome | None:
    """What needs no knowledge. Who is abusive and asks for a person gets one."""
    rule = moderation.ruling(question, persona)
    if rule and rule.act == Act.HAND_OFF:
        return Outcome(Kind.MODERATED, rule=rule.name)
    if wants_person(question, persona):
        return Outcome(Kind.PERSON)
    if rule:
        return Outcome(Kind.FIXED, rule.reply, rule=rule.name)
    if topic := blocked(question, persona):
        return Outcome(Kind.BLOCKED, topic.reply)
    if said := small_talk(question, persona, language_of(question)):
        return Outcome(Kind.SMALL_TALK, said)
    return None


def of_decision(question: str, hits: Sequence[Hit], decision: Decision) -> Outcome:
    if decision.verdict == Verdict.ANSWER and (answer := extract(question, hits)):
        return Outcome(Kind.ANSWER, answer.text, answer.chunk.document.source_id, answer.source_title)
    return Outcome(Kind.DID_YOU_MEAN if decision.verdict == Verdict.DID_YOU_MEAN else Kind.HAND_OFF)
