"""What was answered and not seen is mailed to the visitor: to a proven address alone, all of it in one mail."""

from __future__ import annotations

from collections.abc import Iterator
from uuid import UUID

from django.utils import timezone

from chat import emails
from chat.append import locked
from chat.models import Conversation, Kind, Message
from contacts.models import Contact
from minichat.lib.transactions import action
from workspaces.models import Workspace

MOST_AT_ONCE = 200
# More than this is a conversation to be read in the chat.
MOST_MESSAGES = 20


def due() -> Iterator[tuple[UUID, UUID]]:
    """Workspace and conversation whose clock has rung, the oldest answer first."""
    rows = Conversation.unscoped.filter(mail_at__lte=timezone.now(), workspace__status=Workspace.Status.ACTIVE)
    return iter(rows.order_by("mail_at").values_list("workspace_id", "pk")[:MOST_AT_ONCE])


@action
def mail(workspace: Workspace, conversation_id: UUID) -> bool:
    """Whether a mail was written. What the visitor has read, or was mailed before, is in none."""
    conversation = locked(workspace, conversation_id)
    if conversation.mail_at is None or conversation.mail_at > timezone.now():
        return False
    rows = _unseen(conversation)
    conversation.mail_at = None
    if rows and conversation.contact.can_be_mailed:
        conversation.mailed_position = rows[-1].position
        emails.unseen_replies(conversation, rows).send()
    conversation.save(update_fields=["mail_at", "mailed_position"])
    return conversation.mailed_position == (rows[-1].position if rows else None)


@action
def stop(contact: Contact) -> None:
    """They want no more of these mails. Twice is once: mail programs repeat themselves."""
    if contact.mail_off_at is None:
        contact.mail_off_at = timezone.now()
        contact.save(update_fields=["mail_off_at"])


def _unseen(conversation: Conversation) -> list[Message]:
    """The newest of what nobody has seen, in the order it was said."""
    seen = max(conversation.visitor_read, conversation.mailed_position)
    rows = conversation.messages.filter(kind=Kind.OPERATOR, position__gt=seen, deleted_at=None)
    return list(rows.prefetch_related("attachments").order_by("-position")[:MOST_MESSAGES])[::-1]
