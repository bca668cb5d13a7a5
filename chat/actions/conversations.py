from __future__ import annotations

from functools import partial
from uuid import UUID

from django.db import transaction
from django.utils.text import format_lazy
from django.utils.translation import gettext_lazy as _

from chat import append, audience, broadcasts, verbs
from chat.append import Appender, locked
from chat.models import Conversation, Kind, Status, Visitor
from minichat.lib.errors import Invalid
from minichat.lib.transactions import action
from workspaces.models import Membership

# Given without a look at who has it.
ANYBODY = "anybody"


@action
def take_over(conversation: Conversation, *, by: Membership) -> Conversation:
    """Of two who click at once one wins; the other is told who. Taking what one has already is no change."""
    conversation = locked(by.workspace, conversation.pk)
    if conversation.assignee_id == by.pk:
        return conversation
    if conversation.assignee_id is not None:
        raise verbs.taken(conversation)
    with Appender() as appender:
        append.join(appender, conversation, by=by)
    return conversation


@action
def assign(
    conversation: Conversation, *, assignee: Membership | None, by: Membership, seen: UUID | None | str = ANYBODY
) -> Conversation:
    """Give the conversation to a member who may reply in its inbox, or to nobody: raises `Invalid` for anybody else.

    The line in the thread is the team's alone.
    `seen`: who had it when `by` decided. When that is somebody else by now, a colleague was faster: a conflict.
    """
    conversation = locked(by.workspace, conversation.pk)
    if assignee and not audience.answering(conversation.inbox).filter(pk=assignee.pk).exists():
        raise Invalid(format_lazy(_("{name} does not answer in this inbox."), name=assignee.name))
    if conversation.assignee_id == (assignee.pk if assignee else None):
        return conversation
    if seen != ANYBODY and conversation.assignee_id != seen:
        raise verbs.taken(conversation)
    with Appender() as appender:
        verbs.give(appender, conversation, assignee, by=by)
    return conversation


@action
def resolve(conversation: Conversation, *, by: Membership) -> Conversation:
    conversation = locked(by.workspace, conversation.pk)
    if conversation.status != Status.RESOLVED:
        with Appender() as appender:
            verbs.close(appender, conversation, by=by)
    return conversation


@action
def reopen(conversation: Conversation, *, by: Membership) -> Conversation:
    """Of one that is closed, or that was put aside."""
    conversation = locked(by.workspace, conversation.pk)
    if conversation.status != Status.OPEN:
        with Appender() as appender:
            verbs.reopen(appender, conversation, by=by)
    return conversation


@action
def mark_read(conversation: Conversation, *, by: Membership, position: int) -> None:
    """Move the member's read pointer and the team's mark forward; never back.

    `position` beyond the end counts as the end. A viewer's reading is their own: the visitor is not told.
    """
    conversation = locked(by.workspace, conversation.pk, while_suspended=True)
    position = min(position, conversation.last_position)
    seen = conversation.messages.filter(position__lte=position, kind=Kind.VISITOR).count()
    pointer, _made = by.workspace.conversation_reads.get_or_create(conversation=conversation, membership=by)
    if position > pointer.position:
        pointer.position, pointer.inbound = position, seen
        pointer.save(update_fields=["position", "inbound"])
        transaction.on_commit(partial(broadcasts.pointer_moved, pointer), robust=True)
    if by.can_reply():
        _move_marks(conversation, team_got=position, team_read=position)


@action
def mark_got(conversation: Conversation, *, by: Membership, position: int) -> None:
    """The team's browser has the visitor's messages up to `position`."""
    _move_marks(locked(by.workspace, conversation.pk, while_suspended=True), team_got=position)


@action
def mark_visitor(visitor: Visitor, conversation: Conversation, *, got: int = 0, read: int = 0) -> None:
    """The visitor's client got, or the visitor saw, everything up to these positions."""
    _move_marks(
        locked(visitor.workspace, conversation.pk, while_suspended=True), visitor_got=max(got, read), visitor_read=read
    )


def _move_marks(conversation: Conversation, **marks: int) -> None:
    moved = []
    for name, position in marks.items():
        position = min(position, conversation.last_position)
        if position > getattr(conversation, name):
            setattr(conversation, name, position)
            moved.append(name)
    if moved:
        if "visitor_read" in moved and conversation.visitor_read == conversation.last_position:
            conversation.mail_at = None
            moved.append("mail_at")
        conversation.save(update_fields=moved)
        transaction.on_commit(partial(broadcasts.marks_moved, conversation), robust=True)
