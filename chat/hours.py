"""When a team is there: a pure function of time zone, schedule and moment.

A schedule as it is kept: `{"days": {"0": [["09:00", "12:00"], ["13:00", "17:30"]], …}, "closed": ["2026-12-31"]}`.
Days are numbered from Monday. A period that ends at or before its beginning goes on into the next day; it belongs to
the day on which it begins, so a holiday takes away the night that begins on it and not the one that ends on it.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo

DAYS = 7
# How far ahead an opening is looked for: a year of holidays in a row is a shop that has closed.
HORIZON = 366

Period = tuple[time, time]


@dataclass(frozen=True)
class Schedule:
    """Without days there are no hours: the team may be there at any time."""

    days: dict[int, tuple[Period, ...]] = field(default_factory=dict)
    closed: frozenset[date] = frozenset()

    def __bool__(self) -> bool:
        return bool(self.days)

    def is_open(self, now: datetime, zone: str) -> bool:
        """`now` is aware."""
        if not self:
            return True
        today = now.astimezone(ZoneInfo(zone)).date()
        yesterday = today - timedelta(days=1)
        return any(begins <= now < ends for day in (yesterday, today) for begins, ends in self._on(day, zone))

    def opens_at(self, now: datetime, zone: str) -> datetime | None:
        """The next beginning after `now`, in UTC; None while open, and when none comes within a year."""
        if self.is_open(now, zone):
            return None
        today = now.astimezone(ZoneInfo(zone)).date()
        for ahead in range(HORIZON + 1):
            later = [begins for begins, _ends in self._on(today + timedelta(days=ahead), zone) if begins > now]
            if later:
                return min(later).astimezone(UTC)
        return None

    def _on(self, day: date, zone: str) -> Iterator[tuple[datetime, datetime]]:
        """The periods that begin on `day`, as moments. Wall clocks, so a day on which they are changed is right too."""
        if day in self.closed:
            return
        for begins, ends in self.days.get(day.weekday(), ()):
            last = day if ends > begins else day + timedelta(days=1)
            yield _moment(day, begins, zone), _moment(last, ends, zone)


def schedule(kept: dict[str, Any]) -> Schedule:
    """From what `Inbox.business_hours` holds; raises `ValueError` or `KeyError` for anything else."""
    days = {
        int(day): tuple((time.fromisoformat(begins), time.fromisoformat(ends)) for begins, ends in periods)
        for day, periods in kept.get("days", {}).items()
        if periods
    }
    return Schedule(days, frozenset(date.fromisoformat(day) for day in kept.get("closed", ())))


def kept(wanted: Schedule) -> dict[str, Any]:
    """What `schedule` reads; empty for no hours."""
    if not wanted:
        return {}
    days = {
        str(day): [[begins.strftime("%H:%M"), ends.strftime("%H:%M")] for begins, ends in periods]
        for day, periods in sorted(wanted.days.items())
    }
    return {"days": days, "closed": sorted(day.isoformat() for day in wanted.closed)}


def _moment(day: date, at: time, zone: str) -> datetime:
    return datetime.combine(day, at, ZoneInfo(zone)).astimezone(UTC)
