"""Web pages to read: one, those it leads to, or all of a sitemap. Tasks read them (`crawling.py`)."""

from __future__ import annotations

from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from ai import events
from ai.actions import crawling, learning
from ai.actions.room import room_for_passages
from ai.models import Source, SourceKind, SourceStatus
from ai.models.source import LONGEST_TITLE
from minichat.lib.errors import Conflict
from minichat.lib.transactions import action
from workspaces import seats
from workspaces.events import emit
from workspaces.models import Membership, Workspace


@action
def add_page(by: Membership, *, url: str, scope: str, schedule: str, is_active: bool = True) -> Source:
    """A task reads it. `url` in its canonical spelling. Raises `PlanLimit`, `Conflict` for one that is there."""
    room_for_passages(by.workspace, 1)
    _only_once(by.workspace, url)
    row = by.workspace.knowledge_sources.create(
        kind=SourceKind.PAGE,
        title=_name(url),
        url=url,
        scope=scope,
        schedule=schedule,
        is_active=is_active,
    )
    if is_active:
        crawling.begin(row)
    emit(events.PAGE_ADDED, row, actor=by)
    return row


@action
def change_page(source: Source, *, by: Membership, url: str, scope: str, schedule: str, is_active: bool = True) -> None:
    """Switched off, it is out of the index at once. Another address or extent is read from the start."""
    seats.locked(by.workspace)
    _only_once(by.workspace, url, but=source)
    row = learning.locked(source)
    before = row.url, row.scope, row.is_active
    if before == (url, scope, is_active) and row.schedule == schedule:
        return
    if row.url != url:
        row.title = _name(url)
    row.url, row.scope, row.schedule, row.is_active = url, scope, schedule, is_active
    if not is_active:
        learning.forget(row)
        row.status, row.error, row.passages, row.troubles = SourceStatus.WAITING, "", 0, []
        row.claimed_until, row.due_at = None, None
    elif before == (url, scope, True):
        is_read = row.status != SourceStatus.WAITING
        row.due_at = crawling.due_after(row, row.synced_at or timezone.now()) if is_read else None
    row.save()
    if is_active and before != (url, scope, True):
        crawling.begin(row)
    emit(events.PAGE_CHANGED, row, actor=by)


def _name(url: str) -> str:
    """What it is called until its own title is known."""
    return url.partition("://")[2].rstrip("/")[:LONGEST_TITLE]


def _only_once(workspace: Workspace, url: str, *, but: Source | None = None) -> None:
    same = workspace.knowledge_sources.of_kind(SourceKind.PAGE).filter(url=url)
    if (same.exclude(pk=but.pk) if but else same).exists():
        raise Conflict(_("This address is in the list already."))
