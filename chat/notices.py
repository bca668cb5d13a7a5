"""What the chat tells members of: its kinds of notifications, and when they come and go."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from datetime import timedelta
from functools import partial
from typing import Any
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from chat import audience, broadcasts
from chat.models import Conversation, Kind, Message
from chat.partials import visitor_name
from minichat.lib.roundtrips import Statement
from minichat.lib.transactions import action
from notifications import kinds
from notifications.actions import mark_read, notify, rows_for, settling, told
from notifications.kinds import Area
from notifications.models import Notification
from workspaces.models import Membership
from workspaces.roles import Role


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
RETURNED = kinds.Kind(
    "conversation.returned",
    _("A conversation that I put aside comes back"),
    _("The conversation with %(who)s is back."),
    "alarm-clock",
    Area.CONVERSATIONS,
    "thread",
    kinds.EVERYWHERE,
    role=Role.OPERATOR,
    words=_named,
    example={"name": "Somchai", "visitor": 7},
)
ASSIGNED_MANY = kinds.Kind(
    "conversation.assigned_many",
    _("Several conversations are given to me at once"),
    _("%(by)s gave you conversations: %(n)s."),
    "user-round-check",
    Area.CONVERSATIONS,
    "inbox",
    kinds.EVERYWHERE,
    role=Role.OPERATOR,
    example={"by": "Ana", "n": 12},
)
UNATTENDED = kinds.Kind(
    "conversation.unattended",
    _("A visitor waits and nobody is online"),
    _("%(who)s is waiting and nobody is online."),
    "message-circle",
    Area.CONVERSATIONS,
    "thread",
    kinds.EVERYWHERE,
    role=Role.OPERATOR,
    # They have waited long enough, and nobody looks at a bell.
    patience=timedelta(0),
    words=_named,
    example={"name": "Somchai", "visitor": 7},
)
WAITS = (WAITING, UNATTENDED)
# By these a member takes care of a visitor who waits.
CARING = {"assigned", "joined", "resolved", "reopened", "snoozed"}


MENTIONED = kinds.Kind(
    "message.mentioned",
    _("A colleague mentions me in a note"),
    _("%(by)s mentioned you in a note about %(who)s."),
    "at-sign",
    Area.CONVERSATIONS,
    "thread",
    kinds.EVERYWHERE,
    words=_named,
    example={"by": "Ana", "name": "Somchai", "visitor": 7},
)


def mentioned(conversation: Conversation, people: Sequence[Membership], *, by: Membership) -> None:
    """In the transaction of the note. What it says is read there, not here."""
    if people:
        to = by.workspace.memberships.filter(pk__in=[row.pk for row in people])
        notify(MENTIONED, to, by=by, target=str(conversation.pk), data={**who(conversation), "by": by.name})


def waiting(conversations: Iterable[Conversation], rows: Sequence[Message]) -> list[Notification]:
    """The rows that tell who can answer of conversations in which somebody just began to wait for anybody, or which
    came back with nobody to have them; those that have somebody are told to them.

    Not written here: they go to the database with the messages, in one trip. Who is told is asked once per inbox,
    and only when there is something to tell.
    """
    conversations = list(conversations)
    began = {row.conversation_id for row in rows if row.kind == Kind.VISITOR}
    back = {row.conversation_id for row in rows if row.event and row.event["name"] == "returned" and not row.author_id}
    given = {row.conversation_id for row in rows if row.event and row.event["name"] == "handed_off"}
    found = _returned([one for one in conversations if one.pk in back and one.assignee_id])
    members: dict[Any, Any] = {}
    for conversation in conversations:
        begins = conversation.pk in began | given and _began_now(conversation, rows)
        returns = conversation.pk in back and conversation.is_waiting
        if conversation.assignee_id or not (begins or returns):
            continue
        inbox = conversation.inbox
        if inbox.pk not in members:
            members[inbox.pk] = told(audience.answering(inbox))
        found += rows_for(WAITING, members[inbox.pk], target=str(conversation.pk), data=who(conversation))
    return found


def _returned(conversations: Sequence[Conversation]) -> list[Notification]:
    found: list[Notification] = []
    for workspace in {one.inbox.workspace for one in conversations}:
        theirs = [one for one in conversations if one.workspace_id == workspace.pk]
        members = told(workspace.memberships.filter(pk__in={one.assignee_id for one in theirs}))
        for one in theirs:
            of = [member for member in members if member.pk == one.assignee_id]
            found += rows_for(RETURNED, of, target=str(one.pk), data=who(one))
    return found


def settled(
    conversations: Iterable[Conversation], rows: Sequence[Message], answered: Collection[UUID] = ()
) -> list[Statement]:
    """What a member took, gave, or closed waits for nobody, nor does what was `answered` after a wait (conversations):
    the colleagues' bells forget it."""
    happened = {
        row.conversation_id
        for row in rows
        if row.author_id is not None and (_cares(row) or row.conversation_id in answered)
    }
    by_inbox: dict[tuple[Any, Any], list[str]] = {}
    for conversation in conversations:
        if conversation.pk in happened:
            by_inbox.setdefault((conversation.workspace_id, conversation.inbox_id), []).append(str(conversation.pk))
    for (_workspace, inbox_id), targets in by_inbox.items():
        transaction.on_commit(partial(broadcasts.notifications_settled, inbox_id, sorted(targets)), robust=True)
    return [settling(WAITS, workspace_id, targets) for (workspace_id, _inbox), targets in by_inbox.items()]


def _cares(row: Message) -> bool:
    return bool(row.event and row.event["name"] in CARING)


@action
def forget_hidden(membership: Membership) -> None:
    """The bell of somebody who may no longer see a conversation forgets what it said about it."""
    about = [kind.name for kind in kinds.all_kinds() if kind.page == "thread"]
    told = membership.notifications.filter(kind__in=about)
    targets = {UUID(target) for target in told.order_by().values_list("target", flat=True).distinct()}
    mine = membership.workspace.conversations.visible_to(membership)
    seen = set(mine.filter(pk__in=targets).values_list("pk", flat=True))
    hidden = told.filter(target__in=[str(pk) for pk in targets - seen])
    mark_read(membership, list(hidden.filter(read_at=None).values_list("pk", flat=True)))
    hidden.delete()


def _began_now(conversation: Conversation, rows: Sequence[Message]) -> bool:
    return any(row.created_at == conversation.waiting_since for row in rows if row.conversation_id == conversation.pk)
