"""Hears what happens in the rooms below."""

from __future__ import annotations

from functools import partial
from typing import Any

from django.db import transaction
from django.db.models.signals import post_delete
from django.dispatch import receiver
from django.utils import translation
from django.utils.translation import gettext as _

from chat import actions, broadcasts, notices, presence, tasks
from chat.actions import people, uploads
from chat.events import CONVERSATION_ASSIGNED, INBOX_CLOSED, INBOX_MEMBERS_CHANGED
from chat.models import Attachment, Inbox
from contacts.events import CONTACT_CHANGED, CONTACT_LEARNED, CONTACT_MERGED, LEAD_ASSIGNED, LEAD_MOVED
from contacts.models import Contact
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
    if event != CONVERSATION_ASSIGNED or data.get("in_bulk"):
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
    if event == MEMBER_DEACTIVATED or (event == MEMBER_ROLE_CHANGED and not subject.can_manage()):
        transaction.on_commit(partial(_hurry, subject), robust=True)
    elif event == INBOX_MEMBERS_CHANGED:
        transaction.on_commit(partial(tasks.release_hidden.delay, str(subject.workspace_id)), robust=True)
        transaction.on_commit(partial(_tell_visitors, subject), robust=True)


@receiver(event_emitted, dispatch_uid="chat.resolve_left")
def resolve_left(sender: Any, event: Event, subject: Any, **data: Any) -> None:
    """Nobody can be reached through a closed inbox: its conversations wait for nothing."""
    if event == INBOX_CLOSED:
        transaction.on_commit(
            partial(tasks.resolve_left.delay, str(subject.workspace_id), str(subject.pk)), robust=True
        )


def _tell_visitors(inbox: Inbox) -> None:
    """Whoever is there now may be somebody who does not answer in this inbox any more."""
    broadcasts.team_presence([inbox.pk], online=presence.answering(inbox).exists())


@receiver(event_emitted, dispatch_uid="chat.follow_contacts")
def follow_contacts(sender: Any, event: Event, subject: Any, **data: Any) -> None:
    """A person is called something else, or turned out to be two rows: conversations go with them."""
    if event == CONTACT_MERGED:
        people.repoint(subject, duplicate=data["duplicate"])
    if event in (CONTACT_MERGED, CONTACT_CHANGED, CONTACT_LEARNED):
        transaction.on_commit(partial(_show_anew, subject), robust=True)


@receiver(event_emitted, dispatch_uid="chat.settle_leads")
def settle_leads(sender: Any, event: Event, subject: Any, **data: Any) -> None:
    """Somebody takes care of a lead: the bells of the colleagues forget it."""
    if event in (LEAD_ASSIGNED, LEAD_MOVED):
        told = partial(broadcasts.notifications_settled, subject.workspace_id, [str(subject.pk)])
        transaction.on_commit(told, robust=True)


def _show_anew(contact: Contact) -> None:
    broadcasts.contact_changed(people.shown_of(contact))


def _hurry(membership: Membership) -> None:
    tasks.release.delay(str(membership.workspace_id), str(membership.pk))


@receiver(post_delete, sender=Attachment, dispatch_uid="chat.drop_files")
def drop_files(sender: Any, instance: Attachment, **kwargs: Any) -> None:
    """Also what goes because its conversation, visitor or workspace goes."""
    uploads.give_back(instance)
