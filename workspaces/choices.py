"""What a workspace can be set to: currencies and time zones."""

from __future__ import annotations

from datetime import datetime
from functools import lru_cache
from zoneinfo import ZoneInfo, available_timezones

from django.utils import timezone
from django.utils.translation import gettext_lazy as _

CURRENCIES = [
    ("THB", _("Thai baht (THB)")),
    ("USD", _("US dollar (USD)")),
    ("EUR", _("Euro (EUR)")),
    ("JPY", _("Japanese yen (JPY)")),
    ("GBP", _("Pound sterling (GBP)")),
    ("SGD", _("Singapore dollar (SGD)")),
    ("MYR", _("Malaysian ringgit (MYR)")),
    ("IDR", _("Indonesian rupiah (IDR)")),
    ("PHP", _("Philippine peso (PHP)")),
    ("VND", _("Vietnamese dong (VND)")),
    ("LAK", _("Lao kip (LAK)")),
    ("KHR", _("Cambodian riel (KHR)")),
    ("MMK", _("Myanmar kyat (MMK)")),
    ("CNY", _("Chinese yuan (CNY)")),
    ("HKD", _("Hong Kong dollar (HKD)")),
    ("TWD", _("New Taiwan dollar (TWD)")),
    ("KRW", _("South Korean won (KRW)")),
    ("INR", _("Indian rupee (INR)")),
    ("AUD", _("Australian dollar (AUD)")),
    ("CHF", _("Swiss franc (CHF)")),
]
# The rest of the database are old names, and offsets with the sign turned round.
REGIONS = ["Asia", "Africa", "America", "Antarctica", "Arctic", "Atlantic", "Australia", "Europe", "Indian", "Pacific"]


@lru_cache(maxsize=1)
def zones() -> list[str]:
    return ["UTC", *sorted(name for name in available_timezones() if name.partition("/")[0] in REGIONS)]


def zone_choices(now: datetime | None = None) -> list[tuple[str, list[tuple[str, str]]]]:
    """By region, each with what its clocks show now: "Bangkok (UTC+07:00)"."""
    now = now or timezone.now()
    grouped: dict[str, list[tuple[str, str]]] = {region: [] for region in REGIONS}
    for name in zones()[1:]:
        region, _slash, place = name.partition("/")
        offset = now.astimezone(ZoneInfo(name)).strftime("%z")
        grouped[region].append((name, f"{place.replace('_', ' ')} (UTC{offset[:3]}:{offset[3:]})"))
    return [*((region, places) for region, places in grouped.items() if places), ("UTC", [("UTC", "UTC")])]
