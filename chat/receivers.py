"""Hears what happens in the rooms below."""

from __future__ import annotations

from functools import partial
from typing import Any

from django.db import transaction
from django.dispatch import receiver
from django.utils import translation
from django.utils.translation import gettext as _

from chat import actions, broadcasts, tasks
from chat.actions import releases
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
