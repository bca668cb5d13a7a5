"""Inboxes in the file of a workspace's settings."""

from __future__ import annotations

from functools import partial
from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from chat import actions
from chat.actions.allowed_origins import MOST_ORIGINS
from chat.look import COLOR
from chat.models import Inbox
from minichat.lib.origins import parse_origin
from minichat.lib.text import clean_line
from workspaces import limits
from workspaces.config import Change, Reading, Section
from workspaces.models import Membership, Workspace

TEXTS = ("name", "color", "greeting", "offline_text")
NAMES = {"id", *TEXTS, "allowed_origins", "retention_days"}
RETENTIONS = (30, 60, 90, 365, None)


class InboxTextsForm(forms.Form):
    name = forms.CharField(max_length=80)
    color = forms.CharField(max_length=7, required=False)
    greeting = forms.CharField(max_length=500, required=False)
    offline_text = forms.CharField(max_length=500, required=False)

    def clean_name(self) -> str:
        return clean_line(self.cleaned_data["name"])

    def clean_color(self) -> str:
        color: str = self.cleaned_data["color"].lower()
        if color and not COLOR.fullmatch(color):
            raise forms.ValidationError(_("A colour is written as #1f5fbf."))
        return color


class Inboxes(Section):
    """One entry per inbox. It is found again by its id, in another workspace by its name; what is left is new.

    An inbox that the file does not speak of stays as it is: an import closes nothing.
    """

    name = "inboxes"

    def export(self, workspace: Workspace) -> list[dict[str, Any]]:
        return [{"id": str(inbox.pk), **_settings(inbox)} for inbox in _open(workspace)]

    def read(self, workspace: Workspace, value: Any, reading: Reading) -> None:
        if not isinstance(value, list):
            reading.problem(self.name, _("A list in square brackets is expected here."))
            return
        present = _open(workspace)
        free, new = list(present), 0
        for number, entry in enumerate(value):
            path = f"{self.name}[{number}]"
            if not reading.is_object(entry, path, NAMES):
                continue
            wanted = _wanted(entry, path, reading)
            inbox = _found(entry, wanted, free)
            if inbox is not None:
                free.remove(inbox)
                if differs := reading.compare(path, _settings(inbox), wanted):
                    reading.verbs.append(partial(_change, inbox, differs))
            elif not wanted.get("name"):
                reading.problem(f"{path}.name", _("A new inbox needs a name."))
            else:
                new += 1
                _check_plan(workspace, len(present) + new - 1, path, reading)
                reading.changes.append(Change(path, None, wanted["name"]))
                reading.verbs.append(partial(_create, workspace, wanted))


def _open(workspace: Workspace) -> list[Inbox]:
    return list(workspace.inboxes.filter(closed_at=None).order_by("created_at", "pk"))


def _settings(inbox: Inbox) -> dict[str, Any]:
    return {name: getattr(inbox, name) for name in (*TEXTS, "allowed_origins", "retention_days")}


def _found(entry: dict[str, Any], wanted: dict[str, Any], free: list[Inbox]) -> Inbox | None:
    """The inbox that an entry means, among those that no other entry meant. An id of elsewhere means nothing here."""
    by_id = [inbox for inbox in free if str(inbox.pk) == entry.get("id")]
    by_name = [inbox for inbox in free if inbox.name == wanted.get("name")]
    return next(iter([*by_id, *by_name]), None)


def _wanted(entry: dict[str, Any], path: str, reading: Reading) -> dict[str, Any]:
    wanted = reading.through(InboxTextsForm(entry), path, entry)
    if "allowed_origins" in entry:
        wanted["allowed_origins"] = _origins(entry["allowed_origins"], f"{path}.allowed_origins", reading)
    if "retention_days" in entry:
        days = entry["retention_days"]
        if days not in RETENTIONS or isinstance(days, bool):
            reading.problem(f"{path}.retention_days", _("30, 60, 90, 365 or null are expected here."))
        wanted["retention_days"] = days
    return wanted


def _origins(value: Any, path: str, reading: Reading) -> list[str]:
    if not isinstance(value, list) or not all(isinstance(one, str) for one in value):
        reading.problem(path, _("A list of texts is expected here."))
        return []
    if len(value) > MOST_ORIGINS:
        reading.problem(
            path, ngettext("At most %(n)d site.", "At most %(n)d sites.", MOST_ORIGINS) % {"n": MOST_ORIGINS}
        )
    origins: dict[str, None] = {}
    for number, one in enumerate(value[:MOST_ORIGINS]):
        try:
            origins[parse_origin(one)] = None
        except ValueError as error:
            reading.problem(f"{path}[{number}]", str(error))
    return list(origins)


def _check_plan(workspace: Workspace, current: int, path: str, reading: Reading) -> None:
    limit = workspace.entitlements.inboxes
    if limit is not None and current >= limit:
        reading.problem(path, limits.reached("inboxes", current=current, limit=limit).detail)


def _change(inbox: Inbox, settings: dict[str, Any], by: Membership) -> None:
    actions.change_inbox(inbox, by=by, **settings)


def _create(workspace: Workspace, settings: dict[str, Any], by: Membership) -> None:
    inbox = actions.create_inbox(workspace, name=settings["name"], by=by)
    actions.change_inbox(inbox, by=by, **settings)
