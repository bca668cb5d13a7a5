"""What a text loses before a model reads it: markup, signs that nobody sees, and numbers that name a person or their
money. What is stored and shown stays as it was typed."""

from __future__ import annotations

import re
from dataclasses import dataclass, field

# Controls, zero widths, bidi overrides, fillers, variation selectors and tag characters: they carry words past whoever
# reads along.
_UNSEEN = re.compile(
    "[\u0000-\u0008\u000b-\u001f\u007f-\u009f\u00ad\u034f\u061c\u115f\u1160\u17b4\u17b5\u180b-\u180f\u200b-\u200f"
    "\u202a-\u202e\u2060-\u206f\u3164\ufe00-\ufe0f\ufeff\uffa0\ufff9-\ufffb\U000e0000-\U000e0fff]"
)
_SILENT = re.compile(r"<(script|style)\b[^<>]*>.*?</\1\s*>|<!--.*?-->", re.IGNORECASE | re.DOTALL)
# Neither "a < b" nor "<https://shop.example>" nor "<5 kg>".
_TAG = re.compile(r"</?([a-z][a-z0-9-]*(?::[a-z][a-z0-9-]*)?)(?=[\s/>])[^<>]*>|<[!?][^<>]*>", re.IGNORECASE)
# Where one of them stood, words are apart.
_APART = re.compile(r"p|div|br|hr|li|ul|ol|tr|td|th|table|h[1-6]|section|article|blockquote|pre", re.IGNORECASE)
# What is taken out may leave a tag behind that stood around it.
_TIMES = 5
_OPENING = re.compile(r"<(?=[/!?a-z])", re.IGNORECASE)

# 13 digits and more, with at most one sign between two of them.
_RUN = re.compile(r"(?<!\d)\d(?:[ .\-\u00a0\u2010-\u2013]?\d){12,}")
_GROUP = re.compile(r"\d+")
_CARD_LENGTHS, _CARD_BEGINS, _ID_LENGTH, _ID_BEGINS = range(13, 20), "23456", 13, "12345678"


def seen(text: str) -> str:
    """Without the signs that nobody sees."""
    return _UNSEEN.sub("", text)


def plain(text: str) -> str:
    """Without markup, too."""
    text = _SILENT.sub(" ", seen(text))
    for _ in range(_TIMES):
        text, found = _TAG.subn(_instead, text)
        if not found:
            return text
    return _OPENING.sub("", text)


def _instead(tag: re.Match[str]) -> str:
    return " " if _APART.fullmatch(tag[1] or "") else ""


@dataclass(frozen=True)
class Masked:
    """`numbers`: what was taken out, in order."""

    text: str
    numbers: tuple[str, ...] = field(default=(), repr=False)

    def whole(self, text: str) -> str:
        """`text`, which was made of this one, with the numbers back in their places."""
        for place, number in enumerate(self.numbers, 1):
            for kind in ("card", "ID"):
                text = text.replace(_mask(kind, place), number)
        return text


def masked(text: str) -> Masked:
    """Without numbers of cards and of Thai identity cards, both known by their check digits."""
    numbers: list[str] = []
    return Masked(_RUN.sub(lambda run: _without_numbers(run[0], numbers), text), tuple(numbers))


def _mask(kind: str, place: int) -> str:
    return f"[hidden {kind} number {place}]"


def _without_numbers(run: str, numbers: list[str]) -> str:
    """A number begins and ends with a group of digits: behind that of a card its month or its code may follow."""
    groups = [found.span() for found in _GROUP.finditer(run)]
    parts, told, at = [], 0, 0
    while at < len(groups):
        last, kind = _longest(run, groups, at)
        if kind:
            begins, ends = groups[at][0], groups[last][1]
            numbers.append(run[begins:ends])
            parts += [run[told:begins], _mask(kind, len(numbers))]
            told = ends
        at = last + 1
    return "".join([*parts, run[told:]])


def _longest(run: str, groups: list[tuple[int, int]], first: int) -> tuple[int, str]:
    """The last group of the longest number that begins with this one, and what it is; the first group if it is none."""
    digits, best = "", (first, "")
    for last in range(first, len(groups)):
        # Thai digits are digits.
        digits += "".join(str(int(digit)) for digit in run[slice(*groups[last])])
        if len(digits) > _CARD_LENGTHS[-1]:
            break
        if kind := _kind(digits):
            best = last, kind
    return best


def _kind(digits: str) -> str:
    if len(digits) == _ID_LENGTH and digits[0] in _ID_BEGINS and _is_thai_id(digits):
        return "ID"
    return "card" if len(digits) in _CARD_LENGTHS and digits[0] in _CARD_BEGINS and _is_luhn(digits) else ""


def _is_luhn(digits: str) -> bool:
    total = 0
    for place, digit in enumerate(reversed(digits)):
        value = int(digit) * (1 + place % 2)
        total += value - 9 if value > 9 else value
    return total % 10 == 0 and any(digit != digits[0] for digit in digits)


def _is_thai_id(digits: str) -> bool:
    total = sum(int(digit) * (13 - place) for place, digit in enumerate(digits[:12]))
    return int(digits[12]) == (11 - total % 11) % 10
