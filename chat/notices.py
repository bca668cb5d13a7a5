"""What the chat tells members of: its kinds of notifications, and when they come and go."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from functools import partial
from typing import Any

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from chat import broadcasts
from chat.models import Conversation, Kind, Message
from chat.partials import visitor_name
from minichat.lib.roundtrips import Statement
from notifications import kinds
from notifications.actions import rows_for, settling, told
from notifications.kinds import Area
from notifications.models import Notification
from workspaces.roles import Role

ANSWERING = (Role.OPERATOR, Role.ADMIN, Role.OWNER)


def who(conversation: Conversation) -> dict[str, Any]:
    return {"name": conversation.contact.name, "visitor": conversation.contact.number}


def _named(data: dict[str, Any]) -> dict[str, Any]:
    """Somebody who has not said a name is "Visitor 12" in the reader's language."""
    return {**data, "who": data["name"] or visitor_name(data["visitor"])}


ASSIGNED = kinds.Kind(
    "conversation.assigned",
    _("A conversation is given to me"),
    _("%(by)s gave you the conversation with %(who)s."),
    "user-round-check",
    Area.CONVERSATIONS,
    "thread",
    kinds.EVERYWHERE,
    role=Role.OPERATOR,
    words=_named,
    example={"by": "Ana", "name": "", "visitor": 12},
)
WAITING = kinds.Kind(
    "conversation.waiting",
    _("A visitor waits and nobody has taken the conversation"),
    _("%(who)s is waiting for an answer."),
    "message-circle",
    Area.CONVERSATIONS,
    "thread",
    kinds.EVERYWHERE,
    role=Role.OPERATOR,
    words=_named,
    example={"name": "Somchai", "visitor": 7},
)


def waiting(conversations: Iterable[Conversation], rows: Sequence[Message]) -> list[Notification]:
    """The rows that tell who can answer of conversations in which somebody just began to wait for anybody.

    Not written here: they go to the database with the messages, in one trip. Who is told is asked once per workspace,
    and only when there is something to tell.
    """
    began = {row.conversation_id for row in rows if row.kind == Kind.VISITOR}
    found: list[Notification] = []
    members: dict[Any, Any] = {}
    for conversation in conversations:
        if conversation.pk not in began or conversation.assignee_id or not _began_now(conversation, rows):
            continue
        workspace = conversation.inbox.workspace
        if workspace.pk not in members:
            members[workspace.pk] = told(workspace.memberships.filter(role__in=ANSWERING))
        found += rows_for(WAITING, members[workspace.pk], target=str(conversation.pk), data=who(conversation))
    return found


def settled(rows: Sequence[Message]) -> list[Statement]:
    """What a member took, gave, or closed waits for nobody: the colleagues' bells forget it."""
    by_workspace: dict[Any, set[str]] = {}
    for row in rows:
        if row.kind == Kind.EVENT and row.author_id is not None:
            by_workspace.setdefault(row.workspace_id, set()).add(str(row.conversation_id))
    for workspace_id, targets in by_workspace.items():
        transaction.on_commit(partial(broadcasts.notifications_settled, workspace_id, sorted(targets)), robust=True)
    return [settling(WAITING, workspace_id, targets) for workspace_id, targets in by_workspace.items()]


def _began_now(conversation: Conversation, rows: Sequence[Message]) -> bool:
    return any(row.created_at == conversation.waiting_since for row in rows if row.conversation_id == conversation.pk)
