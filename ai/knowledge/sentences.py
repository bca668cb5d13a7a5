"""Where a text may be cut without breaking a thought.

English ends its sentences with a sign. Thai does not: it puts a space between phrases, so phrases are joined until they
are long enough to say something, and never parted at a number or in an open bracket.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from ai.knowledge.terms import language_of

# A Thai unit is at least so long.
LEAST_THAI = 60
_ENDS = re.compile(r"(?<=[.!?\u2026])[\"'\u201d\u2019)\]]*\s+(?=[\"'\u201c\u2018(\[]*[^\W_a-z])")
_NO_END = re.compile(
    r"(?:\b(?:mr|mrs|ms|dr|prof|st|vs|etc|e\.g|i\.e|inc|ltd|co|jr|sr|approx|fig|vol|pp|cf)|\b[a-z])\.$", re.I
)
_NUMBER = re.compile(r"\bno\.$", re.I)
_OPENING = "([{\u201c\u2018\"'"
_CLOSING = ")]}\u201d\u2019\"'"


def sentences(text: str) -> list[str]:
    """In their order, without the white space between them."""
    return [unit for line in text.splitlines() if line.strip() for unit in _of_line(line.strip())]


def _of_line(line: str) -> Iterator[str]:
    return _thai(line) if language_of(line) == "th" else _english(line)


def _english(line: str) -> Iterator[str]:
    start = 0
    for found in _ENDS.finditer(line):
        end = found.start() + len(found[0].rstrip())
        if not (_NO_END.search(line[start : found.start()]) or _is_number(line, found)):
            yield line[start:end].strip()
            start = found.end()
    if line[start:].strip():
        yield line[start:].strip()


def _is_number(line: str, found: re.Match[str]) -> bool:
    """The end of "no. 5" is none."""
    return bool(_NUMBER.search(line[: found.start()])) and line[found.end() : found.end() + 1].isdigit()


def _thai(line: str) -> Iterator[str]:
    unit = ""
    phrases = line.split()
    for place, phrase in enumerate(phrases):
        unit = f"{unit} {phrase}" if unit else phrase
        following = phrases[place + 1] if place + 1 < len(phrases) else ""
        if len(unit) >= LEAST_THAI and _may_part(unit, following):
            yield unit
            unit = ""
    if unit:
        yield unit


def _may_part(unit: str, following: str) -> bool:
    if not following or unit[-1].isdigit() or following[0].isdigit() or following[0] in _OPENING + _CLOSING:
        return False
    if following[0] in ("\u0e46", "\u0e2f"):  # the signs of repetition and of what is left out
        return False
    return unit[-1] not in _OPENING and unit.count("(") <= unit.count(")")
