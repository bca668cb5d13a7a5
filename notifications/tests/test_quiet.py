from __future__ import annotations

from datetime import UTC, datetime, time

import pytest

from notifications import actions
from notifications.quiet import quiet_until, zone_of
from workspaces.models import Membership

pytestmark = pytest.mark.django_db


def at(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=UTC)


def quiet(membership: Membership, begins: time, ends: time, zone: str) -> Membership:
    actions.save_settings(membership, choices={}, is_quiet=True, quiet_from=begins, quiet_until=ends, timezone=zone)
    return Membership.unscoped.get(pk=membership.pk)


@pytest.mark.parametrize(
    ("now", "ends"),
    [
        ("2026-11-29 14:59", None),  # 21:59 in Bangkok
        ("2026-11-29 15:00", "2026-11-30 00:00"),  # 22:00, until 07:00 tomorrow
        ("2026-11-29 23:59", "2026-11-30 00:00"),  # 06:59, of the hours that began yesterday
        ("2026-11-30 00:00", None),
    ],
)
def test_they_may_pass_midnight(omar_member: Membership, now: str, ends: str | None) -> None:
    member = quiet(omar_member, time(22), time(7), "Asia/Bangkok")
    assert quiet_until(member, at(now)) == (at(ends) if ends else None)


def test_within_one_day(omar_member: Membership) -> None:
    member = quiet(omar_member, time(12), time(13, 30), "UTC")
    assert quiet_until(member, at("2026-11-29 12:00")) == at("2026-11-29 13:30")
    assert quiet_until(member, at("2026-11-29 13:30")) is None
    assert quiet_until(member, at("2026-11-29 11:59")) is None


def test_the_clock_is_put_back_in_between(omar_member: Membership) -> None:
    """In Berlin's longest night the same hours take one hour more: they end when the clock there says so."""
    member = quiet(omar_member, time(22), time(7), "Europe/Berlin")
    assert quiet_until(member, at("2026-10-24 20:00")) == at("2026-10-25 06:00")
    assert quiet_until(member, at("2026-10-23 20:00")) == at("2026-10-24 05:00")


def test_off_means_off(omar_member: Membership) -> None:
    assert quiet_until(omar_member, at("2026-11-29 23:00")) is None
    member = quiet(omar_member, time(8), time(8), "UTC")
    assert quiet_until(member, at("2026-11-29 08:00")) is None


def test_the_zone_is_theirs_before_it_is_the_workspaces(omar_member: Membership) -> None:
    assert zone_of(omar_member) == "Asia/Bangkok"
    omar_member.user.timezone = "Europe/Rome"
    assert zone_of(omar_member) == "Europe/Rome"
    assert zone_of(quiet(omar_member, time(1), time(2), "Asia/Tokyo")) == "Asia/Tokyo"
