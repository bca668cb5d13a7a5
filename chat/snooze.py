"""Until when a conversation is put aside: the times on offer, and one of one's own, by the workspace's clock."""

from __future__ import annotations

from datetime import UTC, datetime, time, timedelta

from django.utils import timezone
from django.utils.dateparse import parse_datetime
from django.utils.translation import gettext as _

from minichat.lib import moments
from minichat.lib.errors import Invalid

MORNING = time(9)
LATER = timedelta(hours=3)
EVENING = 21
SUNDAY = 6
SHORTEST = timedelta(minutes=1)
LONGEST = timedelta(days=366)
HALF_HOUR = 30


def offered(now: datetime | None = None) -> list[dict[str, str]]:
    """In the current time zone: later today (while it is early enough), tomorrow morning, next Monday morning."""
    here = timezone.localtime(now)
    named = [
        ("later", _("Later today"), _later(here)),
        ("tomorrow", _("Tomorrow morning"), _morning(here, 1)),
        # On a Sunday that would be tomorrow once more.
        ("week", _("Next week"), _morning(here, 7 - here.weekday() if here.weekday() < SUNDAY else 8)),
    ]
    return [
        {"key": key, "name": name, "until": moments.iso(until), "text": moments.upcoming(until)}
        for key, name, until in named
        if until is not None
    ]


def moment(value: object) -> datetime:
    """Of a key on offer, of a moment in ISO, or of a local time as `<input type=datetime-local>` writes it.

    Raises `Invalid` for what is none of these, is past, or is more than a year away.
    """
    text = value if isinstance(value, str) else ""
    known = {row["key"]: row["until"] for row in offered()}
    try:
        until = parse_datetime(known.get(text, text))
    except ValueError:
        until = None
    if until is None:
        raise Invalid(_("Choose a date and a time."))
    if timezone.is_naive(until):
        until = timezone.make_aware(until)
    ahead = until - timezone.now()
    if ahead < SHORTEST:
        raise Invalid(_("Choose a time that is still to come."))
    if ahead > LONGEST:
        raise Invalid(_("At most one year ahead."))
    return until.astimezone(UTC)


def _later(here: datetime) -> datetime | None:
    """In about three hours, at a full or half hour."""
    later = here + LATER
    later += timedelta(minutes=-later.minute % HALF_HOUR)
    later = later.replace(second=0, microsecond=0)
    return later if later.date() == here.date() and later.hour <= EVENING else None


def _morning(here: datetime, days: int) -> datetime:
    return timezone.make_aware(datetime.combine(here.date() + timedelta(days=days), MORNING))
