"""How rows enter a conversation: numbers are taken, rows and counters written, all under the conversation's lock.

Nothing else may write `Message` rows or move a conversation's counters. The wire contract hangs on it:
`position` has no hole, `seq` and `public_seq` grow by one with each change, an event is a row like a text.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import datetime
from functools import partial
from typing import Any
from uuid import UUID

from django.db import transaction
from django.utils import timezone

from chat import alarms, broadcasts, entries, notices
from chat.cards import Card
from chat.events import CONVERSATION_ASSIGNED, CONVERSATION_REOPENED, CONVERSATION_RETURNED, MESSAGE_CREATED
from chat.models import Attachment, Conversation, Handler, Kind, Message, Status
from minichat.lib import roundtrips
from minichat.lib.errors import Conflict, NotFound
from minichat.lib.ids import uuid7
from notifications.actions import announce
from workspaces import events
from workspaces.models import Membership, Workspace
from workspaces.standing import Suspended

SYSTEM, AI = "system", "ai"
PREVIEW_LENGTH = 160

# What `append` may change in a conversation: everything here is written back in one UPDATE.
MOVING_FIELDS = [
    "status",
    "priority",
    "snoozed_until",
    "label_ids",
    "handler",
    "turn_version",
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
    "first_wait",
    "resolved_at",
    "alert_at",
    "mail_at",
    "end_at",
    "last_message_at",
    "last_message_preview",
    "last_message_files",
    "last_message_kind",
    "last_message_author",
    "rating",
    "rating_comment",
    "rated_at",
]

# What a message that takes an upload changes in it.
BINDING_FIELDS = ["message", "conversation", "position"]

# What `change` may change in a row.
CHANGING_FIELDS = [
    "seq",
    "public_seq",
    "body",
    "event",
    "mentions",
    "quick_replies",
    "card",
    "sources",
    "edited_at",
    "deleted_at",
]


class Appender:
    """Appends to conversations that the caller has locked, then writes everything in one round trip.

        with Appender() as appender:
            appender.text(conversation, kind=Kind.OPERATOR, …)

    On leaving the block the rows are written, `MESSAGE_CREATED` is emitted for each text, and the pushes are
    registered for after the commit.
    """

    def __init__(self, extra: Iterable[roundtrips.Statement] = (), *, in_bulk: bool = False) -> None:
        self.now: datetime = timezone.now()
        self.rows: list[Message] = []
        self.changed: list[Message] = []
        self.bound: list[Attachment] = []
        self.new: list[Conversation] = []
        self.touched: dict[UUID, Conversation] = {}
        self.answered: set[UUID] = set()
        # Conversations whose beginning is told by somebody else.
        self.told_otherwise: set[UUID] = set()
        self.extra = list(extra)
        self.in_bulk = in_bulk
        self.told: dict[tuple[events.Event, Membership | None], list[events.Told]] = {}

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
        files: Sequence[Attachment] = (),
        mentions: list[dict[str, str]] | None = None,
        quick_replies: Sequence[str] = (),
        card: Card | None = None,
        sources: list[dict[str, Any]] | None = None,
        author_name: str = "",
    ) -> Message:
        """A message or note. Moves the preview, the waiting clock and the list position as its kind demands.

        `files` were read under their lock, and nobody has sent them yet. `author_name`: of one who is no member.
        """
        row = self._row(conversation, kind=kind, body=body, sender_key=sender_key, client_id=client_id, author=author)
        self._bind(row, files)
        row.mentions = mentions or []
        row.quick_replies, row.card, row.sources = list(quick_replies), card, sources
        row.author_name = row.author_name or author_name
        if kind == Kind.VISITOR:
            self._visitor_wrote(conversation)
        elif kind == Kind.OPERATOR:
            self._operator_wrote(conversation)
        elif kind == Kind.AI:
            alarms.ai_answered(conversation, self.now)
        if kind != Kind.NOTE:
            conversation.last_message_at = self.now
            conversation.last_message_preview = preview(body, files)
            conversation.last_message_files = len(files)
            conversation.last_message_kind = kind
            conversation.last_message_author = row.author_name
        return row

    def _visitor_wrote(self, conversation: Conversation) -> None:
        conversation.inbound += 1
        conversation.turn_version += 1
        if conversation.handler == Handler.PEOPLE:
            conversation.waiting_since = conversation.waiting_since or self.now
        alarms.visitor_wrote(conversation, self.now)

    def _operator_wrote(self, conversation: Conversation) -> None:
        if conversation.waiting_since:
            self.answered.add(conversation.pk)
            if conversation.first_replied_at is None:
                conversation.first_wait = max(0, round((self.now - conversation.waiting_since).total_seconds()))
        conversation.people_take_it()
        conversation.waiting_since = None
        conversation.first_replied_at = conversation.first_replied_at or self.now
        alarms.answered(conversation, self.now)

    def event(
        self, conversation: Conversation, name: str, *, by: Membership | None = None, public: bool, **data: Any
    ) -> Message:
        """A line in the thread that something happened; `public`: the visitor sees it too."""
        event = {"name": name, "by": by.name if by else None, **data}
        return self._row(
            conversation, kind=Kind.EVENT, public=public, sender_key=SYSTEM, client_id=uuid7(), author=by, event=event
        )

    def tell(
        self, event: events.Event, conversation: Conversation, *, by: Membership | None = None, **data: Any
    ) -> None:
        """What `emit` does, for all conversations at once when the block is left."""
        self.told.setdefault((event, by), []).append((conversation, data))

    def change(self, conversation: Conversation, row: Message, **fields: Any) -> None:
        """Other words for a row, or none: it takes the next number of every stream that shows it, and keeps its place.

        `row` was read under the lock, with its author loaded; `fields` are of `CHANGING_FIELDS`.
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
        begun = [row for key, row in self.touched.items() if key not in self.told_otherwise]
        notified = notices.waiting(begun, self.rows)
        roundtrips.write(
            [
                *roundtrips.insert(self.new),
                *roundtrips.insert(self.rows),
                *[roundtrips.update(row, CHANGING_FIELDS) for row in self.changed],
                *entries.follow(self.rows, self.changed),
                *[roundtrips.update(row, BINDING_FIELDS) for row in self.bound],
                *[roundtrips.update(conversation, MOVING_FIELDS) for conversation in changed],
                *roundtrips.insert(notified),
                *notices.settled(self.touched.values(), self.rows, self.answered),
                *self.extra,
            ]
        )
        for row in self.rows:
            if row.kind != Kind.EVENT:
                events.emit(MESSAGE_CREATED, row, actor=row.author)
        for (event, by), told in self.told.items():
            events.emit_each(event, told, actor=by, in_bulk=self.in_bulk)
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
        row.files = []
        self.rows.append(row)
        return row

    def _bind(self, row: Message, files: Sequence[Attachment]) -> None:
        for position, file in enumerate(files):
            file.message, file.conversation, file.position = row, row.conversation, position
        row.files = list(files)
        self.bound.extend(files)


