"""Second thoughts about one's own words: an edit for a short while, a deletion at any time.

Both are changes of a row in the streams of the wire contract, so they reach every screen the way a message does, and a
client that was away finds them when it fills the gap.
"""

from __future__ import annotations

from datetime import timedelta

from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from chat import events
from chat.append import Appender, locked, preview
from chat.models import Conversation, Kind, Message
from minichat.lib.errors import Conflict, Forbidden, NotFound
from minichat.lib.transactions import action
from workspaces.events import emit
from workspaces.models import Membership
from workspaces.roles import Role

# Long enough for a typo, too short to change what was agreed on.
EDIT_TIME = timedelta(minutes=5)


@action
def edit_message(message: Message, *, by: Membership, body: str) -> Message:
    """Other words for one's own reply or note; the same words are no change.

    `body` is clean and not too long. Raises `Forbidden` for somebody else's, `Conflict` when it is too late.
    """
    conversation, message = _under_lock(message, by)
    if message.author_id != by.pk:
        raise Forbidden(_("Only its author can edit a message."))
    if message.deleted_at:
        raise Conflict(_("This message was deleted."))
    if message.body == body:
        return message
    if timezone.now() - message.created_at > EDIT_TIME:
        raise Conflict(_("A message can be edited for five minutes. Write a new one instead."))
    with Appender() as appender:
        appender.change(conversation, message, body=body, edited_at=appender.now)
        _preview(conversation, message)
        emit(events.MESSAGE_EDITED, message, actor=by)
    return message


@action
def delete_message(message: Message, *, by: Membership) -> Message:
    """Take a reply or note back: its text is gone for everybody, its place says that something was there.

    One's own, or for an admin any member's. Raises `Forbidden`. What is deleted already is no change.
    """
    conversation, message = _under_lock(message, by)
    if message.author_id != by.pk and not by.may(Role.ADMIN):
        raise Forbidden(_("Only its author or an admin can delete a message."))
    if message.deleted_at:
        return message
    with Appender() as appender:
        appender.change(conversation, message, body="", deleted_at=appender.now)
        _preview(conversation, message)
        emit(events.MESSAGE_DELETED, message, actor=by, kind=str(message.kind))
    return message


def _under_lock(message: Message, by: Membership) -> tuple[Conversation, Message]:
    conversation = locked(by.workspace, message.conversation_id)
    found = conversation.messages.with_authors().filter(pk=message.pk, kind__in=(Kind.OPERATOR, Kind.NOTE)).first()
    if found is None:
        raise NotFound
    return conversation, found


def _preview(conversation: Conversation, message: Message) -> None:
    """The list shows the newest text that is no note; when that one changed, the list shows the change."""
    texts = conversation.messages.exclude(kind__in=(Kind.NOTE, Kind.EVENT))
    if message.kind != Kind.NOTE and not texts.filter(position__gt=message.position).exists():
        conversation.last_message_preview = preview(message.body)
