"""An operator speaks first: the visitor is on the site and has not written, or not for a while."""

from __future__ import annotations

from uuid import UUID, uuid4

from chat.actions.messages import Posted, post_operator_message
from chat.append import Appender, join
from chat.models import Conversation, Kind, Visitor
from minichat.lib.errors import NotFound
from minichat.lib.transactions import action
from workspaces import usage
from workspaces.models import Membership

NUMBERS = "conversations"


def start_conversation(visitor: Visitor, *, by: Membership, body: str, client_id: UUID) -> Posted:
    """The first message goes into the conversation that the visitor has open, or opens one.

    Of two who start at once both are heard in the same conversation. A visitor who was blocked cannot be written to.
    """
    if visitor.blocked_at is not None:
        raise NotFound
    found = _open_one(visitor, by=by, body=body, client_id=client_id)
    if isinstance(found, Posted):
        return found
    return post_operator_message(found, by=by, body=body, client_id=client_id)


@action
def _open_one(visitor: Visitor, *, by: Membership, body: str, client_id: UUID) -> Posted | Conversation:
    """Locked in the order in which visitors' messages lock (counter, visitor): two first messages open one."""
    newest = visitor.conversations.order_by("-number").first()
    if newest is not None:
        return newest
    usage.locked(by.workspace, NUMBERS, usage.FOR_EVER)
    rows = by.workspace.visitors.select_for_update(of=("self",), no_key=True)
    row = rows.select_related("contact", "inbox__workspace").filter(pk=visitor.pk, blocked_at=None).first()
    if row is None:
        raise NotFound
    # It may have opened while we waited for the lock.
    newest = row.conversations.order_by("-number").first()
    if newest is not None:
        return newest
    return _first(row, by=by, body=body, client_id=client_id)


def _first(visitor: Visitor, *, by: Membership, body: str, client_id: UUID) -> Posted:
    with Appender() as appender:
        conversation = Conversation(
            id=uuid4(),
            workspace_id=visitor.workspace_id,
            inbox=visitor.inbox,
            contact=visitor.contact,
            visitor=visitor,
            number=usage.next_number(by.workspace, NUMBERS),
            last_message_at=appender.now,
        )
        appender.open(conversation)
        join(appender, conversation, by=by)
        message = appender.text(
            conversation, kind=Kind.OPERATOR, body=body, sender_key=f"m:{by.pk}", client_id=client_id, author=by
        )
    return Posted(message, is_repeat=False)
