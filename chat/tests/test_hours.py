"""When a team is there: time zones, holidays, nights, and the days on which clocks are changed."""

from __future__ import annotations

import re
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest
from django.test import Client
from django.utils import timezone

from chat import presence
from chat.hours import Schedule, kept, schedule
from chat.models import Inbox, Visitor
from conftest import SHOP
from workspaces.models import Membership

BANGKOK, BERLIN = "Asia/Bangkok", "Europe/Berlin"
WEEK = Schedule({day: ((time(9), time(12)), (time(13), time(17, 30))) for day in range(5)})


def at(zone: str, text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=ZoneInfo(zone)).astimezone(UTC)


@pytest.mark.parametrize(
    ("moment", "is_open"),
    [
        ("2026-11-30T08:59:59", False),
        ("2026-11-30T09:00", True),
        ("2026-11-30T12:00", False),
        ("2026-11-30T13:00", True),
        ("2026-11-30T17:29:59", True),
        ("2026-11-30T17:30", False),
        ("2026-12-05T10:00", False),
    ],
)
def test_the_week_of_a_shop(moment: str, is_open: bool) -> None:
    assert WEEK.is_open(at(BANGKOK, moment), BANGKOK) is is_open


def test_it_is_the_clock_of_the_shop_that_counts() -> None:
    assert WEEK.is_open(datetime(2026, 11, 30, 3, tzinfo=UTC), BANGKOK)
    assert not WEEK.is_open(datetime(2026, 11, 30, 3, tzinfo=UTC), BERLIN)


def test_after_friday_comes_monday_and_after_the_lunch_the_afternoon() -> None:
    assert WEEK.opens_at(at(BANGKOK, "2026-12-04T18:00"), BANGKOK) == at(BANGKOK, "2026-12-07T09:00")
    assert WEEK.opens_at(at(BANGKOK, "2026-12-04T12:30"), BANGKOK) == at(BANGKOK, "2026-12-04T13:00")
    assert WEEK.opens_at(at(BANGKOK, "2026-12-04T10:00"), BANGKOK) is None


def test_holidays_are_skipped() -> None:
    new_year = Schedule(WEEK.days, frozenset({date(2026, 12, 31), date(2027, 1, 1)}))
    assert not new_year.is_open(at(BANGKOK, "2026-12-31T10:00"), BANGKOK)
    assert new_year.opens_at(at(BANGKOK, "2026-12-30T20:00"), BANGKOK) == at(BANGKOK, "2027-01-04T09:00")


def test_a_night_belongs_to_the_day_it_begins_on() -> None:
    bar = Schedule({4: ((time(20), time(2)),)}, frozenset({date(2026, 12, 11)}))
    assert bar.is_open(at(BANGKOK, "2026-12-05T01:59"), BANGKOK)
    assert not bar.is_open(at(BANGKOK, "2026-12-05T02:00"), BANGKOK)
    # The Friday of the holiday, and the night after it.
    assert not bar.is_open(at(BANGKOK, "2026-12-11T21:00"), BANGKOK)
    assert not bar.is_open(at(BANGKOK, "2026-12-12T01:00"), BANGKOK)


def test_a_day_around_the_clock() -> None:
    always = Schedule({day: ((time(0), time(0)),) for day in range(7)})
    assert always.is_open(at(BANGKOK, "2026-12-05T00:00"), BANGKOK)
    assert always.is_open(at(BANGKOK, "2026-12-05T23:59"), BANGKOK)


def test_clocks_that_are_changed_move_the_opening() -> None:
    sundays = Schedule({6: ((time(9), time(17)),)})
    # Winter time began in that night: nine is an hour later for everybody else.
    assert sundays.opens_at(datetime(2026, 10, 24, 12, tzinfo=UTC), BERLIN) == datetime(2026, 10, 25, 8, tzinfo=UTC)
    assert sundays.opens_at(datetime(2026, 10, 17, 12, tzinfo=UTC), BERLIN) == datetime(2026, 10, 18, 7, tzinfo=UTC)


def test_without_hours_the_team_may_be_there_at_any_time() -> None:
    now = datetime(2026, 12, 5, tzinfo=UTC)
    assert Schedule().is_open(now, BANGKOK) and Schedule().opens_at(now, BANGKOK) is None
    assert kept(Schedule()) == {} and schedule({}) == Schedule()


def test_a_year_of_holidays_has_no_opening() -> None:
    closed = Schedule(
        {0: ((time(9), time(17)),)}, frozenset(date.fromordinal(date(2026, 12, 1).toordinal() + n) for n in range(400))
    )
    assert closed.opens_at(at(BANGKOK, "2026-12-02T10:00"), BANGKOK) is None


def test_what_is_kept_reads_the_same() -> None:
    whole = Schedule(WEEK.days, frozenset({date(2026, 12, 31)}))
    assert schedule(kept(whole)) == whole


@pytest.mark.django_db
def test_outside_the_hours_a_visitor_reads_when_the_team_is_back(
    vic: Visitor, inbox: Inbox, omar_member: Membership, vic_client: Client
) -> None:
    presence.member_seen(omar_member)
    state = f"/widget/{inbox.widget_key}/state/"
    assert vic_client.get(state).json()["online"] is True
    later = (timezone.now().astimezone(ZoneInfo(inbox.workspace.timezone)) + timedelta(days=3)).weekday()
    inbox.business_hours = {"days": {str(later): [["09:00", "17:00"]]}, "closed": []}
    inbox.save()
    told = vic_client.get(state).json()
    assert told["online"] is False and told["operators"] == []
    opening = datetime.fromisoformat(told["opens_at"]).astimezone(ZoneInfo(inbox.workspace.timezone))
    assert (opening.weekday(), opening.hour) == (later, 9)
    page = Client().get(f"/widget/{inbox.widget_key}/?o={SHOP}&l=th").content.decode()
    [told_by_page] = re.findall(r'data-opens="([^"]+)"', page)
    assert datetime.fromisoformat(told_by_page) == opening
