from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from typing import Any
from zoneinfo import available_timezones

from django import forms
from django.forms import BoundField
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from notifications.kinds import Area, Channel, Kind, kinds_for
from notifications.quiet import settings_of, zone_of
from workspaces.models import Membership
from workspaces.roles import Role

# Places; what is left out are names for machines ("Etc/GMT-7") and old spellings.
CONTINENTS = {
    "Africa",
    "America",
    "Antarctica",
    "Arctic",
    "Asia",
    "Atlantic",
    "Australia",
    "Europe",
    "Indian",
    "Pacific",
}


@cache
def _zones() -> list[tuple[str, str]]:
    names = sorted(name for name in available_timezones() if name.partition("/")[0] in CONTINENTS)
    return [("UTC", "UTC"), *((name, name.replace("_", " ")) for name in names)]


@dataclass(frozen=True)
class Choice:
    """One box of the table."""

    channel: Channel
    bound: BoundField
    is_fixed: bool


class SettingsForm(forms.Form):
    """A box per kind and channel, and the quiet hours."""

    is_quiet = forms.BooleanField(label=_("Keep quiet hours"), required=False)
    quiet_from = forms.TimeField(
        label=pgettext_lazy("time", "From"), widget=forms.TimeInput(attrs={"type": "time"}, format="%H:%M")
    )
    quiet_until = forms.TimeField(
        label=pgettext_lazy("time", "Until"), widget=forms.TimeInput(attrs={"type": "time"}, format="%H:%M")
    )
    timezone = forms.ChoiceField(label=_("Time zone"), choices=_zones)

    def __init__(self, data: Any = None, *, membership: Membership) -> None:
        own = settings_of(membership)
        zone = zone_of(membership)
        initial = {name: getattr(own, name) for name in ("is_quiet", "quiet_from", "quiet_until")}
        super().__init__(data, initial={**initial, "timezone": zone})
        if zone not in dict(_zones()):
            # An old spelling that somebody has stays theirs.
            self.fields["timezone"].choices = [(zone, zone), *_zones()]  # type: ignore[attr-defined]
        self.kinds = kinds_for(Role(membership.role))
        for kind in self.kinds:
            for channel in Channel:
                self.fields[_name(kind, channel)] = forms.BooleanField(
                    label=channel.label,
                    required=False,
                    initial=own.wants(kind, channel),
                    disabled=channel in kind.always,
                )

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        begins, ends = cleaned.get("quiet_from"), cleaned.get("quiet_until")
        if cleaned.get("is_quiet") and begins and begins == ends:
            self.add_error("quiet_until", _("Quiet hours need an end that differs from their beginning."))
        return cleaned

    def choices(self) -> dict[tuple[Kind, Channel], bool]:
        """What was chosen, of what can be chosen."""
        return {
            (kind, channel): self.cleaned_data[_name(kind, channel)]
            for kind in self.kinds
            for channel in Channel
            if channel not in kind.always
        }

    def quiet_hours(self) -> dict[str, Any]:
        return {name: self.cleaned_data[name] for name in ("is_quiet", "quiet_from", "quiet_until", "timezone")}

    def areas(self) -> Iterator[tuple[str, list[tuple[Kind, list[Choice]]]]]:
        """The table, one area after the other."""
        for area in Area:
            rows = [(kind, self._choices(kind)) for kind in self.kinds if kind.area == area]
            if rows:
                yield str(area.label), rows

    def _choices(self, kind: Kind) -> list[Choice]:
        return [Choice(channel, self[_name(kind, channel)], channel in kind.always) for channel in Channel]


def _name(kind: Kind, channel: Channel) -> str:
    return f"{kind.name}:{channel.value}"
