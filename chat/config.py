"""Inboxes in the file of a workspace's settings."""

from __future__ import annotations

from collections.abc import Iterator
from functools import partial
from typing import Any

from django.utils.translation import gettext as _

from chat import actions
from chat.appearance import Appearance
from chat.config_asking import form_of, read_form, verb_of
from chat.config_values import (
    InboxTextsForm,
    appearance_of,
    hours_of,
    is_one_of,
    kept_texts,
    read_appearance,
    read_hours,
    read_origins,
    read_texts,
    read_triggers,
    texts_of,
    triggers_of,
)
from chat.forms_hours import ALERTS, IDLE
from chat.models import Handler, Inbox
from workspaces import limits
from workspaces.config import Change, Reading, Section
from workspaces.models import Membership, Workspace

TEXTS = ("name", "color", "language", "title", "greeting", "offline_text")
# What each of them may be; None: never, or for ever.
CHOICES = {
    "retention_days": (30, 60, 90, 365, None),
    "alert_seconds": (*ALERTS, None),
    "idle_minutes": (*IDLE, None),
    "answered_by": tuple(Handler.values),
}
PARTS = ("allowed_origins", *CHOICES, "business_hours", "appearance", "texts", "triggers", "form")
NAMES = {"id", *TEXTS, *PARTS}
# What the page "Look" changes, with the words of its own in the audit log.
LOOK = ("color", "language", "title", "greeting", "offline_text", "appearance", "texts")


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
            inbox = _found(entry, free)
            wanted = _wanted(entry, inbox or Inbox(), path, reading)
            if inbox is not None:
                free.remove(inbox)
                if differs := _compare(path, _settings(inbox), wanted, reading):
                    reading.verbs.append(partial(_change, inbox, differs))
            elif not wanted.get("name"):
                reading.problem(f"{path}.name", _("A new inbox needs a name."))
            else:
                new += 1
                _check_plan(workspace, len(present) + new - 1, path, reading)
                reading.changes.append(Change(path, None, wanted["name"]))
                _compare(path, _settings(Inbox(name=wanted["name"])), wanted, reading)
                reading.verbs.append(partial(_create, workspace, wanted))


def _open(workspace: Workspace) -> list[Inbox]:
    return list(workspace.inboxes.filter(closed_at=None).order_by("created_at", "pk"))


def _settings(inbox: Inbox) -> dict[str, Any]:
    """As the file has them."""
    plain = {name: getattr(inbox, name) for name in (*TEXTS, "allowed_origins", *CHOICES)}
    return {
        **plain,
        "business_hours": hours_of(inbox),
        "appearance": appearance_of(inbox),
        "texts": texts_of(inbox.texts),
        "triggers": triggers_of(inbox),
        "form": form_of(inbox),
    }


def _found(entry: dict[str, Any], free: list[Inbox]) -> Inbox | None:
    """The inbox that an entry means, among those that no other entry meant. An id of elsewhere means nothing here."""
    by_id = [inbox for inbox in free if str(inbox.pk) == entry.get("id")]
    by_name = [inbox for inbox in free if inbox.name == entry.get("name")]
    return next(iter([*by_id, *by_name]), None)


def _wanted(entry: dict[str, Any], inbox: Inbox, path: str, reading: Reading) -> dict[str, Any]:
    """What the entry speaks of, in the words of the file; `inbox` is what it would change."""
    wanted = reading.through(InboxTextsForm(entry), path, entry)
    for name, allowed in CHOICES.items():
        if name in entry and is_one_of(entry[name], allowed, f"{path}.{name}", reading):
            wanted[name] = entry[name]
    if "allowed_origins" in entry:
        wanted["allowed_origins"] = read_origins(entry["allowed_origins"], f"{path}.allowed_origins", reading)
    if "business_hours" in entry:
        hours = read_hours(entry["business_hours"], f"{path}.business_hours", reading)
        wanted["business_hours"] = hours_of(Inbox(business_hours=hours or {}))
    if "appearance" in entry:
        place = f"{path}.appearance"
        wanted["appearance"] = read_appearance(entry["appearance"], place, reading, appearance_of(inbox))
    if "texts" in entry:
        wanted["texts"] = read_texts(entry["texts"], f"{path}.texts", reading, texts_of(inbox.texts))
    if "triggers" in entry:
        wanted["triggers"] = read_triggers(entry["triggers"], f"{path}.triggers", reading)
    if "form" in entry:
        wanted["form"] = read_form(entry["form"], f"{path}.form", reading, form_of(inbox))
    return wanted


def _compare(path: str, before: dict[str, Any], wanted: dict[str, Any], reading: Reading) -> dict[str, Any]:
    """Each value by itself, so that whoever looks at the changes can read them."""
    differs = {name: value for name, value in wanted.items() if before[name] != value}
    for name, value in differs.items():
        was, will = dict(_flat(name, before[name])), dict(_flat(name, value))
        reading.compare(path, was, {**dict.fromkeys(was), **will})
    return differs


def _flat(name: str, value: Any) -> Iterator[tuple[str, Any]]:
    """`appearance.side`, `triggers[0].texts.th`: names of single values. A list of texts is one."""
    if isinstance(value, dict):
        for key, one in value.items():
            yield from _flat(f"{name}.{key}", one)
    elif isinstance(value, list) and value and isinstance(value[0], dict):
        for number, one in enumerate(value):
            yield from _flat(f"{name}[{number}]", one)
    else:
        yield name, value


def _check_plan(workspace: Workspace, current: int, path: str, reading: Reading) -> None:
    limit = workspace.entitlements.inboxes
    if limit is not None and current >= limit:
        reading.problem(path, limits.reached("inboxes", current=current, limit=limit).detail)


def _change(inbox: Inbox, settings: dict[str, Any], by: Membership) -> None:
    columns = {name: _column(name, value) for name, value in settings.items()}
    look = {name: value for name, value in columns.items() if name in LOOK}
    rules, form = columns.pop("triggers", None), columns.pop("form", None)
    inbox = actions.change_inbox(inbox, by=by, **{name: columns[name] for name in columns.keys() - look.keys()})
    inbox = actions.set_look(inbox, by=by, **look)
    if rules is not None:
        actions.set_triggers(inbox, rules=rules, by=by)
    if form is not None:
        actions.set_inbox_form(inbox, by=by, **verb_of(form))


def _column(name: str, value: Any) -> Any:
    """From the words of the file to what is kept."""
    if name == "appearance":
        return Appearance(**value).kept()
    if name == "texts":
        return kept_texts(value)
    return read_hours(value, name, Reading()) if name == "business_hours" else value


def _create(workspace: Workspace, settings: dict[str, Any], by: Membership) -> None:
    inbox = actions.create_inbox(workspace, name=settings["name"], by=by)
    _change(inbox, settings, by)
