"""Deletes what a closed workspace has, some rows at a time: no long transaction, no long lock, and a run that is cut
off goes on where it was."""

from __future__ import annotations

import time
from typing import Any

from django.apps import apps
from django.db import transaction
from django.db.models import Model

from minichat.lib.transactions import action
from workspaces import emails, events
from workspaces.lifecycle import to_delete
from workspaces.models import AuditEntry, Workspace

BATCH = 500
# What our staff must be able to look up after a workspace is gone; all its other lines go with it.
KEPT_LINES = ("workspace.created", "workspace.suspended", "workspace.resumed", "workspace.closed", "workspace.restored")


def purge_due(seconds: float) -> bool:
    """Delete what is due, for about so long. Returns whether something is left for another run."""
    enough = time.monotonic() + seconds
    for workspace in to_delete().iterator():
        if not claim(workspace):
            continue
        while delete_some(workspace):
            if time.monotonic() > enough:
                return True
        _finish(workspace)
    return False


@action
def claim(workspace: Workspace) -> bool:
    """From here on there is no way back: under the row's lock, an owner's restore came before or finds nothing."""
    row = Workspace.objects.select_for_update().filter(pk=workspace.pk).first()
    if row is None or row.status == Workspace.Status.PURGING:
        return row is not None
    if not to_delete().filter(pk=row.pk).exists():
        return False
    row.status = Workspace.Status.PURGING
    row.save(update_fields=["status", "updated_at"])
    # Now, while there are still owners to tell.
    emails.tell_owners(row, "workspace-gone")
    return True


def delete_some(workspace: Workspace) -> bool:
    """One batch, children before their parents. `delete()`, not raw SQL: a row takes its files along."""
    for model in owned_models():
        with transaction.atomic():
            rows = _rows(model, workspace)
            keys = list(rows.values_list("pk", flat=True)[:BATCH])
            if keys:
                rows.filter(pk__in=keys).delete()
                return True
    return False


def owned_models() -> list[type[Model]]:
    """Every model with a key to the workspace, those that point at others of them first."""
    waiting = {model for model in apps.get_models() if model is not Workspace and _key(model)}
    ordered: list[type[Model]] = []
    while waiting:
        # Where models point at each other in a circle any of them may begin: the collector deletes the rest.
        free = [model for model in waiting if not _pointed_at(model, waiting)] or list(waiting)[:1]
        ordered += sorted(free, key=lambda model: model._meta.label)
        waiting -= set(free)
    return ordered


def _pointed_at(model: type[Model], among: set[type[Model]]) -> bool:
    return any(field.related_model is model for other in among - {model} for field in other._meta.concrete_fields)


def _key(model: type[Model]) -> bool:
    return any(field.name == "workspace" and field.related_model is Workspace for field in model._meta.concrete_fields)


def _rows(model: type[Model], workspace: Workspace) -> Any:
    # `_base_manager`: tenant models have no `objects`, and this goes through all of them.
    rows = model._base_manager.filter(workspace=workspace)
    return rows.exclude(action__in=KEPT_LINES) if model is AuditEntry else rows


@action
def _finish(workspace: Workspace) -> None:
    row = Workspace.objects.select_for_update().filter(pk=workspace.pk).first()
    if row is not None:
        events.emit(events.WORKSPACE_PURGED, row)
        row.delete()