def preview(body: str, files: Sequence[Attachment] = ()) -> str:
    """The beginning of a text, on one line; without a text the name of the first file."""
    text = body or (files[0].name if files else "")
    return " ".join(text[: PREVIEW_LENGTH * 2].split())[:PREVIEW_LENGTH]


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


def repeated(
    existing: Message, *, kind: Kind, body: str, conversation_id: UUID | None, files: Iterable[Attachment] = ()
) -> Message:
    """The stored message that this post repeats; the same name for another text, file or place is a conflict."""
    elsewhere = conversation_id is not None and existing.conversation_id != conversation_id
    others = any(file.message_id != existing.pk for file in files)
    if existing.kind != kind or existing.body != body or elsewhere or others:
        raise Conflict(client_id=str(existing.client_id))
    return existing


def reopen(appender: Appender, conversation: Conversation, *, by: Membership | None = None) -> None:
    """A closed conversation opens again; the line in the thread says who did it."""
    conversation.status, conversation.resolved_at = Status.OPEN, None
    appender.event(conversation, "reopened", by=by, public=True)
    appender.tell(CONVERSATION_REOPENED, conversation, by=by)


def bring_back(appender: Appender, conversation: Conversation, because: str, *, by: Membership | None = None) -> None:
    """A snoozed conversation is open again, as waiting as it was. `because`: "time", "message" or "member"."""
    conversation.status, conversation.snoozed_until = Status.OPEN, None
    alarms.returned(conversation, appender.now)
    appender.event(conversation, "returned", by=by, public=False, because=because)
    appender.tell(CONVERSATION_RETURNED, conversation, by=by, because=because)


def join(appender: Appender, conversation: Conversation, *, by: Membership) -> None:
    """A conversation that nobody has gets somebody, and the visitor is told who."""
    conversation.give_to(by)
    conversation.people_take_it()
    appender.event(conversation, "joined", by=by, public=True)
    appender.tell(CONVERSATION_ASSIGNED, conversation, by=by, assignee=by.pk, assignee_name=by.name)
