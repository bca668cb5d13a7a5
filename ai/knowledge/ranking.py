"""The closer look at what the words have found: runs of four characters (which survive a typing error and a compound
that was cut otherwise), and whether the words stand together in one place. And how sure we may be of the first hit."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from functools import cached_property, lru_cache

from ai.knowledge import scoring
from ai.knowledge.sentences import sentences
from ai.knowledge.terms import normalise, stem
from ai.models import Chunk

GRAM = 4
_WORD = re.compile(r"[^\W_]+")
# Not `\\W`: Thai vowels above and below their letter would be spaces.
_SPACES = re.compile(r"[\s!-/:-@\[-`{-~\u2000-\u206f]+")


@dataclass(frozen=True)
class Wanted:
    text: str
    """Normalised."""
    weights: Mapping[str, float]
    idf: Mapping[str, float]
    most: float
    """The idf of a word that stands nowhere."""
    borrowed: frozenset[str] = frozenset()
    """Those of the terms that only the question before has."""

    @cached_property
    def values(self) -> dict[str, float]:
        return {term: weight * self.idf[term] for term, weight in self.weights.items()}

    @cached_property
    def total(self) -> float:
        return sum(self.values.values())

    @cached_property
    def grams(self) -> list[str]:
        return list(dict.fromkeys(grams(self.text)))

    def share(self, terms: Iterable[str]) -> float:
        """How much of what was asked these terms are."""
        return sum(self.values[term] for term in terms) / self.total


@dataclass(frozen=True)
class Unit:
    """A sentence: as it stands, in the one spelling, and the stems of its words."""

    text: str
    spelt: str
    stems: frozenset[str]


@dataclass(frozen=True)
class Look:
    """A chunk as the closer look sees it."""

    flat: str
    title: Unit
    units: tuple[Unit, ...]


@dataclass(frozen=True)
class Candidate:
    chunk: Chunk
    score: float
    matched: frozenset[str]
    near: float | None = None

    @cached_property
    def look(self) -> Look:
        return look_at(self.chunk.title_path, self.chunk.text)


@dataclass(frozen=True)
class Features:
    """All between 0 and 1."""

    bm: float
    """The words' score, of what it could be."""
    cov: float
    """How much of the question stands in the chunk, by the weight of its words."""
    scov: float
    """How much of it stands in two sentences side by side."""
    gap: float
    """How far the next one is behind."""
    chcov: float
    """How many of the question's runs of characters stand in the chunk, by their weight."""
    ch: float
    """The characters' score, of what it could be."""
    miss: float
    """The weight of the heaviest word that is missing."""
    near: float | None = None
    """How near its meaning is, where that is known (`meaning.py`)."""


@dataclass(frozen=True)
class Hit:
    chunk: Chunk
    score: float
    features: Features
    matched: tuple[str, ...]
    is_exact: bool
    """The question is its title, word by word."""
    values: Mapping[str, float]
    """What each term of the question was worth."""
    look: Look
    is_borrowed: bool = False
    """None of the question's own words stand in it, only some of the question before."""

    @property
    def p_right(self) -> float:
        """That it answers the question; means something for the first hit alone."""
        return 1.0 if self.is_exact else scoring.p_right(self.features)

    @property
    def p_answerable(self) -> float:
        """That the hits answer the question among them."""
        return 1.0 if self.is_exact else scoring.p_answerable(self.features)

    @cached_property
    def grams(self) -> frozenset[str]:
        return frozenset(grams(self.look.flat))


def flat(text: str) -> str:
    return _SPACES.sub(" ", text).strip()


def grams(text: str) -> list[str]:
    text = f" {flat(text)} "
    return [text[at : at + GRAM] for at in range(max(1, len(text) - GRAM + 1))]


@lru_cache(maxsize=2_000)
def look_at(title: str, text: str) -> Look:
    """Kept for a while: what is asked for often is in the same few chunks."""
    units = sentences(text)
    # One call for all of them: what it costs is the call.
    title, *spelt = normalise("\n".join([title.replace("\n", " "), *units])).split("\n")
    return Look(f" {flat(' '.join([title, *spelt]))} ", _unit("", title), tuple(map(_unit, units, spelt)))


