"""Plan limits are plain columns; check and count are one atomic step."""

from __future__ import annotations

import calendar
import math
from copy import copy
from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID
from zoneinfo import ZoneInfo

from django.db import transaction
from django.db.models import BigIntegerField, F
from django.db.models.functions import Greatest
from django.utils import timezone

from minichat.lib.errors import QuotaExceeded
from workspaces.events import USAGE_AT_LIMIT, USAGE_NEAR_LIMIT, Event
from workspaces.models import UsageCounter, Workspace

FOR_EVER = "-"
VISITOR_MESSAGES = "visitor_messages"
# From this part of the limit on the owner is warned.
NEAR = 0.9


@dataclass(frozen=True)
class Period:
    """A month of use: from the workspace's birthday to the next, in its time zone."""

    key: str
    ends_at: datetime


def month(workspace: Workspace, now: datetime | None = None) -> Period:
    """The period `now` falls in. Born on the 31st means the last day of shorter months."""
    zone = ZoneInfo(workspace.timezone)
    today = (now or timezone.now()).astimezone(zone).date()
    day = workspace.created_at.astimezone(zone).day
    begins = _on_day(today.year, today.month, day)
    if begins > today:
        begins = _on_day(*_month_before(today.year, today.month), day)
    ends = _on_day(*_month_after(begins.year, begins.month), day)
    return Period(begins.isoformat(), datetime(ends.year, ends.month, ends.day, tzinfo=zone))


def move_month(workspace: Workspace, zone: str) -> None:
    """Before the time zone changes: a month that begins on another day there takes its counts along.

    Otherwise every change would start an empty month, and with it a fresh quota.
    """
    before = month(workspace).key
    moved = copy(workspace)
    moved.timezone = zone
    after = month(moved).key
    if before == after:
        return
    for metric in workspace.usage_counters.filter(period=before).order_by("metric").values_list("metric", flat=True):
        old, new = locked(workspace, metric, before), locked(workspace, metric, after)
        if old.used > new.used:
            new.used = old.used
            new.save(update_fields=["used"])


def consume(workspace: Workspace, metric: str, n: int = 1) -> int:
    """Count `n` of `metric` in this month and return the sum; over the limit nothing is counted (`QuotaExceeded`)."""
    period = month(workspace)
    limit = getattr(workspace.entitlements, metric)
    with transaction.atomic():
        counter = locked(workspace, metric, period.key)
        if limit is not None and counter.used + n > limit:
            raise exceeded(counter.used, limit, period)
        counter.used += n
        counter.save(update_fields=["used"])
    return counter.used


def remaining(workspace: Workspace, metric: str) -> int | None:
    """How many are left this month; None: no limit."""
    limit = getattr(workspace.entitlements, metric)
    if limit is None:
        return None
    counter = workspace.usage_counters.filter(metric=metric, period=month(workspace).key).first()
    return max(0, limit - (counter.used if counter else 0))


def next_number(workspace: Workspace, metric: str) -> int:
    """The next of a gap-free row of numbers (1, 2, 3 …), under the counter's lock until the transaction ends."""
    counter = locked(workspace, metric, FOR_EVER)
    UsageCounter.unscoped.filter(pk=counter.pk).update(used=F("used") + 1)
    return counter.used + 1


def locked(workspace: Workspace, metric: str, period: str) -> UsageCounter:
    """The counter's row, locked; made when it is not there yet."""
    workspace.usage_counters.get_or_create(metric=metric, period=period)
    return workspace.usage_counters.select_for_update().get(metric=metric, period=period)


def give_back(workspace_id: UUID, metric: str, n: int) -> None:
    """`n` fewer of something that is counted for ever, because it is gone."""
    counter = UsageCounter.unscoped.filter(workspace=workspace_id, metric=metric, period=FOR_EVER)
    counter.update(used=Greatest(F("used") - n, 0, output_field=BigIntegerField()))


def threshold(used: int, limit: int | None) -> Event | None:
    """What the owner hears when a count has just become `used`. Counts grow by one, so each is met once a month."""
    if limit and used == limit:
        return USAGE_AT_LIMIT
    return USAGE_NEAR_LIMIT if limit and used == math.ceil(limit * NEAR) else None


def exceeded(used: int, limit: int, period: Period) -> QuotaExceeded:
    return QuotaExceeded(used=used, limit=limit, resets_at=period.ends_at.isoformat())


def _on_day(year: int, month: int, day: int) -> date:
    return date(year, month, min(day, calendar.monthrange(year, month)[1]))


def _month_before(year: int, month: int) -> tuple[int, int]:
    return (year, month - 1) if month > 1 else (year - 1, 12)


def _month_after(year: int, month: int) -> tuple[int, int]:
    return (year, month + 1) if month < 12 else (year + 1, 1)
