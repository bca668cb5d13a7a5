"""Text as it is searched: one spelling for what people write in many ways, cut into tokens that an index can hold.

Words of scripts with spaces are found from their beginning; Thai, Chinese, Japanese and their neighbours write none
between words, so they are found anywhere, by runs of two and three characters, as are digits. The folded text decides
what is found, the tokens only say where it is worth looking: both databases give the same rows.
"""

from __future__ import annotations

import re
import unicodedata
import zlib
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import NamedTuple
from uuid import UUID

MOST_TERMS = 10
# A word is found by its beginnings of these lengths.
BEGINNINGS = (2, 3, 4, 6)
WORD, DIGITS, UNSPACED, MARK, APOSTROPHE = "word", "digits", "unspaced", "mark", "apostrophe"
# Thai and Lao, Khmer, Burmese, Tibetan; kana, ideographs, Hangul.
_UNSPACED = re.compile(
    "[\u0e00-\u0eff\u0f00-\u0fff\u1000-\u109f\u1780-\u17ff\u3005-\u30ff\u3400-\u9fff\uac00-\ud7af\uf900-\ufaff"
    "\U00020000-\U0003134f]"
)
_CJK = re.compile("[\u3005-\u30ff\u3400-\u9fff\uac00-\ud7af\uf900-\ufaff\U00020000-\U0003134f]")
# Two ways to type the same sound: เ twice for แ, and the circle of ำ before its tone instead of after it.
_THAI_TONES = "\u0e48\u0e49\u0e4a\u0e4b"
_NIKHAHIT = "\u0e4d"
_LATE_TONE = re.compile(f"{_NIKHAHIT}([{_THAI_TONES}])")
_ACCENTS = re.compile("[\u0300-\u036f]")
_UNSEEN = re.compile("[\u00ad\u061c\u180e\u200b-\u200f\u202a-\u202e\u2060-\u2064\u2066-\u206f\ufe00-\ufe0f\ufeff]")
_OTHER_DIGITS = re.compile(r"(?![0-9])\d")
_APOSTROPHES = "'\u2019\u02bc"
# A number in groups: "081-234-5678", "(02) 123 4567", "1,790".
_GROUPED = re.compile(r"\d(?:[\d ().+\-\u2010-\u2015]{5,22})\d|\d{1,3}(?:,\d{3})+")
_LEAST_DIGITS, _MOST_DIGITS = 7, 16
_QUOTED = re.compile(
    '["\u201c\u201d\u00ab\u00bb\u201e]([^"\u201c\u201d\u00ab\u00bb\u201e]+)["\u201c\u201d\u00ab\u00bb\u201e]'
)


class Run(NamedTuple):
    kind: str
    text: str


class Folded(NamedTuple):
    """`text` is `folded(original)`; `at[i]` is where its i-th character stands in the original."""

    text: str
    at: list[int]


class _Kinds(dict[str, str]):
    """What a character of the one spelling belongs to; a mark belongs to what is before it, anything else parts."""

    def __missing__(self, character: str) -> str:
        kind = self[character] = _kind(character)
        return kind


def folded(text: str) -> str:
    """Runs of one kind with a space before each. Numbers that were written in groups follow once more in one piece, on
    lines of their own."""
    letters, last = [], ""
    for character in _plain(text):
        kind = _KINDS[character]
        if kind is MARK:
            kind = last
        elif kind is APOSTROPHE:
            last = last if last is WORD else ""
            continue
        if kind:
            letters.append(character if kind is last else f" {character}")
        last = kind
    return "".join(letters) + _joined(text)


def fold(text: str) -> Folded:
    """The same with places, character by character: for showing, not for storing."""
    spelt: list[str] = []
    places: list[int] = []
    for place, cluster in _clusters(text):
        for character in _plain(cluster):
            if spelt and spelt[-1] == character == "เ":
                spelt[-1] = "แ"
                continue
            is_late = bool(spelt) and spelt[-1] == _NIKHAHIT and character in _THAI_TONES
            spelt.insert(len(spelt) - is_late, character)
            places.insert(len(places) - is_late, place)
    kept: list[str] = []
    at: list[int] = []
    last = ""
    for character, place in zip(spelt, places, strict=True):
        kind = last if _KINDS[character] is MARK else _KINDS[character]
        if kind is APOSTROPHE:
            last = last if last is WORD else ""
            continue
        if kind:
            kept += [character] if kind is last else [" ", character]
            at += [place] if kind is last else [place, place]
        last = kind
    for number in _numbers(text):
        kept += ["\n", " ", *[digit for digit, _ in number]]
        at += [number[0][1]] * 2 + [place for _, place in number]
    return Folded("".join(kept), at)


def _clusters(text: str) -> Iterator[tuple[int, str]]:
    """A character with the marks on it."""
    start = 0
    for place in range(1, len(text) + 1):
        if place == len(text) or not is_mark(text[place]):
            yield start, text[start:place]
            start = place


