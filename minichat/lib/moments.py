"""Moments in words, in the reader's language and time zone. Thai years are Buddhist-era; machines get ISO."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from datetime import UTC, date, datetime, timedelta

from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import get_language, ngettext, pgettext
from django.utils.translation import gettext as _

BUDDHIST_ERA = 543
COMMON = "common"
_era: ContextVar[str] = ContextVar("era", default="")


@contextmanager
def told_in(zone: str, era: str = "") -> Iterator[None]:
    """Moments are told in this time zone, and for `COMMON` with years of the common era in Thai as well."""
    token = _era.set(era)
    try:
        with timezone.override(zone):
            yield
    finally:
        _era.reset(token)


def clock(moment: datetime) -> str:
    """24 hours: "10:42"."""
    return timezone.localtime(moment).strftime("%H:%M")


def calendar_date(moment: datetime | date) -> str:
    """ "23 Nov 2026", in Thai "23 พ.ย. 2569"."""
    day = timezone.localtime(moment).date() if isinstance(moment, datetime) else moment
    return f"{_day_and_month(day)} {_year(day)}"


def day_name(moment: datetime) -> str:
    """ "Today", "Yesterday", or the date: the line between two days of a conversation."""
    day = timezone.localtime(moment).date()
    today = timezone.localdate()
    if day == today:
        return _("Today")
    return _("Yesterday") if day == today - timedelta(days=1) else calendar_date(moment)


def ago(moment: datetime) -> str:
    """As short as a list row needs: "now", "4 min", "09:12", "Yesterday", "18 Oct", "18 Oct 2025"."""
    minutes = int((timezone.now() - moment).total_seconds() // 60)
    if minutes < 1:
        return pgettext("how long ago", "now")
    if minutes < 60:
        return ngettext("%(minutes)d min", "%(minutes)d min", minutes) % {"minutes": minutes}
    day, today = timezone.localtime(moment).date(), timezone.localdate()
    if day == today:
        return clock(moment)
    if day == today - timedelta(days=1):
        return _("Yesterday")
    return _day_and_month(day) if day.year == today.year else calendar_date(moment)


def since(moment: datetime) -> str:
    """How long it lasts: "4 min", "3 h", "2 d"; nothing in its first minute."""
    minutes = int((timezone.now() - moment).total_seconds() // 60)
    if minutes < 1:
        return ""
    if minutes < 60:
        return _("%(n)s min") % {"n": minutes}
    hours = minutes // 60
    return _("%(n)s h") % {"n": hours} if hours < 24 else _("%(n)s d") % {"n": hours // 24}


def upcoming(moment: datetime) -> str:
    """What is to come, with its hour: "14:00", "Tomorrow 09:00", "Mon 7 Dec 09:00"."""
    here, today = timezone.localtime(moment), timezone.localdate()
    if here.date() == today:
        return clock(moment)
    if here.date() == today + timedelta(days=1):
        return f"{_('Tomorrow')} {clock(moment)}"
    year = "" if here.year == today.year else f" {_year(here.date())}"
    return f"{date_format(here, 'D')} {_day_and_month(here.date())}{year} {clock(moment)}"


def iso(moment: datetime) -> str:
    """For `<time datetime>` and every other machine: UTC."""
    return moment.astimezone(UTC).isoformat().replace("+00:00", "Z")


def _day_and_month(day: date) -> str:
    return date_format(day, "j M")


def _year(day: date) -> int:
    is_buddhist = (get_language() or "").startswith("th") and _era.get() != COMMON
    return day.year + BUDDHIST_ERA if is_buddhist else day.year
