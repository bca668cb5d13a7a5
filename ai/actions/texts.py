from __future__ import annotations

from ai import events
from ai.actions import learning
from ai.actions.room import room_for_passages
from ai.knowledge.split import split_text
from ai.models import Source, SourceKind, SourceStatus
from minichat.lib.transactions import action
from workspaces.events import emit
from workspaces.models import Membership


def add_text(by: Membership, *, title: str, text: str, is_active: bool = True) -> Source:
    """A task reads it. Raises `PlanLimit` when its pieces are more than the plan includes."""
    # It is cut before anything is locked.
    return _add(by, title=title, text=text, is_active=is_active, passages=len(split_text(text, title=title)))


def change_text(source: Source, *, by: Membership, title: str, text: str, is_active: bool = True) -> None:
    """Switched off, it is out of the index at once; changed, the old text answers until the new one is read."""
    passages = len(split_text(text, title=title))
    _change(source, by=by, title=title, text=text, is_active=is_active, passages=passages)


@action
def _add(by: Membership, *, title: str, text: str, is_active: bool, passages: int) -> Source:
    room_for_passages(by.workspace, passages)
    row = by.workspace.knowledge_sources.create(
        kind=SourceKind.TEXT, title=title, text=text, is_active=is_active, passages=passages
    )
    emit(events.TEXT_ADDED, row, actor=by)
    return row


@action
def _change(source: Source, *, by: Membership, title: str, text: str, is_active: bool, passages: int) -> None:
    if passages > source.passages:
        room_for_passages(by.workspace, passages, instead_of=source)
    row = learning.locked(source)
    if (row.title, row.text, row.is_active) == (title, text, is_active) and row.status == SourceStatus.READY:
        return
    row.title, row.text, row.is_active, row.passages = title, text, is_active, passages
    row.status, row.error = SourceStatus.WAITING, ""
    row.save()
    if not row.is_active:
        learning.forget(row)
    emit(events.TEXT_CHANGED, row, actor=by)
