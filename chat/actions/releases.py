"""Conversations of people who may no longer answer go back to everybody."""

from __future__ import annotations

from collections.abc import Iterator

from django.db.models import Q

from chat import events
from chat.append import Appender
from chat.models import Conversation, Status
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
    """Workspace and member of conversations that are still held by somebody who may not answer."""
    rows = Conversation.unscoped.filter(_MAY_NOT).order_by().values_list("workspace_id", "assignee_id").distinct()
    return ((str(workspace), str(member)) for workspace, member in rows)


def release(membership: Membership) -> int:
    """Nobody has them now; how many were open. The closed ones too: they may open again."""
    released = 0
    while count := _release_some(membership):
        released += count
    membership.conversations.update(assignee=None, assignee_name="")
    return released


@action
def _release_some(membership: Membership) -> int:
    rows = membership.workspace.conversations.select_for_update(of=("self",), no_key=True).select_related(
        "contact", "inbox__workspace", "visitor"
    )
    held = list(rows.filter(assignee=membership).exclude(status=Status.RESOLVED).order_by("pk")[:BATCH])
    with Appender() as appender:
        for conversation in held:
            was = conversation.assignee_name
            conversation.give_to(None)
            appender.event(conversation, "released", public=False, was=was)
            emit(events.CONVERSATION_ASSIGNED, conversation, assignee=None)
    return len(held)
