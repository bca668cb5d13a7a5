"""What Thai loses in a PDF. Fonts have second shapes of tones and vowels, for when they stand beside a tall letter;
many programs, browsers among them, write them without saying which letter they are, and a reader finds U+0000.

The dictionary knows: of the marks that could stand there one makes a word.
"""

from __future__ import annotations

import re
from functools import cache, lru_cache

LOST = "\x00"
# Those that have a second shape, the likelier ones first.
MARKS = "\u0e48\u0e49\u0e47\u0e4c\u0e34\u0e35\u0e37\u0e31\u0e36\u0e4a\u0e4b"
LONGEST_WORD = 12
# The same gaps come again and again. Who has so many different ones is no text.
MOST_GAPS = 5_000
_THAI = "[\u0e01-\u0e5b\x00]"
_LOST_IN_THAI = re.compile(f"(?<={_THAI})\x00+")
_LATE_TONE = re.compile("\u0e4d([\u0e48-\u0e4b\x00]?)\u0e32")


def mended(text: str) -> str:
    """`text` with the marks that can be told, without those that cannot; sara am in one piece."""
    text = _LATE_TONE.sub("\\1\u0e33", text)
    if LOST not in text:
        return text
    parts: list[str] = []
    gaps: set[tuple[str, str]] = set()
    at, tail = 0, ""
    for found in _LOST_IN_THAI.finditer(text):
        between = text[at : found.start()]
        tail = (tail + between)[-LONGEST_WORD:]
        gap = _run(tail, at_end=True), _run(_after(text, found.end()), at_end=False)
        if len(gaps) < MOST_GAPS:
            gaps.add(gap)
        parts += [between, _mark(*gap) if gap in gaps else ""]
        tail += parts[-1]
        at = found.end()
    return ("".join(parts) + text[at:]).replace(LOST, "")


def _after(text: str, at: int) -> str:
    return text[at : at + LONGEST_WORD].partition(LOST)[0]


def _run(text: str, *, at_end: bool) -> str:
    """The Thai letters next to the gap."""
    found = re.search("[\u0e01-\u0e5b]*$" if at_end else "^[\u0e01-\u0e5b]*", text[-LONGEST_WORD:] if at_end else text)
    return found[0] if found else ""


@lru_cache(20_000)
def _mark(left: str, right: str) -> str:
    """The mark with which the longest word reaches over the gap; of two words, the one that is written more often."""
    whole, gap = (left, right), len(left)
    found = [
        (length, frequency, mark) for mark in MARKS for length, frequency in [_longest(mark.join(whole), gap)] if length
    ]
    return max(found, key=lambda one: one[:2])[2] if found else ""


def _longest(text: str, gap: int) -> tuple[int, int]:
    """How long the longest word over the place is, and how often it is written."""
    best = (0, 0)
    for start in range(max(0, gap - LONGEST_WORD), gap):
        for end in range(gap + 1, min(len(text), start + LONGEST_WORD) + 1):
            word = text[start:end]
            if end - start >= best[0] and word in _words():
                best = max(best, (end - start, _frequencies().get(word, 0)))
    return best


@cache
def _words() -> frozenset[str]:
    from pythainlp.corpus.common import thai_words

    return frozenset(thai_words())


@cache
def _frequencies() -> dict[str, int]:
    from pythainlp.corpus import ttc

    return ttc.unigram_word_freqs()
