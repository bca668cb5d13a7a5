"""What the bells of the demo hold: who is waiting, and what was given to whom, at the time it happened."""

from __future__ import annotations

from chat.models import Conversation
from chat.notices import ANSWERING, ASSIGNED, WAITING, who
from minichat.lib.transactions import action
from notifications.actions import rows_for, told
from notifications.models import Notification
from workspaces.models import Workspace

MOST = 3


@action
def ring(workspace: Workspace) -> None:
    """Shown by the bell alone: what is past is mailed to nobody."""
    answering = told(workspace.memberships.filter(role__in=ANSWERING))
    giver = workspace.memberships.select_related("user").get(role="owner").name
    waiting = workspace.conversations.waiting().unassigned().select_related("contact").newest_first()[:MOST]
    given = workspace.conversations.open().exclude(assignee=None).select_related("contact").newest_first()[:MOST]
    rows = [row for one in waiting for row in _rows(WAITING, answering, one, {})]
    for one in given:
        rows += _rows(ASSIGNED, [member for member in answering if member.pk == one.assignee_id], one, {"by": giver})
    Notification.unscoped.bulk_create(rows)
    for row in rows:
        Notification.unscoped.filter(pk=row.pk).update(created_at=row.happened_at)  # type: ignore[attr-defined]


def _rows(kind, members, conversation: Conversation, words):  # noqa: ANN001, ANN202
    rows = rows_for(kind, members, target=str(conversation.pk), data={**who(conversation), **words})
    for row in rows:
        row.mail_due_at = row.browser_due_at = None
        row.happened_at = conversation.waiting_since or conversation.last_message_at
    return rows