def is_mark(character: str) -> bool:
    return unicodedata.category(character)[0] == "M" or character in "\uff9e\uff9f"


def _plain(text: str) -> str:
    """No case, no width, no accents on letters, digits as 0 to 9, nothing that is not seen; Thai typed one way."""
    if text.isascii():
        return text.lower()
    text = unicodedata.normalize("NFKC", unicodedata.normalize("NFKC", text).casefold())
    bare = _ACCENTS.sub("", unicodedata.normalize("NFD", text))
    text = _UNSEEN.sub("", unicodedata.normalize("NFC", bare))
    text = _OTHER_DIGITS.sub(lambda found: str(unicodedata.digit(found[0])), text)
    return _LATE_TONE.sub(r"\1" + _NIKHAHIT, text.replace("เเ", "แ"))


def _kind(character: str) -> str:
    if character in _APOSTROPHES:
        return APOSTROPHE
    if _UNSPACED.match(character) and unicodedata.category(character)[0] in "LMN":
        return UNSPACED
    if is_mark(character):
        return MARK
    if character.isdigit() and character.isascii():
        return DIGITS
    return WORD if unicodedata.category(character)[0] in "LN" else ""


_KINDS = _Kinds()


def _joined(text: str) -> str:
    return "".join(f"\n {''.join(digit for digit, _ in number)}" for number in _numbers(text))


def _numbers(text: str) -> Iterator[list[tuple[str, int]]]:
    """Numbers in groups as their digits and where those stand."""
    for found in _GROUPED.finditer(text):
        places = [place for place in range(*found.span()) if text[place].isdigit()]
        whole = "," in found[0] or _LEAST_DIGITS <= len(places) <= _MOST_DIGITS
        if whole and len(places) < len(found[0]):
            yield [(str(unicodedata.digit(text[place])), place) for place in places]


def runs(folding: str) -> Iterator[Run]:
    for piece in folding.split():
        yield Run(_KINDS[piece[0]], piece)


# --- Tokens -----------------------------------------------------------------------------------------------------------


def tokens(folding: str) -> set[str]:
    """Everything a text of this folding can be asked for."""
    found: set[str] = set()
    for kind, text in runs(folding):
        if kind == WORD:
            found.update(text[:length] for length in BEGINNINGS if length <= len(text))
        else:
            found.update(_pieces(text, 2), _pieces(text, 3), filter(_CJK.match, text))
    return found


def keys(workspace_id: UUID, texts: Iterable[str]) -> list[int]:
    """Tokens as numbers of 32 bits that differ between workspaces, so that nobody's search reads another's postings.
    Two tokens may share a number: the folded text tells them apart."""
    seed = zlib.crc32(workspace_id.bytes)
    return sorted({zlib.crc32(text.encode(), seed) - 2**31 for text in texts})


def _pieces(text: str, length: int) -> Iterator[str]:
    return (text[at : at + length] for at in range(len(text) - length + 1))


# --- Questions --------------------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Term:
    """One thing that must be there: any of `needles` stands in the folded text, and then it has all of `tokens`."""

    needles: tuple[str, ...]
    tokens: frozenset[str]


@dataclass(frozen=True)
class Question:
    terms: tuple[Term, ...]

    @property
    def tokens(self) -> frozenset[str]:
        return frozenset().union(*(term.tokens for term in self.terms))

    @property
    def is_long_enough(self) -> bool:
        """A single letter stands in nearly everything."""
        return bool(self.tokens)

    def matches(self, folding: str) -> bool:
        return all(any(needle in folding for needle in term.needles) for term in self.terms)


def question(text: str) -> Question:
    """Words that must all be there; "what stands between quotation marks" as it stands there."""
    quoted = _QUOTED.findall(text)
    pieces = [*quoted, *_QUOTED.sub(" ", text).split()]
    terms = [term for piece in pieces if (term := _term(piece))]
    return Question(tuple(dict.fromkeys(terms))[:MOST_TERMS])


def _term(text: str) -> Term | None:
    folding = folded(text).partition("\n")[0]
    pieces = list(runs(folding))
    if not pieces:
        return None
    # A word begins where we say it does; a number or a Thai word may begin inside another.
    needles = [folding if pieces[0].kind == WORD else folding[1:]]
    if len(pieces) > 1 and all(run.kind == DIGITS for run in pieces):
        needles.append("".join(run.text for run in pieces))
    return Term(tuple(needles), frozenset(_wanted(pieces)))


def _wanted(pieces: list[Run]) -> Iterator[str]:
    for kind, text in pieces:
        if kind == WORD:
            yield from [text[:length] for length in BEGINNINGS if length <= len(text)][-1:]
        elif len(text) > 1:
            yield from _pieces(text, min(3, len(text)))
        elif _CJK.match(text):
            yield text
