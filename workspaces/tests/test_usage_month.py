"""A month of use runs from the workspace's birthday, by its own clock."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from workspaces.models import Workspace
from workspaces.usage import month

pytestmark = pytest.mark.pure


def born(text: str, zone: str = "Asia/Bangkok") -> Workspace:
    return Workspace(name="W", slug="w", timezone=zone, created_at=utc(text))


def utc(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=UTC)


@pytest.mark.parametrize(
    ("birthday", "now", "begins", "ends"),
    [
        ("2026-01-15T05:00", "2026-03-15T05:00", "2026-03-15", "2026-04-15"),
        ("2026-01-15T05:00", "2026-03-14T05:00", "2026-02-15", "2026-03-15"),
        ("2026-01-01T05:00", "2026-12-31T05:00", "2026-12-01", "2027-01-01"),
        ("2025-12-20T05:00", "2026-01-03T05:00", "2025-12-20", "2026-01-20"),
        # Born on the 31st: the last day of shorter months, and the 31st again afterwards.
        ("2026-01-31T05:00", "2026-02-27T05:00", "2026-01-31", "2026-02-28"),
        ("2026-01-31T05:00", "2026-02-28T05:00", "2026-02-28", "2026-03-31"),
        ("2026-01-31T05:00", "2026-03-30T05:00", "2026-02-28", "2026-03-31"),
        ("2026-01-31T05:00", "2026-04-30T05:00", "2026-04-30", "2026-05-31"),
        ("2024-01-31T05:00", "2024-02-29T05:00", "2024-02-29", "2024-03-31"),
        # 18:00 in UTC is already the next day in Bangkok.
        ("2026-01-14T18:00", "2026-02-14T16:59", "2026-01-15", "2026-02-15"),
        ("2026-01-14T18:00", "2026-02-14T17:00", "2026-02-15", "2026-03-15"),
    ],
)
def test_periods(birthday: str, now: str, begins: str, ends: str) -> None:
    period = month(born(birthday), utc(now))
    assert period.key == begins
    assert period.ends_at.date().isoformat() == ends


def test_the_last_moment_and_the_first() -> None:
    workspace = born("2026-01-10T03:00")
    last, first = utc("2026-02-09T16:59:59"), utc("2026-02-09T17:00:00")
    assert month(workspace, last).key == "2026-01-10"
    assert month(workspace, first).key == "2026-02-10"
    assert month(workspace, last).ends_at == first


def test_a_period_ends_at_midnight_on_both_sides_of_a_clock_change() -> None:
    """Berlin turns its clocks on 29 March 2026: a period begun in winter time ends at midnight of summer time."""
    workspace = born("2026-01-15T12:00", "Europe/Berlin")
    assert month(workspace, utc("2026-03-20T12:00")).ends_at == utc("2026-04-14T22:00")
    assert month(workspace, utc("2026-02-20T12:00")).ends_at == utc("2026-03-14T23:00")


def test_a_birthday_in_the_hour_that_does_not_exist() -> None:
    workspace = born("2026-03-29T01:30", "Europe/Berlin")
    assert month(workspace, utc("2026-03-29T01:30")).key == "2026-03-29"
    assert month(workspace, utc("2026-04-29T12:00")).key == "2026-04-29"
