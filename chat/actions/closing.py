"""An inbox closes and opens again. Its widget leaves all sites at once; what was written in it stays."""

from __future__ import annotations

from collections.abc import Iterator
from functools import partial

from django.db import transaction
from django.db.models import Exists, OuterRef
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from chat import broadcasts, events
from chat.actions.inboxes import require_room
from chat.append import Appender
from chat.models import Conversation, Inbox, Status
from minichat.lib.errors import Conflict
from minichat.lib.transactions import action
from workspaces import seats
from workspaces.events import emit
from workspaces.models import Membership

# Rows locked at once: a colleague who answers one of them waits for a moment, not for all of them.
BATCH = 50


@action
def close_inbox(inbox: Inbox, *, by: Membership) -> Inbox:
    """Raises `Conflict` for the last open one. Closing what is closed is no change.

    Its open conversations are resolved afterwards, a few at a time (`resolve_left`).
    """
    seats.locked(inbox.workspace)
    inbox = inbox.workspace.inboxes.select_for_update().get(pk=inbox.pk)
    if inbox.closed_at is not None:
        return inbox
    if inbox.workspace.inboxes.open().count() == 1:
        raise Conflict(_("This is your only inbox. Create another one before you close it."))
    inbox.closed_at = timezone.now()
    inbox.save(update_fields=["closed_at"])
    emit(events.INBOX_CLOSED, inbox, actor=by)
    transaction.on_commit(partial(broadcasts.inbox_closed, inbox.pk), robust=True)
    return inbox


@action
def reopen_inbox(inbox: Inbox, *, by: Membership) -> Inbox:
    """The same widget key works again. Raises `PlanLimit` when the plan has no room for another one."""
    inbox = inbox.workspace.inboxes.select_for_update().get(pk=inbox.pk)
    if inbox.closed_at is None:
        return inbox
    require_room(inbox.workspace)
    inbox.closed_at = None
    inbox.save(update_fields=["closed_at"])
    emit(events.INBOX_REOPENED, inbox, actor=by)
    return inbox


def left_open() -> Iterator[tuple[str, str]]:
    """Workspace and key of closed inboxes that still have open conversations."""
    theirs = Conversation.unscoped.filter(workspace=OuterRef("workspace"), inbox=OuterRef("pk"))
    closed = Inbox.unscoped.exclude(closed_at=None).filter(Exists(theirs.exclude(status=Status.RESOLVED)))
    return ((str(workspace), str(pk)) for workspace, pk in closed.order_by("pk").values_list("workspace", "pk"))


def resolve_left(inbox: Inbox) -> int:
    """Nobody can be reached there any more: nothing of it waits. How many were open."""
    resolved = 0
    while count := _resolve_some(inbox):
        resolved += count
    return resolved


@action
def _resolve_some(inbox: Inbox) -> int:
    rows = inbox.workspace.conversations.select_for_update(of=("self",), no_key=True).select_related(
        "contact", "inbox__workspace", "visitor"
    )
    held = list(rows.filter(inbox=inbox).exclude(status=Status.RESOLVED).order_by("pk")[:BATCH])
    with Appender() as appender:
        for conversation in held:
            conversation.status, conversation.resolved_at = Status.RESOLVED, appender.now
            conversation.waiting_since = None
            appender.event(conversation, "resolved", public=True)
            emit(events.CONVERSATION_RESOLVED, conversation)
    return len(held)
