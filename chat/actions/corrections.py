"""Second thoughts about one's own words: an edit for a short while, a deletion at any time.

Both are changes of a row in the streams of the wire contract, so they reach every screen the way a message does, and a
client that was away finds them when it fills the gap.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import timedelta
from typing import Any
from uuid import UUID

from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from chat import events, notices
from chat import mentions as naming
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
def edit_message(message: Message, *, by: Membership, body: str, mentions: Sequence[UUID] = ()) -> Message:
    """Other words for one's own reply or note; the same words are no change.

    `mentions`: colleagues whom the note names now; whoever it named before is not told again.
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
    people = _newly_named(conversation, message, body, mentions)
    everybody = [*message.mentions, *naming.pictures(people)]
    with Appender() as appender:
        appender.change(conversation, message, body=body, mentions=everybody, edited_at=appender.now)
        _preview(conversation, message)
        emit(events.MESSAGE_EDITED, message, actor=by)
    notices.mentioned(conversation, people, by=by)
    return message


@action
def delete_message(message: Message, *, by: Membership) -> Message:
    """Take a reply or note back: its text is gone for everybody, its place says that something was there.

    One's own, or for an admin any member's; the assistant's may be taken back by everybody who answers here.
    Raises `Forbidden`. What is deleted already is no change.
    """
    conversation, message = _under_lock(message, by)
    if message.author_id != by.pk and message.kind != Kind.AI and not by.may(Role.ADMIN):
        raise Forbidden(_("Only its author or an admin can delete a message."))
    if message.deleted_at:
        return message
    with Appender() as appender:
        emptied: dict[str, Any] = {"body": "", "mentions": [], "quick_replies": [], "card": None, "sources": None}
        appender.change(conversation, message, **emptied, deleted_at=appender.now)
        message.attachments.all().delete()
        message.files = []
        _preview(conversation, message)
        emit(events.MESSAGE_DELETED, message, actor=by, kind=str(message.kind))
    return message


def _newly_named(conversation: Conversation, message: Message, body: str, mentions: Sequence[UUID]) -> list[Membership]:
    if message.kind != Kind.NOTE:
        return []
    before = {one["id"] for one in message.mentions}
    return [row for row in naming.people(conversation, body, mentions) if str(row.pk) not in before]


def _under_lock(message: Message, by: Membership) -> tuple[Conversation, Message]:
    conversation = locked(by.workspace, message.conversation_id)
    found = (
        conversation.messages.with_authors()
        .with_files()
        .filter(pk=message.pk, kind__in=(Kind.OPERATOR, Kind.AI, Kind.NOTE))
        .first()
    )
    if found is None:
        raise NotFound
    return conversation, found


def _preview(conversation: Conversation, message: Message) -> None:
    """The list shows the newest text that is no note; when that one changed, the list shows the change."""
    texts = conversation.messages.exclude(kind__in=(Kind.NOTE, Kind.EVENT))
    if message.kind != Kind.NOTE and not texts.filter(position__gt=message.position).exists():
        conversation.last_message_preview = preview(message.body, message.files)
        conversation.last_message_files = len(message.files)
