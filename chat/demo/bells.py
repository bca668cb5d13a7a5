"""What the bells of the demo hold: who is waiting, and what was given to whom, at the time it happened."""

from __future__ import annotations

from typing import Any

from chat.models import Conversation
from chat.notices import ASSIGNED, WAITING, who
from minichat.lib.transactions import action
from notifications.actions import rows_for, told
from notifications.kinds import Kind
from notifications.models import Notification
from workspaces.models import Membership, Workspace
from workspaces.roles import Role

MOST = 3


@action
def ring(workspace: Workspace) -> None:
    """Shown by the bell alone: what is past is mailed to nobody."""
    answering = told(workspace.memberships.exclude(role=Role.VIEWER))
    giver = workspace.memberships.select_related("user").get(role=Role.OWNER).name
    waiting = workspace.conversations.waiting().unassigned().select_related("contact").newest_first()[:MOST]
    given = workspace.conversations.open().exclude(assignee=None).select_related("contact").newest_first()[:MOST]
    for one in waiting:
        _tell(WAITING, answering, one, who(one))
    for one in given:
        _tell(
            ASSIGNED, [member for member in answering if member.pk == one.assignee_id], one, {**who(one), "by": giver}
        )


def _tell(kind: Kind, members: list[Membership], conversation: Conversation, data: dict[str, Any]) -> None:
    rows = rows_for(kind, members, target=str(conversation.pk), data=data)
    for row in rows:
        row.mail_due_at = row.browser_due_at = None
    Notification.unscoped.bulk_create(rows)
    # The date of a row is its insertion's, so it is moved afterwards.
    when = conversation.waiting_since or conversation.last_message_at
    Notification.unscoped.filter(pk__in=[row.pk for row in rows]).update(created_at=when)
