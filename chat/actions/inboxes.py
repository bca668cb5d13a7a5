from __future__ import annotations

from typing import Any

from django.db import IntegrityError, transaction
from django.db.models import F
from django.utils import timezone

from chat import events
from chat.actions.visitor_messages import NUMBERS
from chat.models import Inbox
from minichat.lib.transactions import action
from workspaces import limits, usage
from workspaces.events import emit
from workspaces.models import Entitlements, Membership, Workspace

MOST_REFUSED_ORIGINS = 50


@action
def create_inbox(workspace: Workspace, *, name: str, by: Membership | None = None) -> Inbox:
    # The entitlements row is the lock: two inboxes made at once are counted one after the other.
    limit = Entitlements.unscoped.select_for_update().get(workspace=workspace).inboxes
    count = workspace.inboxes.filter(closed_at=None).count()
    if limit is not None and count >= limit:
        raise limits.reached("inboxes", current=count, limit=limit)
    inbox = workspace.inboxes.create(name=name)
    # Every visitor's message takes this row first; were the first messages to make it, they could lock each other out.
    usage.locked(workspace, NUMBERS, usage.FOR_EVER)
    emit(events.INBOX_CREATED, inbox, actor=by)
    return inbox


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
def set_look(inbox: Inbox, *, color: str, greeting: str, language: str = "", by: Membership) -> Inbox:
    """The same look again is no change and leaves no line in the audit log."""
    if (color, greeting, language) != (inbox.color, inbox.greeting, inbox.language):
        inbox.color, inbox.greeting, inbox.language = color, greeting, language
        inbox.save(update_fields=["color", "greeting", "language"])
        emit(events.INBOX_LOOK_CHANGED, inbox, actor=by, color=color)
    return inbox


@action
def note_installed(inbox: Inbox, origin: str) -> None:
    """A page of the owner's has opened the widget. Only the first one counts, however many come at once."""
    now = timezone.now()
    if inbox.workspace.inboxes.filter(pk=inbox.pk, installed_at=None).update(installed_at=now):
        inbox.installed_at = now
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
