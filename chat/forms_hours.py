from __future__ import annotations

import re
from datetime import date, time
from typing import Any

from django import forms
from django.utils.dates import WEEKDAYS
from django.utils.text import format_lazy
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext_lazy

from chat.hours import DAYS, Period, Schedule, kept
from chat.models import Inbox
from minichat.lib.moments import BUDDHIST_ERA
from minichat.lib.text import clean

MOST_HOLIDAYS = 100
# The years of Thai calendars are beyond these; nobody plans holidays in the year 2400 of the common era.
FIRST_BUDDHIST_YEAR = 2400
HOLIDAY = re.compile(r"(\d{4})-(\d{1,2})-(\d{1,2})")
NEVER = gettext_lazy("Never")
ALERTS = (30, 60, 120, 300, 600)
IDLE = (2, 5, 10, 15, 30, 60, 180, 1440)


def _seconds(n: int) -> Any:
    if n < 60:
        return format_lazy(ngettext_lazy("{n} second", "{n} seconds", n), n=n)
    return _minutes(n // 60)


def _minutes(n: int) -> Any:
    if n < 60:
        return format_lazy(ngettext_lazy("{n} minute", "{n} minutes", n), n=n)
    return format_lazy(ngettext_lazy("{n} hour", "{n} hours", n // 60), n=n // 60)


class HoursForm(forms.Form):
    """When the team is there. A day has up to two periods; a day without any is a day off."""

    limited = forms.TypedChoiceField(
        label=gettext_lazy("When is your team there?"),
        choices=[("", gettext_lazy("At any time")), ("1", gettext_lazy("At these hours"))],
        coerce=bool,
        required=False,
        widget=forms.RadioSelect,
    )
    holidays = forms.CharField(
        label=gettext_lazy("Days off"),
        help_text=gettext_lazy("One date per line, like 2026-12-31."),
        required=False,
        max_length=MOST_HOLIDAYS * 12,
        widget=forms.Textarea(attrs={"rows": 3, "spellcheck": "false", "autocomplete": "off"}),
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for day in range(DAYS):
            for part in (1, 2):
                for side, label in (("from", _("From")), ("to", _("To"))):
                    self.fields[f"d{day}_{side}{part}"] = forms.TimeField(
                        label=label,
                        required=False,
                        widget=forms.TimeInput(format="%H:%M", attrs={"type": "time", "class": "input"}),
                    )

    def week(self) -> list[dict[str, Any]]:
        """For the template: each day with its fields and what is wrong with them."""
        return [
            {
                "name": WEEKDAYS[day],
                "periods": [(self[f"d{day}_from{part}"], self[f"d{day}_to{part}"]) for part in (1, 2)],
                "errors": [error for name in self._names(day) for error in self[name].errors],
            }
            for day in range(DAYS)
        ]

    def clean_holidays(self) -> frozenset[date]:
        lines = clean(self.cleaned_data["holidays"]).split("\n")
        filled = [(number, line.strip()) for number, line in enumerate(lines, 1) if line.strip()]
        days, problems = set(), []
        for number, line in filled:
            try:
                days.add(_date(line))
            except ValueError:
                problems.append(
                    _("Line %(number)d (%(line)s) is no date. Write it like 2026-12-31.")
                    % {"number": number, "line": line[:20]}
                )
        if problems:
            raise forms.ValidationError(problems)
        return frozenset(days)

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        days = {day: periods for day in range(DAYS) if (periods := self._periods(day, data))}
        if data.get("limited") and not days and not self.errors:
            self.add_error("limited", _("Write the hours of at least one day."))
        data["schedule"] = Schedule(days, data.get("holidays", frozenset())) if data.get("limited") else Schedule()
        return data

    def _periods(self, day: int, data: dict[str, Any]) -> tuple[Period, ...]:
        periods: list[Period] = []
        for part in (1, 2):
            name = f"d{day}_from{part}"
            begins, ends = data.get(name), data.get(f"d{day}_to{part}")
            if self.errors.keys() & {name, f"d{day}_to{part}"} or (begins is None and ends is None):
                continue
            if begins is None or ends is None:
                self.add_error(name, _("Write both times, or none for a day off."))
            elif periods and (begins < periods[0][1] or _is_overnight(periods[0])):
                self.add_error(name, _("The second period begins before the first one ends."))
            else:
                periods.append((begins, ends))
        return tuple(periods)

    @staticmethod
    def _names(day: int) -> list[str]:
        return [f"d{day}_{side}{part}" for part in (1, 2) for side in ("from", "to")]


class WaitsForm(forms.Form):
    """What happens by itself while nobody looks."""

    alert_seconds = forms.TypedChoiceField(
        label=gettext_lazy("Alert the team when a visitor waits and nobody is online"),
        help_text=gettext_lazy("Everybody chooses in their own notification settings how they are told."),
        choices=[("", NEVER), *[(n, format_lazy(gettext_lazy("After {time}"), time=_seconds(n))) for n in ALERTS]],
        coerce=int,
        empty_value=None,
        required=False,
    )
    idle_minutes = forms.TypedChoiceField(
        label=gettext_lazy("Close a conversation when the visitor does not reply any more"),
        help_text=gettext_lazy("A new message opens it again."),
        choices=[("", NEVER), *[(n, format_lazy(gettext_lazy("After {time}"), time=_minutes(n))) for n in IDLE]],
        coerce=int,
        empty_value=None,
        required=False,
    )


def initial(inbox: Inbox) -> dict[str, Any]:
    """The hours as they are; a week of office hours to begin with where there are none."""
    hours = inbox.hours
    days = hours.days or dict.fromkeys(range(5), ((time(9), time(17)),))
    found: dict[str, Any] = {
        "limited": "1" if hours else "",
        "holidays": "\n".join(day.isoformat() for day in sorted(hours.closed)),
    }
    for day, periods in days.items():
        for part, (begins, ends) in enumerate(periods, 1):
            found |= {f"d{day}_from{part}": begins, f"d{day}_to{part}": ends}
    return found


def wanted(form: HoursForm) -> dict[str, Any]:
    """What `change_inbox` saves."""
    return {"business_hours": kept(form.cleaned_data["schedule"])}


def _is_overnight(period: Period) -> bool:
    return period[1] <= period[0]


def _date(text: str) -> date:
    """A Thai calendar's year is understood as well; raises `ValueError`."""
    found = HOLIDAY.fullmatch(text)
    if not found:
        raise ValueError(text)
    year, month, day = map(int, found.groups())
    return date(year - BUDDHIST_ERA if year >= FIRST_BUDDHIST_YEAR else year, month, day)
