"""Answer, ask back, or fetch a person: what is done with what was found."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum

from ai.knowledge.ranking import Hit

# Below this nothing that was found is worth showing.
LEAST = 0.35
MOST_SUGGESTIONS = 3


class Style(StrEnum):
    """How sure the agent must be before it speaks."""

    CAREFUL = "careful"
    BALANCED = "balanced"
    EAGER = "eager"


THRESHOLDS = {Style.CAREFUL: 0.65, Style.BALANCED: 0.5, Style.EAGER: LEAST}


class Verdict(StrEnum):
    ANSWER = "answer"
    DID_YOU_MEAN = "did_you_mean"
    HAND_OFF = "hand_off"


@dataclass(frozen=True)
class Decision:
    verdict: Verdict
    confidence: float
    suggestions: tuple[Hit, ...] = ()
    """What could have been meant, for `DID_YOU_MEAN`: each has a title of its own."""


def decide(hits: Sequence[Hit], style: Style = Style.BALANCED, *, by_model: bool = False) -> Decision:
    """`by_model`: a model reads all hits and may say that it does not know; an extract is the first hit, or wrong."""
    if not hits:
        return Decision(Verdict.HAND_OFF, 0.0)
    if hits[0].is_borrowed and not by_model:
        # A model reads both questions. An extract would say again what was just said, whatever is asked now.
        return Decision(Verdict.HAND_OFF, 0.0)
    confidence = hits[0].p_answerable if by_model else hits[0].p_right
    if confidence >= THRESHOLDS[style]:
        return Decision(Verdict.ANSWER, confidence)
    suggestions = _suggestions(hits) if confidence >= LEAST else ()
    return Decision(Verdict.DID_YOU_MEAN if suggestions else Verdict.HAND_OFF, confidence, suggestions)


def _suggestions(hits: Sequence[Hit]) -> tuple[Hit, ...]:
    by_title = {hit.chunk.titles[0]: hit for hit in reversed(hits) if hit.chunk.titles}
    best_first = [hit for hit in hits if hit in by_title.values()]
    return tuple(best_first[:MOST_SUGGESTIONS])
