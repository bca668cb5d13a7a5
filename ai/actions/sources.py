"""What all sorts of knowledge have in common."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from ai import events
from ai.actions import crawling, learning
from ai.knowledge import index
from ai.models import Source, SourceKind, SourceStatus
from minichat.lib.errors import Conflict
from minichat.lib.transactions import action
from workspaces.events import emit
from workspaces.models import Membership

DELETED = {
    SourceKind.FAQ: events.FAQ_DELETED,
    SourceKind.TEXT: events.TEXT_DELETED,
    SourceKind.FILE: events.FILE_DELETED,
    SourceKind.PAGE: events.PAGE_DELETED,
}


@action
def delete_source(source: Source, *, by: Membership) -> None:
    """Out of the list, and out of the index at once. A file goes with its row."""
    row = learning.locked(source)
    emit(DELETED[SourceKind(row.kind)], row, actor=by)
    index.remove_source(row)


@action
def read_again(source: Source, *, by: Membership) -> None:
    """Once more, all of it; what was known of it answers meanwhile. Nothing happens if it is being read already."""
    row = learning.locked(source)
    if not row.is_active:
        raise Conflict(_("It is switched off. Switch it on to have it read."))
    if row.status == SourceStatus.WAITING:
        return
    if row.kind == SourceKind.PAGE:
        crawling.begin(row)
    else:
        row.status, row.error = SourceStatus.WAITING, ""
        row.save(update_fields=["status", "error", "updated_at"])
    emit(events.READ_AGAIN, row, actor=by)
