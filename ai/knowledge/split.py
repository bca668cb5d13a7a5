"""A document in pieces that can be an answer by themselves: 300 to 900 characters, cut at headings, paragraphs and
sentences. A piece that goes on where another stopped begins with the sentence before it."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from ai.knowledge.sentences import sentences
from ai.knowledge.terms import language_of

LEAST, MOST = 300, 900
# Pieces of a long section are about so long.
USUAL = 700
# A longer sentence is not said twice.
LONGEST_OVERLAP = 200
PATH_SIGN = " \u203a "
_HEADING = re.compile(r"(#{1,6})[ \t]+(\S.*?)[ \t#]*$")


@dataclass(frozen=True)
class Piece:
    """What a `Chunk` is made from."""

    text: str
    title_path: str = ""
    url: str = ""
    page: int | None = None

    @property
    def language(self) -> str:
        return language_of(f"{self.title_path}\n{self.text}")


def split_text(text: str, *, title: str = "", url: str = "", page: int | None = None) -> list[Piece]:
    """Headings are lines that begin with `#`, as in Markdown; an empty line ends a paragraph."""
    return [
        Piece(part, path, url, page)
        for path, body in _sections(text.replace("\x00", ""), title.strip())
        for part in _parts(body)
    ]


def faq_piece(question: str, answer: str, *, other_ways: list[str] | None = None, url: str = "") -> Piece:
    """An FAQ is never cut. Each way to ask it is a title."""
    lines = [" ".join(line.replace("\x00", "").split()) for line in [question, *(other_ways or [])]]
    ways = list(dict.fromkeys(line for line in lines if line))
    return Piece(answer.replace("\x00", "").strip(), "\n".join(ways), url)


def _sections(text: str, title: str) -> Iterator[tuple[str, str]]:
    """What stands under each heading, with the headings above it."""
    headings: list[tuple[int, str]] = []
    body: list[str] = []
    for line in [*text.splitlines(), None]:
        found = _HEADING.match(line.strip()) if line is not None else None
        if line is not None and not found:
            body.append(line)
            continue
        if "".join(body).strip():
            names = dict.fromkeys(name for name in [title, *[name for _, name in headings]] if name)
            yield PATH_SIGN.join(names), "\n".join(body)
        body = []
        if found:
            headings = [one for one in headings if one[0] < len(found[1])] + [(len(found[1]), found[2])]


def _parts(body: str) -> list[str]:
    body = re.sub(r"[ \t]*\n[ \t]*", "\n", body.strip())
    if len(body) <= MOST:
        return [body]
    units = list(_units(body))
    parts = _packed(units, _evenly(sum(len(unit) + 1 for _, unit in units)))
    return [_joined(part) for part in parts]


def _evenly(length: int) -> int:
    """So long are the pieces if none of them is to be a rest."""
    return -(-length // max(1, round(length / USUAL)))


Unit = tuple[str, str]
"""What stands between it and the one before it, and a sentence."""


def _units(body: str) -> Iterator[Unit]:
    for paragraph in re.split(r"\n{2,}", body):
        between = "\n\n"
        for line in paragraph.splitlines():
            for sentence in sentences(line):
                for part in _cut(sentence):
                    yield between, part
                    between = " "
            between = "\n"


def _cut(sentence: str) -> Iterator[str]:
    """A sentence that is too long for a piece, at a space if there is one."""
    most = MOST - LONGEST_OVERLAP - 2
    while len(sentence) > most:
        space = sentence.rfind(" ", most // 2, most)
        at = space if space > 0 else most
        yield sentence[:at].strip()
        sentence = sentence[at:].strip()
    if sentence:
        yield sentence


def _packed(units: list[Unit], target: int) -> list[list[Unit]]:
    parts: list[list[Unit]] = [[]]
    size = 0
    for unit in units:
        longer = size + len(unit[0]) + len(unit[1])
        # A paragraph that ends near the target is a good place to part.
        is_full = size >= target or longer > MOST or (unit[0] == "\n\n" and size >= target * 0.8)
        if parts[-1] and is_full:
            parts.append(_overlap(parts[-1]))
            size = sum(len(text) + 1 for _, text in parts[-1])
        parts[-1].append(unit)
        size += len(unit[0]) + len(unit[1])
    if len(parts) > 1 and size < LEAST:
        _fill_up(parts)
    return parts


def _overlap(part: list[Unit]) -> list[Unit]:
    last = part[-1]
    return [last] if len(last[1]) <= LONGEST_OVERLAP and len(part) > 1 else []


def _fill_up(parts: list[list[Unit]]) -> None:
    """The last piece is too short to stand alone: it takes sentences from the one before, or goes into it."""
    before, last = parts[-2], parts[-1]
    if last[0] == before[-1]:
        last = last[1:]
    if len(_joined([*before, *last])) <= MOST:
        parts[-2:] = [[*before, *last]]
        return
    before = list(before)
    while len(before) > 1 and len(_joined(last)) < LEAST:
        last = [before.pop(), *last]
    parts[-2:] = [before, last]


def _joined(part: list[Unit]) -> str:
    first, *others = part
    return first[1] + "".join(between + text for between, text in others)
