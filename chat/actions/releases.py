"""Conversations of people who may no longer answer go back to everybody."""

from __future__ import annotations

from collections.abc import Iterator

from django.db.models import Exists, OuterRef, Q, QuerySet

from chat import events
from chat.append import Appender
from chat.models import Conversation, Inbox, InboxMember, Status
from minichat.lib.transactions import action
from workspaces.events import emit
from workspaces.models import Membership
from workspaces.roles import Role

# Rows locked at once: a colleague who answers one of them waits for a moment, not for all of them.
BATCH = 50
_MAY_NOT = Q(assignee__deactivated_at__isnull=False) | Q(assignee__role=Role.VIEWER)


def cannot_answer(membership: Membership) -> bool:
    return membership.deactivated_at is not None or not membership.can_reply()


def stranded() -> Iterator[tuple[str, str]]:
    """Workspace and member of conversations that are still held by somebody who may not answer them."""
    chosen = InboxMember.unscoped.filter(inbox=OuterRef("inbox"), membership=OuterRef("assignee"))
    shut_out = Q(inbox__is_private=True, assignee__role=Role.OPERATOR) & ~Exists(chosen)
    rows = Conversation.unscoped.exclude(assignee=None).filter(_MAY_NOT | shut_out).order_by()
    pairs = rows.values_list("workspace_id", "assignee_id").distinct()
    return ((str(workspace), str(member)) for workspace, member in pairs)


def _held_back(membership: Membership) -> QuerySet[Conversation]:
    """What this member holds and may not answer: everything, or what lies in inboxes they do not see."""
    held = membership.workspace.conversations.filter(assignee=membership)
    if cannot_answer(membership):
        return held
    return held.filter(inbox__in=Inbox.unscoped.hidden_from(membership))


def release(membership: Membership) -> int:
    """Nobody has now what they may not answer; how many were open. The closed ones too: they may open again."""
    released = 0
    while count := _release_some(membership):
        released += count
    _held_back(membership).update(assignee=None, assignee_name="")
    return released


@action
def _release_some(membership: Membership) -> int:
    rows = (
        _held_back(membership)
        .select_for_update(of=("self",), no_key=True)
        .select_related("contact", "inbox__workspace", "visitor")
    )
    held = list(rows.exclude(status=Status.RESOLVED).order_by("pk")[:BATCH])
    with Appender() as appender:
        for conversation in held:
            was = conversation.assignee_name
            conversation.give_to(None)
            appender.event(conversation, "released", public=False, was=was)
            emit(events.CONVERSATION_ASSIGNED, conversation, assignee=None)
    return len(held)
