"""One conversation as a client holds it: rows by id, the newest number, holes (section 5)."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

Row = dict[str, Any]


class Thread:
    def __init__(self, conversation: str) -> None:
        self.conversation = conversation
        self.rows: dict[str, Row] = {}
        self.known = 0
        self.status = ""
        self.marks = {"delivered": 0, "read": 0}
        # Pushes that arrived behind a hole: number -> the number before it.
        self._ahead: dict[int, int] = {}

    def push(self, seq: int, prev: int, row: Row | None) -> bool:
        """Take a push; says whether there is a hole before it."""
        if row is not None:
            self._put(row)
        if seq > self.known:
            self._ahead[seq] = prev
        return self._advance()

    def answer(self, changes: dict[str, Any]) -> bool:
        """Take an answer of `changes`; says whether to ask again."""
        if changes["reset"]:
            self.rows.clear()
            self.known = 0
            return True
        for row in changes["rows"]:
            self._put(row)
        self.known = max(self.known, changes["seq"])
        self.status = changes["conversation"]["status"]
        self.mark(changes["marks"])
        return self._advance() or changes["has_more"]

    def mark(self, told: dict[str, int]) -> None:
        """Marks only grow; two of them may overtake one another on their way."""
        self.marks = {name: max(held, told.get(name, 0)) for name, held in self.marks.items()}

    def picture(self) -> dict[str, Any]:
        """What a person would see: to be compared with a fresh fetch."""
        rows = sorted(self.rows.values(), key=lambda row: row["position"])
        return {"rows": rows, "status": self.status, "marks": self.marks, "seq": self.known}

    def _put(self, row: Row) -> None:
        held = self.rows.get(row["id"])
        if held is None or held["seq"] <= row["seq"]:
            self.rows[row["id"]] = row

    def _advance(self) -> bool:
        for seq in sorted(self._ahead):
            if self._ahead[seq] <= self.known:
                self.known = max(self.known, seq)
                del self._ahead[seq]
        return bool(self._ahead)


def difference(mine: dict[str, Any], fresh: dict[str, Any]) -> str:
    """How two pictures differ, in a few words; empty: they do not."""
    if mine == fresh:
        return ""
    parts = [
        f"{key}: {mine[key]!r} but {fresh[key]!r}" for key in ("status", "marks", "seq") if mine[key] != fresh[key]
    ]
    ours, theirs = _by_position(mine["rows"]), _by_position(fresh["rows"])
    parts += [f"misses {position}" for position in sorted(theirs.keys() - ours.keys())[:5]]
    parts += [f"invents {position}" for position in sorted(ours.keys() - theirs.keys())[:5]]
    for position in sorted(ours.keys() & theirs.keys()):
        if ours[position] != theirs[position]:
            parts.append(f"at {position}: {_unlike(ours[position], theirs[position])}")
            break
    return "; ".join(parts)


def _by_position(rows: Iterable[Row]) -> dict[int, Row]:
    return {row["position"]: row for row in rows}


def _unlike(mine: Row, fresh: Row) -> str:
    keys = [key for key in mine.keys() | fresh.keys() if mine.get(key) != fresh.get(key)]
    return ", ".join(f"{key}={mine.get(key)!r} / {fresh.get(key)!r}" for key in keys)[:600]
