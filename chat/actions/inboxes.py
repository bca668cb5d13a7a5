from __future__ import annotations

from functools import partial
from typing import Any

from django.db import IntegrityError, transaction
from django.db.models import F
from django.utils import timezone

from chat import broadcasts, events
from chat.actions.visitor_messages import NUMBERS
from chat.models import Inbox
from chat.shelf import INBOX_LOGOS
from minichat.lib.files import Picture
from minichat.lib.transactions import action
from workspaces import limits, seats, usage
from workspaces.events import emit
from workspaces.models import Membership, Workspace

MOST_REFUSED_ORIGINS = 50


@action
def create_inbox(workspace: Workspace, *, name: str, by: Membership | None = None) -> Inbox:
    """Raises `PlanLimit` when the plan has no room for another one."""
    require_room(workspace)
    inbox = workspace.inboxes.create(name=name)
    # Every visitor's message takes this row first; were the first messages to make it, they could lock each other out.
    usage.locked(workspace, NUMBERS, usage.FOR_EVER)
    emit(events.INBOX_CREATED, inbox, actor=by)
    transaction.on_commit(partial(broadcasts.access_changed, workspace.pk), robust=True)
    return inbox


def require_room(workspace: Workspace) -> None:
    """The lock: two inboxes made or opened at once are counted one after the other."""
    limit = seats.locked(workspace).inboxes
    count = workspace.inboxes.open().count()
    if limit is not None and count >= limit:
        raise limits.reached("inboxes", current=count, limit=limit)


@action
def set_allowed_origins(inbox: Inbox, *, origins: list[str], by: Membership) -> Inbox:
    """Replace the sites that may load the widget; `origins` are exact and canonical (`minichat.lib.origins`)."""
    inbox.allowed_origins = origins
    inbox.save(update_fields=["allowed_origins"])
    inbox.refused_origins.filter(origin__in=origins).delete()
    emit(events.INBOX_CHANGED, inbox, actor=by, allowed_origins=origins)
    return inbox


@action
def change_inbox(inbox: Inbox, *, by: Membership, **wanted: Any) -> Inbox:
    """Save what differs of name, colour, texts, sites and retention."""
    inbox = inbox.workspace.inboxes.select_for_update().get(pk=inbox.pk)
    changes = {name: value for name, value in wanted.items() if getattr(inbox, name) != value}
    if not changes:
        return inbox
    for name, value in changes.items():
        setattr(inbox, name, value)
    inbox.save(update_fields=list(changes))
    if "allowed_origins" in changes:
        inbox.refused_origins.filter(origin__in=changes["allowed_origins"]).delete()
    emit(events.INBOX_CHANGED, inbox, actor=by, **changes)
    return inbox


@action
def set_look(inbox: Inbox, *, by: Membership, **wanted: Any) -> Inbox:
    """Colour, texts, language, appearance: what is not named stays. The same look again is no change."""
    changes = {name: value for name, value in wanted.items() if getattr(inbox, name) != value}
    if changes:
        for name, value in changes.items():
            setattr(inbox, name, value)
        inbox.save(update_fields=list(changes))
        emit(events.INBOX_LOOK_CHANGED, inbox, actor=by, color=inbox.color)
    return inbox


@action
def set_triggers(inbox: Inbox, *, rules: list[dict[str, Any]], by: Membership) -> Inbox:
    """The same rules again are no change."""
    if rules != inbox.triggers:
        inbox.triggers = rules
        inbox.save(update_fields=["triggers"])
        emit(events.INBOX_CHANGED, inbox, actor=by, triggers=len(rules))
    return inbox


def set_inbox_logo(inbox: Inbox, *, picture: Picture | None, by: Membership) -> Inbox:
    """None: the workspace's again. The files are written before the row is locked: a slow disk holds up nobody."""
    return _swap_logo(inbox, INBOX_LOGOS.put(picture) if picture else "", by)


@action
def _swap_logo(inbox: Inbox, key: str, by: Membership) -> Inbox:
    """Under the row's lock, so that of two logos at once the earlier one's files go."""
    inbox = inbox.workspace.inboxes.select_for_update().select_related("workspace").get(pk=inbox.pk)
    if inbox.logo or key:
        INBOX_LOGOS.drop(inbox.logo)
        inbox.logo = key
        inbox.save(update_fields=["logo"])
        emit(events.INBOX_LOOK_CHANGED, inbox, actor=by, logo=bool(key))
    return inbox


@action
def note_installed(inbox: Inbox, origin: str) -> None:
    """A page of the owner's has opened the widget. Only the first one counts, however many come at once."""
    now = timezone.now()
    if inbox.workspace.inboxes.filter(pk=inbox.pk, installed_at=None).update(
        installed_at=now, installed_on=origin[:255]
    ):
        inbox.installed_at, inbox.installed_on = now, origin
        emit(events.INBOX_INSTALLED, inbox, origin=origin)


def note_refused_origin(inbox: Inbox, origin: str) -> None:
    """Remember that `origin` tried to load the widget. Bounded: a flood of made-up names fills no table."""
    if inbox.refused_origins.filter(origin=origin).update(count=F("count") + 1, last_at=timezone.now()):
        return
    if inbox.refused_origins.count() >= MOST_REFUSED_ORIGINS:
        return
    try:
        with transaction.atomic():
            inbox.refused_origins.create(workspace_id=inbox.workspace_id, origin=origin[:255])
    except IntegrityError:
        return
