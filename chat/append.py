"""How rows enter a conversation: numbers are taken, rows and counters written, all under the conversation's lock.

Nothing else may write `Message` rows or move a conversation's counters. The wire contract hangs on it:
`position` has no hole, `seq` and `public_seq` grow by one with each change, an event is a row like a text.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from functools import partial
from typing import Any
from uuid import UUID

from django.db import transaction
from django.utils import timezone

from chat import broadcasts, notices
from chat.events import CONVERSATION_ASSIGNED, CONVERSATION_REOPENED, MESSAGE_CREATED
from chat.models import Conversation, Kind, Message, Status
from minichat.lib import roundtrips
from minichat.lib.errors import Conflict, NotFound
from minichat.lib.ids import uuid7
from notifications.actions import announce
from workspaces import events
from workspaces.models import Membership, Workspace
from workspaces.standing import Suspended

SYSTEM = "system"
PREVIEW_LENGTH = 160

# What `append` may change in a conversation: everything here is written back in one UPDATE.
MOVING_FIELDS = [
    "status",
    "assignee",
    "assignee_name",
    "last_seq",
    "public_seq",
    "last_position",
    "inbound",
    "team_got",
    "team_read",
    "visitor_got",
    "visitor_read",
    "waiting_since",
    "first_replied_at",
    "resolved_at",
    "last_message_at",
    "last_message_preview",
    "last_message_kind",
    "last_message_author",
]

# What `change` may change in a row.
CHANGING_FIELDS = ["seq", "public_seq", "body", "edited_at", "deleted_at"]


class Appender:
    """Appends to conversations that the caller has locked, then writes everything in one round trip.

        with Appender() as appender:
            appender.text(conversation, kind=Kind.OPERATOR, …)

    On leaving the block the rows are written, `MESSAGE_CREATED` is emitted for each text, and the pushes are
    registered for after the commit.
    """

    def __init__(self, extra: Iterable[roundtrips.Statement] = ()) -> None:
        self.now: datetime = timezone.now()
        self.rows: list[Message] = []
        self.changed: list[Message] = []
        self.new: list[Conversation] = []
        self.touched: dict[UUID, Conversation] = {}
        self.extra = list(extra)

    def __enter__(self) -> Appender:
        return self

    def __exit__(self, kind: type[BaseException] | None, *_: object) -> None:
        if kind is None:
            self.write()

    def open(self, conversation: Conversation) -> None:
        """A conversation that is not in the database yet."""
        self.new.append(conversation)
        self.touched[conversation.pk] = conversation

    def text(
        self,
        conversation: Conversation,
        *,
        kind: Kind,
        body: str,
        sender_key: str,
        client_id: UUID,
        author: Membership | None = None,
    ) -> Message:
        """A message or note. Moves the preview, the waiting clock and the list position as its kind demands."""
        row = self._row(conversation, kind=kind, body=body, sender_key=sender_key, client_id=client_id, author=author)
        if kind == Kind.VISITOR:
            conversation.inbound += 1
            conversation.waiting_since = conversation.waiting_since or self.now
        elif kind == Kind.OPERATOR:
            conversation.waiting_since = None
            conversation.first_replied_at = conversation.first_replied_at or self.now
        if kind != Kind.NOTE:
            conversation.last_message_at = self.now
            conversation.last_message_preview = preview(body)
            conversation.last_message_kind = kind
            conversation.last_message_author = row.author_name
        return row

    def event(
        self, conversation: Conversation, name: str, *, by: Membership | None = None, public: bool, **data: Any
    ) -> Message:
        """A line in the thread that something happened; `public`: the visitor sees it too."""
        event = {"name": name, "by": by.name if by else None, **data}
        return self._row(
            conversation, kind=Kind.EVENT, public=public, sender_key=SYSTEM, client_id=uuid7(), author=by, event=event
        )

    def change(self, conversation: Conversation, row: Message, **fields: Any) -> None:
        """Other words for a row, or none: it takes the next number of every stream that shows it, and keeps its place.

        `row` was read under the lock, with its author loaded; `fields` are `body`, `edited_at`, `deleted_at`.
        """
        self.touched[conversation.pk] = conversation
        conversation.last_seq += 1
        row.seq = conversation.last_seq
        if row.public_seq is not None:
            conversation.public_seq += 1
            row.public_seq = conversation.public_seq
        for name, value in fields.items():
            setattr(row, name, value)
        self.changed.append(row)

    def write(self) -> None:
        made = {conversation.pk for conversation in self.new}
        changed = [conversation for key, conversation in self.touched.items() if key not in made]
        notified = notices.waiting(self.touched.values(), self.rows)
        roundtrips.write(
            [
                *roundtrips.insert(self.new),
                *roundtrips.insert(self.rows),
                *[roundtrips.update(row, CHANGING_FIELDS) for row in self.changed],
                *[roundtrips.update(conversation, MOVING_FIELDS) for conversation in changed],
                *roundtrips.insert(notified),
                *notices.settled(self.rows),
                *self.extra,
            ]
        )
        for row in self.rows:
            if row.kind != Kind.EVENT:
                events.emit(MESSAGE_CREATED, row, actor=row.author)
        announce(notified)
        if self.touched:
            rows = [*self.rows, *self.changed]
            transaction.on_commit(partial(broadcasts.changed, list(self.touched.values()), rows), robust=True)

    def _row(
        self,
        conversation: Conversation,
        *,
        kind: Kind,
        sender_key: str,
        client_id: UUID,
        body: str = "",
        author: Membership | None = None,
        public: bool | None = None,
        event: dict[str, Any] | None = None,
    ) -> Message:
        self.touched[conversation.pk] = conversation
        conversation.last_seq += 1
        conversation.last_position += 1
        is_public = kind != Kind.NOTE if public is None else public
        conversation.public_seq += is_public
        row = Message(
            workspace_id=conversation.workspace_id,
            conversation=conversation,
            position=conversation.last_position,
            seq=conversation.last_seq,
            public_seq=conversation.public_seq if is_public else None,
            kind=kind,
            body=body,
            author=author,
            author_name=author.name[:80] if author else "",
            sender_key=sender_key,
            client_id=client_id,
            event=event,
            created_at=self.now,
        )
        self.rows.append(row)
        return row


def preview(body: str) -> str:
    """The beginning of a text, on one line."""
    return " ".join(body[: PREVIEW_LENGTH * 2].split())[:PREVIEW_LENGTH]


def locked(workspace: Workspace, conversation_id: UUID, *, while_suspended: bool = False) -> Conversation:
    """The conversation under its lock, with what the pushes need; raises `NotFound`.

    Also `Suspended`, for verbs that do more than remember what was read: the door looked at the workspace before.
    """
    rows = workspace.conversations.select_for_update(of=("self",), no_key=True).select_related(
        "contact", "inbox__workspace", "visitor"
    )
    conversation = rows.filter(pk=conversation_id).first()
    if conversation is None or conversation.inbox.workspace.status in Workspace.SHUT:
        raise NotFound
    if conversation.inbox.workspace.is_suspended and not while_suspended:
        raise Suspended
    return conversation


def repeated(existing: Message, *, kind: Kind, body: str, conversation_id: UUID | None) -> Message:
    """The stored message that this post repeats; the same name for another text or place is a conflict."""
    elsewhere = conversation_id is not None and existing.conversation_id != conversation_id
    if existing.kind != kind or existing.body != body or elsewhere:
        raise Conflict(client_id=str(existing.client_id))
    return existing


def reopen(appender: Appender, conversation: Conversation, *, by: Membership | None = None) -> None:
    """A closed conversation opens again; the line in the thread says who did it."""
    conversation.status, conversation.resolved_at = Status.OPEN, None
    appender.event(conversation, "reopened", by=by, public=True)
    events.emit(CONVERSATION_REOPENED, conversation, actor=by)


def join(appender: Appender, conversation: Conversation, *, by: Membership) -> None:
    """A conversation that nobody has gets somebody, and the visitor is told who."""
    conversation.give_to(by)
    appender.event(conversation, "joined", by=by, public=True)
    events.emit(CONVERSATION_ASSIGNED, conversation, actor=by, assignee=by.pk, assignee_name=by.name)