def _unit(text: str, spelt: str) -> Unit:
    return Unit(text, spelt, frozenset(map(stem, _WORD.findall(spelt))))


def ranked(wanted: Wanted, candidates: list[Candidate]) -> list[Hit]:
    counts = [[candidate.look.flat.count(gram) for gram in wanted.grams] for candidate in candidates]
    n = len(candidates) + scoring.PRIOR_CHUNKS
    weights = [scoring.idf(n, sum(map(bool, of_gram))) for of_gram in zip(*counts, strict=True)]
    average = sum(len(candidate.look.flat) for candidate in candidates) / max(1, len(candidates))
    hits = []
    for candidate, own in zip(candidates, counts, strict=True):
        hits.append(_hit(wanted, candidate, *_characters(own, weights, len(candidate.look.flat) / average)))
    hits.sort(key=lambda hit: (not hit.is_exact, -hit.score, hit.chunk.pk))
    return hits


def with_gaps(hits: list[Hit]) -> list[Hit]:
    """How far each is ahead of the next one of another document."""
    return [
        replace(hit, features=replace(hit.features, gap=_gap(hit, hits[place + 1 :]))) for place, hit in enumerate(hits)
    ]


def _gap(hit: Hit, behind: list[Hit]) -> float:
    if not hit.score:
        return 0.0
    scores = (other.score for other in behind if other.chunk.document_id != hit.chunk.document_id)
    gap = (hit.score - next(scores, 0.0)) / hit.score
    return min(max(0.0, gap), scoring.WIDEST_GAP)


def _hit(wanted: Wanted, candidate: Candidate, chcov: float, ch: float) -> Hit:
    bm = candidate.score / ((scoring.K1 + 1) * wanted.total)
    scov = _sentences(wanted, candidate)
    missing = [wanted.values[term] for term in wanted.weights if term not in candidate.matched]
    features = Features(
        bm=bm,
        cov=wanted.share(candidate.matched),
        scov=scov,
        gap=0.0,
        chcov=chcov,
        ch=ch,
        miss=max(missing, default=0.0) / wanted.most,
        near=candidate.near,
    )
    score = bm + scoring.CHARACTERS_COUNT * ch + scoring.SENTENCES_COUNT * scov
    score += scoring.MEANING_COUNTS * (candidate.near or 0.0)
    return Hit(
        chunk=candidate.chunk,
        score=round(score, 6),
        features=features,
        matched=tuple(term for term in wanted.weights if term in candidate.matched),
        is_exact=_is_title(wanted.text, candidate.chunk),
        values=wanted.values,
        look=candidate.look,
        is_borrowed=bool(candidate.matched) and wanted.borrowed.issuperset(candidate.matched),
    )


def _is_title(text: str, chunk: Chunk) -> bool:
    asked = flat(text)
    return bool(asked) and any(flat(normalise(title)) == asked for title in chunk.titles)


def _characters(counts: list[int], weights: list[float], length: float) -> tuple[float, float]:
    """The share of the runs that are there, and their score. `length`: the chunk's, of the average."""
    norm = scoring.K1 * (1 - scoring.B + scoring.B * length)
    total = sum(weights) or 1.0
    share = score = 0.0
    for count, weight in zip(counts, weights, strict=True):
        if count:
            share += weight
            score += weight * count / (count + norm)
    return share / total, score / total


def _sentences(wanted: Wanted, candidate: Candidate) -> float:
    """With the title beside each: it is what all of them are about."""
    title, *found = [said(unit, candidate.matched) for unit in (candidate.look.title, *candidate.look.units)]
    pairs = [one | other | title for one, other in zip(found, [*found[1:], set()], strict=False)]
    return max(map(wanted.share, pairs), default=wanted.share(title))


def said(unit: Unit, terms: Iterable[str]) -> set[str]:
    """Which of the terms stand in it. In a script without spaces a word is looked for as it stands."""
    return {term for term in terms if term in unit.stems or (not _is_word(term) and term in unit.spelt)}


def _is_word(term: str) -> bool:
    return term.isascii() and term.isalpha()
