from __future__ import annotations

from functools import partial

from django.db import transaction
from django.utils.text import format_lazy
from django.utils.translation import gettext_lazy as _

from chat import broadcasts
from chat.models import SavedView
from minichat.lib.errors import Forbidden, PlanLimit
from minichat.lib.transactions import action
from workspaces import seats
from workspaces.models import Membership
from workspaces.roles import Role

# Each is a line of the menu.
MOST_OWN = MOST_SHARED = 20


@action
def add_view(by: Membership, *, name: str, query: str, is_shared: bool) -> SavedView:
    """Raises `PlanLimit` for one too many."""
    _room_for(by, is_shared)
    row = by.workspace.saved_views.create(owner=by, name=name, query=query, is_shared=is_shared)
    _tell(row, by, is_shared)
    return row


@action
def change_view(row: SavedView, *, by: Membership, name: str, query: str, is_shared: bool) -> None:
    """One's own, and for admins what is shared; raises `Forbidden` for others', `PlanLimit` for one too many."""
    _require_right(row, by)
    if is_shared != row.is_shared:
        # What an admin takes from the team is its maker's own again.
        _room_for(by, is_shared)
    was_shared = row.is_shared
    row.name, row.query, row.is_shared = name, query, is_shared
    row.save(update_fields=["name", "query", "is_shared"])
    _tell(row, by, was_shared)


@action
def delete_view(row: SavedView, *, by: Membership) -> None:
    _require_right(row, by)
    row.delete()
    _tell(row, by, row.is_shared)


def may_change_view(row: SavedView, by: Membership) -> bool:
    return row.owner_id == by.pk or (row.is_shared and by.may(Role.ADMIN))


def _require_right(row: SavedView, by: Membership) -> None:
    if not may_change_view(row, by):
        raise Forbidden(_("Whoever made this view, and admins, may change it."))


def _tell(row: SavedView, by: Membership, was_shared: bool) -> None:
    """The menus that show it or have shown it."""
    if row.is_shared or was_shared:
        transaction.on_commit(partial(broadcasts.views_changed, by.workspace), robust=True)
    if row.owner_id and not (row.is_shared and was_shared):
        told = partial(broadcasts.own_views_changed, by.workspace, row.owner_id)
        transaction.on_commit(told, robust=True)


def _room_for(by: Membership, is_shared: bool) -> None:
    # Lists that grow at the same moment are counted one after the other.
    seats.locked(by.workspace)
    views = by.workspace.saved_views
    count = views.filter(is_shared=True).count() if is_shared else views.filter(is_shared=False, owner=by).count()
    limit = MOST_SHARED if is_shared else MOST_OWN
    if count >= limit:
        raise PlanLimit(format_lazy(_("There is room for {limit} views."), limit=limit), current=count, limit=limit)
