from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.db import IntegrityError

from chat import cards, notices
from chat import mentions as naming
from chat.actions import drafts
from chat.actions.uploads import of_ids, sendable
from chat.append import Appender, join, locked, reopen, repeated
from chat.cards import Card
from chat.models import Conversation, Kind, Message, Status
from minichat.lib.transactions import action
from workspaces.models import Membership


@dataclass(frozen=True)
class Posted:
    """What the sender is told: the stored row, and whether this post only repeated it."""

    message: Message
    is_repeat: bool

    def ack(self, *, public: bool) -> dict[str, object]:
        """The `ack` of the wire contract; `public`: numbers of the visitor's stream."""
        row = self.message
        return {
            "type": "ack",
            "client_id": str(row.client_id),
            "id": str(row.pk),
            "conversation": str(row.conversation_id),
            "position": row.position,
            "seq": row.public_seq if public else row.seq,
            "created_at": row.created_at.isoformat().replace("+00:00", "Z"),
        }


def post_operator_message(
    conversation: Conversation,
    *,
    by: Membership,
    body: str,
    client_id: UUID,
    note: bool = False,
    attachments: Sequence[UUID] = (),
    mentions: Sequence[UUID] = (),
    draft: int | None = None,
    quick_replies: Sequence[str] = (),
    card: Card | None = None,
) -> Posted:
    """A reply or a private note. The first reply to a conversation nobody has takes it; a reply opens a closed one.

    `attachments` are uploads of theirs for this conversation that no message has yet; raises `Invalid`.
    `mentions`: colleagues whom a note names; they are told. `draft`: the counter of the draft that this was; without
    it whatever draft of this kind there is counts as sent. `quick_replies` and `card` are cleaned; a note has none.
    """
    kind = Kind.NOTE if note else Kind.OPERATOR
    words: dict[str, Any] = {"by": by, "body": body, "client_id": client_id, "kind": kind}
    words |= {"attachments": attachments, "named": mentions, "draft": draft}
    words |= {"quick_replies": () if note else quick_replies, "card": None if note else card}
    try:
        return _post(conversation, **words)
    except IntegrityError:
        # The same name went into another conversation at this moment, under another lock. Now it is found.
        return _post(conversation, **words)


def post_card(conversation: Conversation, *, by: Membership, card: Card, client_id: UUID, body: str = "") -> Posted:
    """A card as a reply. Without words beside it, its title is what lists, mails and the search have of it.

    Raises `Invalid`; see `chat/cards.py`.
    """
    card = cards.cleaned(card)
    return post_operator_message(conversation, by=by, body=body or card["title"], client_id=client_id, card=card)


@action
def _post(
    conversation: Conversation,
    *,
    by: Membership,
    body: str,
    client_id: UUID,
    kind: Kind,
    attachments: Sequence[UUID],
    named: Sequence[UUID],
    draft: int | None,
    quick_replies: Sequence[str],
    card: Card | None,
) -> Posted:
    note = kind == Kind.NOTE
    conversation = locked(by.workspace, conversation.pk)
    sender_key = f"m:{by.pk}"
    existing = by.workspace.messages.filter(sender_key=sender_key, client_id=client_id).first()
    uploads = of_ids(by.workspace, attachments)
    if existing:
        same = repeated(existing, kind=kind, body=body, conversation_id=conversation.pk, files=uploads.values())
        return Posted(same, is_repeat=True)
    files = sendable(uploads, attachments, sender_key=sender_key, conversation=conversation)
    people = naming.people(conversation, body, named) if note else []
    with Appender(extra=[drafts.clearing(conversation, by, note=note, upto=draft)]) as appender:
        if not note and conversation.status == Status.RESOLVED:
            reopen(appender, conversation, by=by)
        if not note and conversation.assignee_id is None:
            join(appender, conversation, by=by)
        message = appender.text(
            conversation,
            kind=kind,
            body=body,
            sender_key=sender_key,
            client_id=client_id,
            author=by,
            files=files,
            mentions=naming.pictures(people),
            quick_replies=quick_replies,
            card=card,
        )
    notices.mentioned(conversation, people, by=by)
    drafts.tell_cleared(conversation.pk, by, note=note, upto=draft)
    return Posted(message, is_repeat=False)


LIMITS = {Kind.VISITOR: 2_000, Kind.OPERATOR: 10_000, Kind.NOTE: 10_000}
