"""Whether what a model said is taken from the sources it was given. What is not is never shown."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from ai.knowledge.ranking import Hit
from ai.knowledge.terms import language_of, normalise, terms
from ai.prompts import HANDOFF

# So much of what it says must stand in what it cites; where the languages differ words cannot be compared.
LEAST_SHARED = 0.25
_CITES = re.compile(r"\s*\[(\d{1,2}(?:\s*,\s*\d{1,2})*)\]")
_NUMBER = re.compile(r"\d+(?:[.,\u00a0 ]\d{3})*(?:[.,]\d+)?")
_LINK = re.compile(r"\b(?:https?://|www\.)[^\s<>\[\]()\"']+", re.IGNORECASE)


@dataclass(frozen=True)
class Grounded:
    text: str
    """With its citations numbered in the order in which they come."""
    hits: tuple[Hit, ...]
    """By these numbers, from 1."""


def gives_up(text: str) -> bool:
    """Also in the midst of it: who answers and gives up has not answered."""
    return HANDOFF in text


def may_give_up(text: str) -> bool:
    """So little has come that it may still become the word for it: nothing of it is shown yet."""
    return HANDOFF.startswith(text.lstrip(" *`\"'\n")[: len(HANDOFF)])


def grounded(text: str, sources: Sequence[Hit], canary: str, *, question: str) -> Grounded | None:
    """None: it cites nothing, or something that it was not given, says something else than what it cites, answers in
    another language than it was asked in, or shows what it was told."""
    if canary in text or gives_up(text):
        return None
    numbers = [int(number) for group in _CITES.findall(text) for number in group.split(",")]
    if not numbers or not all(1 <= number <= len(sources) for number in numbers):
        return None
    order = list(dict.fromkeys(numbers))
    hits = tuple(sources[number - 1] for number in order)
    said = _CITES.sub("", text)
    if language_of(said) != language_of(question) or not _is_taken_from(said, hits, question):
        return None
    return Grounded(_without_strange_links(_CITES.sub(lambda match: _anew(match, order), text), hits).strip(), hits)


def without_citations(text: str) -> str:
    """For whoever is shown the sources beside it."""
    return _CITES.sub("", text)


def adds_to(said: str, text: str) -> bool:
    """Whether there is a link or a number in it that the text does not have."""
    return not (_links(said) <= _links(text) and _numbers(said) <= _numbers(text))


def without_links(text: str) -> str:
    return _LINK.sub("", text)


def _is_taken_from(said: str, hits: Sequence[Hit], question: str) -> bool:
    cited = "\n".join(f"{hit.chunk.title_path}\n{hit.chunk.text}" for hit in hits)
    # Prices, years and phone numbers are the same in all languages, and the worst that can be made up.
    if not _numbers(said) <= _numbers(f"{cited}\n{question}"):
        return False
    if language_of(said) != language_of(cited):
        return True
    words = set(terms(said))
    return not words or len(words & set(terms(cited))) >= LEAST_SHARED * len(words)


def _links(text: str) -> set[str]:
    return {link.rstrip(".,;:!?") for link in _LINK.findall(text)}


def _numbers(text: str) -> set[str]:
    """Of two digits and more, however they are grouped: a single one is as often a word."""
    return {digits for found in _NUMBER.findall(normalise(text)) if len(digits := re.sub(r"\D", "", found)) > 1}


def _anew(match: re.Match[str], order: Sequence[int]) -> str:
    numbers = sorted({order.index(int(number)) + 1 for number in match.group(1).split(",")})
    return "".join(f" [{number}]" for number in numbers)


def _without_strange_links(text: str, hits: Sequence[Hit]) -> str:
    """A link that stands in no source leads nowhere that the shop knows of."""
    known = "\n".join(f"{hit.chunk.url}\n{hit.chunk.text}" for hit in hits)
    return _LINK.sub(lambda match: match.group() if match.group().rstrip(".,;:!?") in known else "", text)
