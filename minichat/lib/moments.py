"""Moments in words, in the reader's language and time zone. Thai years are Buddhist-era; machines get ISO."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import get_language, ngettext, pgettext
from django.utils.translation import gettext as _

BUDDHIST_ERA = 543


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
    day, today = timezone.localtime(moment).date(), timezone.localdate()
    if minutes < 1:
        return pgettext("how long ago", "now")
    if minutes < 60:
        return ngettext("%(minutes)d min", "%(minutes)d min", minutes) % {"minutes": minutes}
    if day == today:
        return clock(moment)
    if day == today - timedelta(days=1):
        return _("Yesterday")
    return _day_and_month(day) if day.year == today.year else calendar_date(moment)


def iso(moment: datetime) -> str:
    """For `<time datetime>` and every other machine: UTC."""
    return moment.astimezone(UTC).isoformat().replace("+00:00", "Z")


def _day_and_month(day: date) -> str:
    return date_format(day, "j M")


def _year(day: date) -> int:
    return day.year + BUDDHIST_ERA if (get_language() or "").startswith("th") else day.year
