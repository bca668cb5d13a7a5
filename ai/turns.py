"""What the two sides of a conversation have said, as far as it helps to understand what the visitor means."""

from __future__ import annotations

from ai.providers.base import Message as Spoken
from chat.models import Conversation, Kind, Message
from chat.models.message import ANSWERS

# What the visitor wrote before.
EARLIER = 4
# Of both sides, for a model.
TURNS = 6


def said(conversation: Conversation) -> list[Message]:
    """By the visitor, newest first."""
    return list(conversation.messages.filter(kind=Kind.VISITOR).order_by("-position")[: EARLIER + 1])


def talk(question: Message) -> tuple[Spoken, ...]:
    """The last turns, with `question` at the end: a model goes on from what stands there."""
    rows = question.conversation.messages.filter(kind__in=(Kind.VISITOR, *ANSWERS), deleted_at=None)
    newest = rows.filter(position__lte=question.position).exclude(body="").order_by("-position")[:TURNS]
    return tuple(Spoken("user" if row.kind == Kind.VISITOR else "assistant", row.body) for row in reversed(newest))
