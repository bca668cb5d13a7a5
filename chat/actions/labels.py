from __future__ import annotations

from functools import partial

from django.db import IntegrityError, transaction
from django.utils.text import format_lazy
from django.utils.translation import gettext_lazy as _

from chat import broadcasts, events, labels
from chat.models import Hue, Label
from minichat.lib.errors import Conflict, NotFound, PlanLimit
from minichat.lib.transactions import action
from workspaces import seats
from workspaces.events import emit
from workspaces.models import Membership, Workspace

MOST_LABELS = 200


@action
def create_label(by: Membership, *, name: str, hue: int | None = None) -> Label:
    """Raises `Conflict` for a name in use and `PlanLimit` for one too many. Without a hue the rarest one."""
    # Labels made at the same moment are counted one after the other.
    seats.locked(by.workspace)
    known = list(by.workspace.labels.all())
    if len(known) >= MOST_LABELS:
        detail = format_lazy(_("There is room for {limit} labels."), limit=MOST_LABELS)
        raise PlanLimit(detail, current=len(known), limit=MOST_LABELS)
    if labels.key_of(name) in {row.key for row in known}:
        raise _taken(name)
    used = [row.hue for row in known]
    hue = hue or min(Hue.values, key=used.count)
    row = by.workspace.labels.create(name=name, key=labels.key_of(name), hue=hue)
    emit(events.LABEL_CREATED, row, actor=by)
    _tell(by.workspace)
    return row


@action
def change_label(row: Label, *, by: Membership, name: str, hue: int) -> None:
    """Raises `Conflict` for a name in use."""
    if (row.name, row.hue) == (name, hue):
        return
    row.name, row.key, row.hue = name, labels.key_of(name), hue
    try:
        with transaction.atomic():
            row.save(update_fields=["name", "key", "hue"])
    except IntegrityError:
        raise _taken(name) from None
    emit(events.LABEL_CHANGED, row, actor=by)
    _tell(by.workspace)


@action
def delete_label(row: Label, *, by: Membership) -> None:
    """Conversations lose it; their copies of its id mean nothing from now on."""
    found = by.workspace.labels.select_for_update().filter(pk=row.pk).first()
    if found is None:
        raise NotFound
    emit(events.LABEL_DELETED, found, actor=by, conversations=found.labellings.count())
    found.delete()
    _tell(by.workspace)


def _taken(name: str) -> Conflict:
    return Conflict(format_lazy(_("There is a label “{name}” already."), name=name))


def _tell(workspace: Workspace) -> None:
    transaction.on_commit(partial(broadcasts.labels_changed, workspace), robust=True)
