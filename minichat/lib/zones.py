"""The time zones that people choose from."""

from __future__ import annotations

from datetime import datetime
from functools import lru_cache
from zoneinfo import ZoneInfo, available_timezones

from django.utils import timezone

# The rest of the database are old names, and offsets with the sign turned round.
REGIONS = ["Asia", "Africa", "America", "Antarctica", "Arctic", "Atlantic", "Australia", "Europe", "Indian", "Pacific"]


@lru_cache(maxsize=1)
def zones() -> list[str]:
    return ["UTC", *sorted(name for name in available_timezones() if name.partition("/")[0] in REGIONS)]


def zone_choices(now: datetime | None = None) -> list[tuple[str, list[tuple[str, str]]]]:
    """By region, each with what its clocks show now: "Bangkok (UTC+07:00)"."""
    # Clocks change at a full hour or half hour, and reading five hundred of them takes longer than the rest of a page.
    now = now or timezone.now()
    return _choices_at(now.replace(minute=now.minute // 30 * 30, second=0, microsecond=0))


@lru_cache(maxsize=2)
def _choices_at(now: datetime) -> list[tuple[str, list[tuple[str, str]]]]:
    grouped: dict[str, list[tuple[str, str]]] = {region: [] for region in REGIONS}
    for name in zones()[1:]:
        region, _slash, place = name.partition("/")
        offset = now.astimezone(ZoneInfo(name)).strftime("%z")
        grouped[region].append((name, f"{place.replace('_', ' ')} (UTC{offset[:3]}:{offset[3:]})"))
    return [*((region, places) for region, places in grouped.items() if places), ("UTC", [("UTC", "UTC")])]
