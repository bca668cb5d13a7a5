"""The alarm clocks of a conversation: set with the row that causes them, in the same write, and heard by a sweep.

A clock says no more than "look again": who hears it looks at the world as it is then (`chat/actions/waits.py`,
`idle.py`, `unseen.py`). So none has to be unset to be right; those that can no longer mean anything are, to save the
look.
"""

from __future__ import annotations

from datetime import datetime, timedelta

from chat.models import Conversation, Handler, Kind
from chat.models.message import ANSWERS

# What was answered is mailed to a visitor who has not seen it by then, with all that came meanwhile.
UNSEEN_AFTER = timedelta(minutes=3)
# So long the assistant may think; then people are asked.
AI_PATIENCE = timedelta(seconds=25)


def visitor_wrote(conversation: Conversation, now: datetime) -> None:
    """`waiting_since` says since when this one waits: a second message does not begin the wait anew."""
    # Whoever writes has the conversation before their eyes.
    conversation.end_at = conversation.mail_at = None
    seconds = conversation.inbox.alert_seconds
    if conversation.handler == Handler.AI:
        conversation.alert_at = now + AI_PATIENCE
    elif conversation.waiting_since == now and seconds is not None:
        conversation.alert_at = now + timedelta(seconds=seconds)


def answered(conversation: Conversation, now: datetime) -> None:
    conversation.alert_at = None
    minutes = conversation.inbox.idle_minutes
    conversation.end_at = None if minutes is None else now + timedelta(minutes=minutes)
    if conversation.contact.can_be_mailed:
        conversation.mail_at = conversation.mail_at or now + UNSEEN_AFTER


def ai_answered(conversation: Conversation, now: datetime) -> None:
    """Who was answered within a second is still there: nothing is mailed."""
    minutes = conversation.inbox.idle_minutes
    conversation.alert_at = None
    conversation.end_at = None if minutes is None else now + timedelta(minutes=minutes)


def handed_off(conversation: Conversation, now: datetime) -> None:
    """A wait begins, for people."""
    seconds = conversation.inbox.alert_seconds
    conversation.end_at = None
    conversation.alert_at = None if seconds is None else now + timedelta(seconds=seconds)


def handed_back(conversation: Conversation, now: datetime) -> None:
    is_asked = conversation.last_message_kind == Kind.VISITOR
    conversation.alert_at = now + AI_PATIENCE if is_asked else None


def returned(conversation: Conversation, now: datetime) -> None:
    """It was away and is open again: its clocks begin anew."""
    seconds = conversation.inbox.alert_seconds
    if conversation.last_message_kind in ANSWERS:
        answered(conversation, now)
    elif conversation.waiting_since is not None and seconds is not None:
        conversation.alert_at = now + timedelta(seconds=seconds)


def closed(conversation: Conversation) -> None:
    """What was answered last may still be unseen."""
    conversation.alert_at = conversation.end_at = None
