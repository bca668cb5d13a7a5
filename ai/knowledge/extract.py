"""The built-in answer: what the knowledge base says, word by word. No model, no network; the same every time."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from ai.knowledge import scoring
from ai.knowledge.citing import cited
from ai.knowledge.ranking import Hit, Unit, grams, said
from ai.knowledge.terms import normalise
from ai.models import Chunk, SourceKind

LONGEST = 260
MOST_SENTENCES = 3
# Who asks for a number is answered by a sentence with one in it.
_WANTS_NUMBER = re.compile(
    r"\b(when|how (many|much|long|far|old|often|big|fast|large|high|tall)|what (year|time|date|day|percentage|number)"
    r"|which year|price|cost)\b"
    "|\u0e01\u0e35\u0e48|\u0e40\u0e17\u0e48\u0e32\u0e44\u0e23|\u0e40\u0e17\u0e48\u0e32\u0e44\u0e2b\u0e23\u0e48"
    "|\u0e40\u0e21\u0e37\u0e48\u0e2d\u0e44|\u0e40\u0e21\u0e37\u0e48\u0e2d\u0e43\u0e14|\u0e1b\u0e35\u0e43\u0e14"
    "|\u0e1b\u0e35\u0e44\u0e2b\u0e19|\u0e27\u0e31\u0e19\u0e17\u0e35\u0e48\u0e40|\u0e23\u0e32\u0e04\u0e32|\u0e08\u0e33\u0e19\u0e27\u0e19"
)
_DIGIT = re.compile(r"\d")


@dataclass(frozen=True)
class Extract:
    text: str
    chunk: Chunk
    is_whole: bool
    """The answer of an FAQ as its author wrote it, however long."""

    @property
    def source_title(self) -> str:
        return cited(self.chunk)

    @property
    def source_url(self) -> str:
        return self.chunk.url


def extract(question: str, hits: Sequence[Hit]) -> Extract | None:
    """From the first hit: its whole answer if it is an FAQ, else the sentences that say most of what was asked."""
    if not hits:
        return None
    hit = hits[0]
    if hit.chunk.document.source.kind == SourceKind.FAQ:
        return Extract(hit.chunk.text, hit.chunk, is_whole=True)
    return Extract(_best(question, hit), hit.chunk, is_whole=False)


def _best(question: str, hit: Hit) -> str:
    asked = normalise(question)
    runs, wants_number = set(grams(asked)), bool(_WANTS_NUMBER.search(asked))
    best, text = -1.0, ""
    for window in _windows(hit.look.units):
        joined = " ".join(unit.text for unit in window)
        spelt = " ".join(unit.spelt for unit in window)
        score = _share(hit, window) + scoring.RUNS_COUNT * sum(run in spelt for run in runs) / len(runs)
        if wants_number and _DIGIT.search(spelt):
            score += scoring.NUMBER_COUNTS
        # Neighbours explain; of two that say the same the longer one is likelier to have the answer in it.
        score += scoring.LENGTH_COUNTS * min(len(joined), LONGEST) / LONGEST
        # The first of equals, whatever the last digit of a sum.
        if score > best + 1e-9:
            best, text = score, joined
    return _shortened(text)


def _share(hit: Hit, window: Sequence[Unit]) -> float:
    """How much of what was asked these sentences say."""
    terms = set().union(*(said(unit, hit.matched) for unit in window))
    return sum(hit.values[term] for term in terms) / (sum(hit.values.values()) or 1.0)


def _windows(units: Sequence[Unit]) -> Iterator[Sequence[Unit]]:
    """One to three neighbours that are short enough together; a single one may be too long."""
    for start in range(len(units)):
        for end in range(start + 1, min(start + MOST_SENTENCES, len(units)) + 1):
            window = units[start:end]
            if len(window) == 1 or sum(len(unit.text) + 1 for unit in window) - 1 <= LONGEST:
                yield window


def _shortened(text: str) -> str:
    if len(text) <= LONGEST:
        return text
    space = text.rfind(" ", LONGEST // 2, LONGEST - 1)
    return text[: space if space > 0 else LONGEST - 1].rstrip(" ,;:") + "\u2026"
