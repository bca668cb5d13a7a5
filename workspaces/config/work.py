from __future__ import annotations

import hashlib
import json
from dataclasses import dataclass

from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from minichat.lib.errors import Conflict, Invalid
from minichat.lib.transactions import action
from workspaces import events
from workspaces.config.changes import Change, Problem
from workspaces.config.reading import FORMAT, HEAD, VERSION, Unreadable, head_problems, parse
from workspaces.config.sections import Reading, sections
from workspaces.models import Membership, Workspace


class ChangedMeanwhile(Conflict):
    message = gettext_lazy("The settings were changed meanwhile. Look at what would change now.")


class NotImportable(Invalid):
    message = gettext_lazy("This file cannot be imported.")


@dataclass(frozen=True)
class Plan:
    """What an import would do. `digest` names these very changes, so that nobody agrees to others."""

    problems: list[Problem]
    changes: list[Change]

    @property
    def digest(self) -> str:
        told = [[change.path, change.before, change.after] for change in self.changes]
        return hashlib.sha256(json.dumps(told, sort_keys=True, default=str).encode()).hexdigest()


@action
def export(workspace: Workspace, *, by: Membership) -> str:
    """The file, for people to read as well: indented, in the order of the rooms."""
    head = {
        "format": FORMAT,
        "version": VERSION,
        "exported_at": timezone.now().isoformat(timespec="seconds"),
        "workspace_address": workspace.slug,
    }
    events.emit(events.CONFIG_EXPORTED, workspace, actor=by)
    data = {**head, **{section.name: section.export(workspace) for section in sections}}
    return json.dumps(data, ensure_ascii=False, indent=2) + "\n"


def plan(workspace: Workspace, text: str) -> Plan:
    """A look at what the file would change. Nothing is written."""
    reading = _read(workspace, text)
    return Plan(reading.problems, reading.changes)


@action
def import_config(workspace: Workspace, *, text: str, agreed: str, by: Membership) -> Plan:
    """Put the file in place, all of it or nothing. `agreed` is the digest of the plan that was looked at.

    The workspace's row is locked, so that what was read is what is changed.
    """
    workspace = Workspace.objects.select_for_update().get(pk=workspace.pk)
    reading = _read(workspace, text)
    done = Plan(reading.problems, reading.changes)
    if done.problems:
        raise NotImportable
    if done.digest != agreed:
        raise ChangedMeanwhile
    for verb in reading.verbs:
        verb(by)
    if done.changes:
        paths = [change.path for change in done.changes]
        events.emit(events.CONFIG_IMPORTED, workspace, actor=by, count=len(paths), paths=paths[:100])
    return done


def _read(workspace: Workspace, text: str) -> Reading:
    reading = Reading()
    try:
        data = parse(text)
    except Unreadable as error:
        reading.problems.append(error.problem)
        return reading
    reading.problems += head_problems(data)
    if reading.problems:
        return reading
    known = {section.name for section in sections}
    for name in data.keys() - known - HEAD:
        reading.problem(name[:200], _("This setting is not known."))
    for section in sections:
        if section.name in data:
            section.read(workspace, data[section.name], reading)
    return reading
