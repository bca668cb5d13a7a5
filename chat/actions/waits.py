"""Somebody waits and nobody is online: the team is alerted, once per wait."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime, timedelta
from uuid import UUID

from django.utils import timezone

from chat import audience, notices, presence
from chat.append import locked
from chat.models import Conversation, Handler
from minichat.lib.transactions import action
from notifications.actions import notify, supersede
from workspaces.models import Workspace

# While somebody who can answer is online, the clock is set again: they may leave without having answered.
AGAIN = timedelta(seconds=30)
# Hours that do not begin within a year: they may be changed.
A_DAY = timedelta(days=1)
MOST_AT_ONCE = 200


def due() -> Iterator[tuple[UUID, UUID]]:
    """Workspace and conversation whose clock has rung, the longest wait first. The assistant's clock is not ours."""
    rows = Conversation.unscoped.filter(alert_at__lte=timezone.now(), workspace__status=Workspace.Status.ACTIVE)
    rows = rows.filter(handler=Handler.PEOPLE)
    return iter(rows.order_by("alert_at").values_list("workspace_id", "pk")[:MOST_AT_ONCE])


@action
def alert(workspace: Workspace, conversation_id: UUID) -> bool:
    """Whether the team was alerted. Of two who hear the same clock one finds it unset."""
    conversation = locked(workspace, conversation_id)
    now = timezone.now()
    if conversation.alert_at is None or conversation.alert_at > now:
        return False
    means_something = conversation.is_waiting and conversation.inbox.alert_seconds is not None
    conversation.alert_at = _when_again(conversation, now) if means_something else None
    conversation.save(update_fields=["alert_at"])
    if conversation.alert_at is not None or not means_something:
        return False
    target = str(conversation.pk)
    # One line in the bell, not two: that they wait is no news beside that they wait for nobody.
    supersede(notices.WAITING, workspace.pk, target)
    notify(notices.UNATTENDED, audience.answering(conversation.inbox), target=target, data=notices.who(conversation))
    return True


def _when_again(conversation: Conversation, now: datetime) -> datetime | None:
    """None: now. Outside the hours the visitor was told when somebody comes; then it is looked at anew."""
    hours, zone = conversation.inbox.hours, conversation.inbox.workspace.timezone
    if not hours.is_open(now, zone):
        return (hours.opens_at(now, zone) or now + A_DAY) + timedelta(seconds=conversation.inbox.alert_seconds or 0)
    return now + AGAIN if presence.answering(conversation.inbox).exists() else None
