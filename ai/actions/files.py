"""Files to read: kept on the shelf, read by a task (`learning.py`)."""

from __future__ import annotations

from typing import IO

from django.conf import settings
from django.utils.translation import gettext_lazy as _

from ai import events, shelf
from ai.actions import learning
from ai.actions.room import room_for_passages
from ai.models import Source, SourceKind, SourceStatus
from ai.reading import kinds
from chat.actions.uploads import STORED_BYTES, ask_for_room
from minichat.lib.files import names
from minichat.lib.files.pictures import whole
from minichat.lib.files.refusals import FileRefused, NoRoom
from minichat.lib.transactions import action
from workspaces import usage
from workspaces.events import emit
from workspaces.models import Membership


class NoRoomForFiles(FileRefused):
    code = "no_room_for_files"
    message = _("There is no room for more files. Delete some that you do not need any more.")


def add_file(by: Membership, *, file: IO[bytes], name: str) -> Source:
    """A task reads it. Raises a `FileRefused`, `Unreadable` for what is no file to read, `PlanLimit`."""
    try:
        ask_for_room()
    except NoRoom as error:
        raise NoRoomForFiles from error
    data = whole(file)
    kind = kinds.kind_of(data, name)
    key = shelf.stored(kind, data)
    try:
        return _add(by, key=key, sort=kind, size=len(data), title=names.shown(name, f".{kind}"))
    except BaseException:
        shelf.FILES.remove(key)
        raise


@action
def change_file(source: Source, *, by: Membership, title: str, is_active: bool = True) -> None:
    """Switched off, it is out of the index at once. Its ending stays: it says what the file is."""
    row = learning.locked(source)
    title = names.shown(f"{title}.", f".{row.sort}") if not title.endswith(f".{row.sort}") else title
    if (row.title, row.is_active) == (title, is_active):
        return
    row.title, row.is_active = title, is_active
    row.status, row.error = SourceStatus.WAITING, ""
    row.save()
    if not row.is_active:
        learning.forget(row)
    emit(events.FILE_CHANGED, row, actor=by)


def give_back(row: Source) -> None:
    """A row was deleted, whoever did it: its file and its part of the quota go with it."""
    if row.key:
        shelf.FILES.drop(row.key)
        usage.give_back(row.workspace_id, STORED_BYTES, row.size)


@action
def _add(by: Membership, *, key: str, sort: str, size: int, title: str) -> Source:
    # How many pieces it has shows when it is read: one of them must have room, or it is not worth the trouble.
    room_for_passages(by.workspace, 1)
    counter = usage.locked(by.workspace, STORED_BYTES, usage.FOR_EVER)
    if counter.used + size > settings.STORAGE_PER_WORKSPACE:
        raise NoRoomForFiles
    row = by.workspace.knowledge_sources.create(kind=SourceKind.FILE, title=title, key=key, sort=sort, size=size)
    counter.used += size
    counter.save(update_fields=["used"])
    emit(events.FILE_ADDED, row, actor=by)
    return row
