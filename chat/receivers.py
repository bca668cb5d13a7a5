"""Hears what happens in the rooms below."""

from __future__ import annotations

from functools import partial
from typing import Any

from django.db import transaction
from django.dispatch import receiver
from django.utils import translation
from django.utils.translation import gettext as _

from chat import actions, broadcasts, notices
from chat.events import CONVERSATION_ASSIGNED
from notifications.actions import notify
from notifications.events import NOTIFICATIONS_READ, NOTIFIED, QUIET_HOURS_OVER
from workspaces.events import MEMBER_DEACTIVATED, WORKSPACE_CREATED, Event, event_emitted


@receiver(event_emitted, dispatch_uid="chat.first_inbox")
def make_first_inbox(sender: Any, event: Event, subject: Any, **data: Any) -> None:
    if event == WORKSPACE_CREATED:
        with translation.override(subject.locale):
            name = _("Website chat")
        actions.create_inbox(subject, name=name, by=data.get("actor"))


@receiver(event_emitted, dispatch_uid="chat.close_sockets")
def close_sockets(sender: Any, event: Event, subject: Any, **data: Any) -> None:
    if event == MEMBER_DEACTIVATED:
        transaction.on_commit(partial(broadcasts.revoke, subject.pk), robust=True)


@receiver(event_emitted, dispatch_uid="chat.tell_assignee")
def tell_assignee(sender: Any, event: Event, subject: Any, **data: Any) -> None:
    if event == CONVERSATION_ASSIGNED and data["assignee"] is not None:
        assignee = subject.inbox.workspace.memberships.filter(pk=data["assignee"])
        actor = data["actor"]
        words = {**notices.who(subject), "by": actor.name if actor else "MiniChat"}
        notify(notices.ASSIGNED, assignee, by=actor, target=str(subject.pk), data=words)


@receiver(event_emitted, dispatch_uid="chat.ring_bells")
def ring_bells(sender: Any, event: Event, subject: Any, **data: Any) -> None:
    """The room of notifications knows no sockets."""
    if event == NOTIFIED:
        transaction.on_commit(partial(broadcasts.notified, data["rows"]), robust=True)
    elif event == NOTIFICATIONS_READ:
        transaction.on_commit(partial(broadcasts.notifications_read, data["membership"].pk, data["ids"]), robust=True)
    elif event == QUIET_HOURS_OVER:
        transaction.on_commit(partial(broadcasts.quiet_hours_over, data["membership"], data["rows"]), robust=True)
