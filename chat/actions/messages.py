from __future__ import annotations

from dataclasses import dataclass
from uuid import UUID

from django.db import IntegrityError

from chat.append import Appender, join, locked, reopen, repeated
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
    conversation: Conversation, *, by: Membership, body: str, client_id: UUID, note: bool = False
) -> Posted:
    """A reply or a private note. The first reply to a conversation nobody has takes it; a reply opens a closed one."""
    kind = Kind.NOTE if note else Kind.OPERATOR
    try:
        return _post(conversation, by=by, body=body, client_id=client_id, kind=kind)
    except IntegrityError:
        # The same name went into another conversation at this moment, under another lock. Now it is found.
        return _post(conversation, by=by, body=body, client_id=client_id, kind=kind)


@action
def _post(conversation: Conversation, *, by: Membership, body: str, client_id: UUID, kind: Kind) -> Posted:
    note = kind == Kind.NOTE
    conversation = locked(by.workspace, conversation.pk)
    sender_key = f"m:{by.pk}"
    existing = by.workspace.messages.filter(sender_key=sender_key, client_id=client_id).first()
    if existing:
        same = repeated(existing, kind=kind, body=body, conversation_id=conversation.pk)
        return Posted(same, is_repeat=True)
    with Appender() as appender:
        if not note and conversation.status == Status.RESOLVED:
            reopen(appender, conversation, by=by)
        if not note and conversation.assignee_id is None:
            join(appender, conversation, by=by)
        message = appender.text(
            conversation, kind=kind, body=body, sender_key=sender_key, client_id=client_id, author=by
        )
    return Posted(message, is_repeat=False)


LIMITS = {Kind.VISITOR: 2_000, Kind.OPERATOR: 10_000, Kind.NOTE: 10_000}
