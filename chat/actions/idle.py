"""Conversations that have gone quiet after an answer end by themselves."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from uuid import UUID

from django.utils import timezone

from chat import alarms, events
from chat.append import Appender, locked
from chat.models import Conversation, Status
from chat.models.message import ANSWERS
from minichat.lib.transactions import action
from workspaces.events import emit
from workspaces.models import Workspace

MOST_AT_ONCE = 500


def due() -> Iterator[tuple[UUID, UUID]]:
    """Workspace and conversation whose clock has rung, the quietest first."""
    rows = Conversation.unscoped.filter(end_at__lte=timezone.now(), workspace__status=Workspace.Status.ACTIVE)
    return iter(rows.order_by("end_at").values_list("workspace_id", "pk")[:MOST_AT_ONCE])


@action
def end(workspace: Workspace, conversation_id: UUID) -> bool:
    """Close it, if it is still quiet; the visitor reads that it ended and that writing opens it again."""
    conversation = locked(workspace, conversation_id)
    now = timezone.now()
    if conversation.end_at is None or conversation.end_at > now:
        return False
    minutes = conversation.inbox.idle_minutes
    quiet_since = conversation.last_message_at
    if conversation.status != Status.OPEN or conversation.last_message_kind not in ANSWERS or minutes is None:
        conversation.end_at = None
    else:
        # The owner may have changed the minutes since the clock was set.
        conversation.end_at = quiet_since + timedelta(minutes=minutes)
    if conversation.end_at is None or conversation.end_at > now:
        conversation.save(update_fields=["end_at"])
        return False
    with Appender() as appender:
        conversation.status, conversation.resolved_at = Status.RESOLVED, appender.now
        alarms.closed(conversation)
        appender.event(conversation, "ended", public=True)
        emit(events.CONVERSATION_RESOLVED, conversation)
    return True
