"""A conversation by mail, to the address its contact has proven and to no other."""

from __future__ import annotations

from datetime import timedelta

from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from chat import emails, events
from chat.append import Appender, locked
from chat.models import Conversation, Kind, Message
from minichat.lib.errors import Conflict
from minichat.lib.transactions import action
from workspaces.events import emit
from workspaces.models import Membership

TRANSCRIPT = "transcript"
# More than this is read in the chat; the mail says so.
MOST_MESSAGES = 300
MOST_CHARACTERS = 200_000
# Whoever presses twice, or again because the answer was lost, is sent one mail.
AGAIN = timedelta(minutes=1)


class NoAddress(Conflict):
    code = "no_address"
    message = _(
        "This contact has not confirmed an email address. They can in the chat: menu, “Email me this conversation”."
    )


class WantsNoMail(Conflict):
    message = _("This contact has asked for no more emails.")


@action
def mail_transcript(conversation: Conversation, *, by: Membership | None = None) -> bool:
    """Whether a mail was written. `by` nobody: the visitor asks. Notes, events and what was deleted are never in it."""
    conversation = locked(conversation.inbox.workspace, conversation.pk)
    contact = conversation.contact
    if not contact.proven_email:
        raise NoAddress
    if by is not None and not contact.can_be_mailed:
        raise WantsNoMail
    if _was_just_sent(conversation):
        return False
    rows, is_all = _said(conversation)
    emails.transcript(conversation, rows, is_all=is_all).send()
    with Appender() as appender:
        appender.event(conversation, TRANSCRIPT, by=by, public=False)
        emit(events.CONVERSATION_MAILED, conversation, actor=by)
    return True


def _was_just_sent(conversation: Conversation) -> bool:
    lines = conversation.messages.filter(kind=Kind.EVENT, event__name=TRANSCRIPT)
    return bool(lines.filter(created_at__gt=timezone.now() - AGAIN).exists())


def _said(conversation: Conversation) -> tuple[list[Message], bool]:
    """The newest of it in the order it was said, and whether that is all."""
    said = conversation.messages.public().filter(deleted_at=None).exclude(kind=Kind.EVENT)
    newest = list(said.prefetch_related("attachments").order_by("-position")[: MOST_MESSAGES + 1])
    rows: list[Message] = []
    room = MOST_CHARACTERS
    for row in newest[:MOST_MESSAGES]:
        room -= len(row.body)
        if room < 0:
            break
        rows.append(row)
    return rows[::-1], len(rows) == len(newest)
