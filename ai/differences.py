"""What differs between two settings of an assistant, for people to read: a field, before and after."""

from __future__ import annotations

from dataclasses import dataclass, fields
from difflib import SequenceMatcher
from typing import Any

from ai.persona import Act, BlockedTopic, Persona, Ready, Rule
from ai.wording import ACTS, HOURS, LABELS, PARTICLES, READY, STYLES, TONES, YES_NO, Words

_CHOICES: dict[str, dict[Any, Words]] = {
    "tone": TONES,
    "particle": PARTICLES,
    "style": STYLES,
    "hours": HOURS,
    "asks_provider": YES_NO,
}
LEFT_OUT = "…"


@dataclass(frozen=True)
class Difference:
    label: Words
    before: str
    after: str


def differences(before: Persona, after: Persona) -> list[Difference]:
    """In the order of the form. Of long texts only the lines that differ."""
    return [
        Difference(LABELS[one.name], *_pair(one.name, getattr(before, one.name), getattr(after, one.name)))
        for one in fields(Persona)
        if getattr(before, one.name) != getattr(after, one.name)
    ]


def _pair(name: str, before: Any, after: Any) -> tuple[str, str]:
    if name in _CHOICES:
        return str(_CHOICES[name][before]), str(_CHOICES[name][after])
    return _changed_lines(_lines(before), _lines(after))


def _lines(value: Any) -> list[str]:
    if isinstance(value, str):
        return value.splitlines()
    return [_line(one) for one in value]


def _line(one: Any) -> str:
    match one:
        case BlockedTopic():
            return f"{', '.join(one.words)} → {one.reply}"
        case Rule():
            does = one.reply if one.act == Act.REPLY else ACTS[one.act]
            return f"{one.name}: {', '.join(one.words)} → {does}"
        case Ready():
            return str(READY[one])
    return str(one)


def _changed_lines(before: list[str], after: list[str]) -> tuple[str, str]:
    left, right = [], []
    for tag, a, b, c, d in SequenceMatcher(None, before, after, autojunk=False).get_opcodes():
        left += [LEFT_OUT] if tag == "equal" else before[a:b]
        right += [LEFT_OUT] if tag == "equal" else after[c:d]
    return "\n".join(left), "\n".join(right)
