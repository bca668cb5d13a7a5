"""The part of a text around what was searched for."""

from __future__ import annotations

import re
from collections.abc import Iterator
from itertools import groupby
from typing import NamedTuple

from minichat.lib.searching import Question, fold, is_mark


class Piece(NamedTuple):
    text: str
    is_hit: bool


def snippet(text: str, asked: Question, *, before: int = 40, longest: int = 160) -> list[Piece]:
    """A part of `text` around the first hit, on one line, in pieces that are hits or not. Never HTML."""
    hits = list(_hits(text, asked))
    start = max(0, hits[0][0] - before) if hits else 0
    start = _word_begin(text, start)
    end = min(len(text), start + longest)
    marks = [False] * len(text)
    for begin, stop in hits:
        marks[begin:stop] = [True] * (stop - begin)
    pieces = [
        Piece(_one_line("".join(text[place] for place in places)), is_hit)
        for is_hit, places in groupby(range(start, end), key=lambda place: marks[place])
    ]
    if start:
        pieces.insert(0, Piece("…", is_hit=False))
    if end < len(text):
        pieces.append(Piece("…", is_hit=False))
    return pieces


def places(text: str, asked: Question) -> list[tuple[int, int]]:
    """Begin and end of each hit in UTF-16 units, as browsers count."""
    merged: list[tuple[int, int]] = []
    for begin, end in _hits(text, asked):
        if merged and begin <= merged[-1][1]:
            begin, end = merged[-1][0], max(end, merged.pop()[1])
        merged.append((begin, end))
    return [(units(text[:begin]), units(text[:end])) for begin, end in merged]


def units(text: str) -> int:
    return len(text.encode("utf-16-le", "surrogatepass")) // 2


def _hits(text: str, asked: Question) -> Iterator[tuple[int, int]]:
    folding = fold(text)
    found = []
    for needle in {needle for term in asked.terms for needle in term.needles}:
        at = folding.text.find(needle)
        while at >= 0 and at + len(needle) <= len(folding.at):
            first = at + (needle[0] == " ")
            found.append((folding.at[first], _after(text, folding.at[at + len(needle) - 1])))
            at = folding.text.find(needle, at + 1)
    yield from sorted(found)


def _after(text: str, place: int) -> int:
    """Behind the character at `place` and the marks on it."""
    place += 1
    while place < len(text) and is_mark(text[place]):
        place += 1
    return place


def _word_begin(text: str, place: int) -> int:
    """A few characters further, where a word begins, if one does; never on a mark."""
    if place:
        space = text.find(" ", place, place + 12)
        place = space + 1 if space >= 0 else place
    while 0 < place < len(text) and is_mark(text[place]):
        place += 1
    return place


def _one_line(text: str) -> str:
    return re.sub(r"\s+", " ", text)
