"""Hears what happens in the rooms below."""

from __future__ import annotations

from functools import partial
from typing import Any

from django.db import transaction
from django.dispatch import receiver
from django.utils import translation
from django.utils.translation import gettext as _

from chat import actions, broadcasts, notices, tasks
from chat.actions import releases
from chat.events import CONVERSATION_ASSIGNED
from notifications.actions import notify
from notifications.events import NOTIFICATIONS_READ, NOTIFIED, QUIET_HOURS_OVER
from workspaces.events import (
    MEMBER_DEACTIVATED,
    MEMBER_ROLE_CHANGED,
    WORKSPACE_CLOSED,
    WORKSPACE_CREATED,
    WORKSPACE_RESUMED,
    WORKSPACE_SUSPENDED,
    Event,
    event_emitted,
)
from workspaces.models import Membership


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
    if event != CONVERSATION_ASSIGNED:
        return
    actor = data["actor"]
    # Nobody is told of what they took themselves; each first reply does that, so it is not even asked.
    if data["assignee"] not in (None, actor and actor.pk):
        assignee = subject.inbox.workspace.memberships.filter(pk=data["assignee"])
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


@receiver(event_emitted, dispatch_uid="chat.tell_how_it_stands")
def tell_how_it_stands(sender: Any, event: Event, subject: Any, **data: Any) -> None:
    """Whoever is connected learns at once that a workspace was suspended, closed or given back."""
    if event in (WORKSPACE_CLOSED, WORKSPACE_SUSPENDED, WORKSPACE_RESUMED):
        transaction.on_commit(partial(broadcasts.workspace_stands, subject.pk, str(subject.status)), robust=True)


@receiver(event_emitted, dispatch_uid="chat.release_conversations")
def release_conversations(sender: Any, event: Event, subject: Any, **data: Any) -> None:
    """Whoever may no longer answer holds no conversation back from those who may."""
    if event in (MEMBER_DEACTIVATED, MEMBER_ROLE_CHANGED) and releases.cannot_answer(subject):
        transaction.on_commit(partial(_hurry, subject), robust=True)


def _hurry(membership: Membership) -> None:
    tasks.release.delay(str(membership.workspace_id), str(membership.pk))
