"""Reads the written talks (`talks_*.toml`) and gives every line its moment in the past."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import datetime, time, timedelta
from pathlib import Path
from random import Random

from django.utils import timezone

FOLDER = Path(__file__).parent
_UNITS = {"m": "minutes", "h": "hours", "d": "days"}
_LINE = re.compile(
    r"(?P<says>\w+): (?P<said>.+)|(?P<sends>\w+) sends (?P<sent>\S+: .+)|(?P<notes>\w+) note: (?P<noted>.+)"
    r"|(?P<gives>\w+) gives (?P<to>\w+)|(?P<closes>\w+) closes"
)
# How long somebody takes, in seconds: a visitor's next sentence, an answer, tidying up afterwards.
_PACE = {
    "v": (12, 70),
    "says": (35, 240),
    "sends": (50, 240),
    "notes": (20, 90),
    "gives": (10, 40),
    "closes": (60, 480),
}


@dataclass(frozen=True)
class Line:
    """One step of a talk: `what` is says, sends (a file, whose name stands before the text), notes, gives or closes;
    `who` is "v" or a member's key; `text` or a key."""

    what: str
    who: str
    text: str
    at: datetime


@dataclass(frozen=True)
class Talk:
    lang: str
    page: str
    lines: list[Line]
    name: str = ""
    email: str = ""
    phone: str = ""
    # The shop's own number for somebody it has vouched for, what it says of them, and what they did on its pages.
    customer: str = ""
    attributes: dict[str, str] = field(default_factory=dict)
    did: list[str] = field(default_factory=list)
    random: Random = field(default_factory=Random, compare=False)

    @property
    def begins(self) -> datetime:
        return self.lines[0].at


def read(name: str, now: datetime) -> Iterator[Talk]:
    """The talks of `talks_<name>.toml`, as they would look at `now`. The same every time, but for the clock."""
    raw = tomllib.loads((FOLDER / f"talks_{name}.toml").read_text(encoding="utf-8"))
    for number, talk in enumerate(raw["talk"]):
        # Believable variety, not secrecy: the seed makes every demo alike.
        random = Random(f"{name} {number}")  # noqa: S311
        lines, when = talk.pop("lines"), talk.pop("when")
        yield Talk(lang=_language(lines), lines=_dated(lines, _end(when, now), random), random=random, **talk)


def _language(lines: list[str]) -> str:
    return "th" if re.search("[\u0e01-\u0e5b]", lines[0]) else "en"


def _end(when: str, now: datetime) -> datetime:
    """ "6m" ago, or "3d 14:20": three days ago by the shop's clock."""
    amount, unit, clock = re.fullmatch(r"(\d+)([mhd])(?: (\d\d:\d\d))?", when).groups()  # type: ignore[union-attr]
    moment = now - timedelta(**{_UNITS[unit]: int(amount)})
    if not clock:
        return moment
    day = timezone.localdate(moment)
    return timezone.make_aware(datetime.combine(day, time.fromisoformat(clock)))


def _dated(lines: list[str], end: datetime, random: Random) -> list[Line]:
    """Walk backwards from the last line, so that "6m" means when it was last heard of."""
    steps: list[Line] = []
    at = end
    for text in reversed(lines):
        if text.startswith("pause "):
            amount, unit = text[6:-1], text[-1]
            at -= timedelta(**{_UNITS[unit]: int(amount)})
            continue
        what, who, said = _parse(text)
        steps.append(Line(what, who, said, at))
        at -= timedelta(
            seconds=random.randint(*_PACE["v" if who == "v" else what]), milliseconds=random.randint(0, 999)
        )
    return steps[::-1]


def _parse(text: str) -> tuple[str, str, str]:
    match = _LINE.fullmatch(text)
    if match is None:
        raise ValueError(f"This line of a talk is not understood: {text}")
    found = {key: value for key, value in match.groupdict().items() if value}
    what = next(key for key in ("says", "sends", "notes", "gives", "closes") if key in found)
    rest = [value for key, value in found.items() if key != what]
    return what, found[what], rest[0] if rest else ""
