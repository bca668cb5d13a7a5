"""A file or a page goes to the worker, its text comes back: looked at like any other stranger's word."""

from __future__ import annotations

import re
import threading
from dataclasses import dataclass, field
from pathlib import Path
from statistics import quantiles
from typing import Any

from ai.reading import thai, troubles
from ai.reading.troubles import Unreadable
from minichat.lib.files import limited
from minichat.lib.files.refusals import PictureFailed, TookTooLong
from minichat.lib.text import clean, clean_line

WORKER = Path(__file__).with_name("worker.py")
SECONDS = 20
MOST_UNREAD = 20
# Of its own: nobody who sends a picture waits behind a long PDF.
_slots = threading.BoundedSemaphore(1)
# Such a part of the longest lines is a full line: the sentence goes on below it.
FULL_LINE = 0.7
SHORTEST_FULL_LINE = 30
KNOWN = {value for name, value in vars(troubles).items() if name.isupper() and isinstance(value, str)}
_SPACES = re.compile(r"[^\S\n]+")
_THAI = re.compile("[\u0e01-\u0e5b]")


@dataclass(frozen=True)
class Trouble:
    """Something that is not in the text although it should be: the word for it, and a page or a number."""

    word: str
    number: int = 0


@dataclass(frozen=True)
class Reading:
    pages: list[tuple[int | None, str]]
    """Its text; in a PDF by the number of the page."""
    title: str = ""
    canonical: str = ""
    links: list[str] = field(default_factory=list)
    maps: list[str] = field(default_factory=list)
    troubles: list[Trouble] = field(default_factory=list)

    @property
    def text(self) -> str:
        return "\n".join(text for _, text in self.pages)


def parsed(kind: str, data: bytes, **about: str) -> Reading:
    """Raises `Unreadable`; `TooBusy` when nobody has time for it now."""
    try:
        answer, _ = limited.run(WORKER, {"kind": kind, **about}, data, seconds=SECONDS, slots=_slots)
    except TookTooLong as error:
        raise Unreadable(troubles.SLOW_FILE) from error
    except PictureFailed as error:
        raise Unreadable(troubles.DAMAGED) from error
    if "refused" in answer:
        raise Unreadable(answer["refused"] if answer["refused"] in KNOWN else troubles.DAMAGED)
    try:
        return _reading(kind, answer)
    except (TypeError, ValueError, KeyError) as error:
        raise Unreadable(troubles.DAMAGED) from error


def _reading(kind: str, answer: dict[str, Any]) -> Reading:
    pages = [(_number(number), _plain(kind, str(text))) for number, text in answer["pages"]]
    reading = Reading(
        pages=[(number, text) for number, text in pages if text],
        title=clean_line(str(answer.get("title", ""))),
        canonical=str(answer.get("canonical", "")),
        links=[str(one) for one in answer.get("links", [])],
        maps=[str(one) for one in answer.get("maps", [])],
        troubles=_troubles(answer),
    )
    if not reading.pages and kind != "sitemap":
        raise Unreadable(troubles.DAMAGED if reading.troubles else troubles.NO_TEXT)
    return reading


def _number(number: Any) -> int | None:
    return None if number is None else max(1, min(int(number), 2**31 - 1))


def _troubles(answer: dict[str, Any]) -> list[Trouble]:
    found = [Trouble(troubles.UNREAD_PAGE, int(number)) for number in answer.get("unread", [])[:MOST_UNREAD]]
    if answer.get("stopped_at"):
        found.append(Trouble(troubles.STOPPED_AT, int(answer["stopped_at"])))
    return found


def _plain(kind: str, text: str) -> str:
    if kind == "pdf":
        text = flowing(_SPACES.sub(" ", thai.mended(text)))
    return clean(text.replace("\x00", "")).strip()


def flowing(text: str) -> str:
    """Lines of a page put together again: a PDF knows where a line ends, not whether the sentence does."""
    lines = [line.strip() for line in text.splitlines()]
    lengths = [len(line) for line in lines if line]
    if len(lengths) < 2:
        return "\n".join(lines)
    full = max(SHORTEST_FULL_LINE, FULL_LINE * quantiles(lengths, n=10, method="inclusive")[-1])
    joined = lines[:1]
    for before, line in zip(lines, lines[1:], strict=False):
        if line and len(before) >= full and not _begins_anew(line) and before[-1] not in ".:!?":
            joined[-1] = _put_together(joined[-1], line)
        else:
            joined.append(line)
    return "\n".join(joined)


def _begins_anew(line: str) -> bool:
    return bool(re.match(r"[-\u2022\u2013*\u25cf]|\(?\d{1,3}[.)]\s", line))


def _put_together(before: str, line: str) -> str:
    """Thai lines break between words, where no space was; a hyphen at the end of another one goes."""
    if _THAI.match(before[-1]) and _THAI.match(line):
        return before + line
    if re.search(r"[a-z]-$", before) and line[0].islower():
        return before[:-1] + line
    return f"{before} {line}"
