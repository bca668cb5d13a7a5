"""A visitor's own conversations, as home and the list show them. Nobody else's are ever asked for (SR-33)."""

from __future__ import annotations

from typing import Any

from django.db.models import F

from chat.models import Conversation, Visitor
from chat.models.conversation import ConversationQuerySet
from chat.models.message import ANSWERS
from minichat.lib import keyset
from minichat.lib.people import initials

PAGE = 20
# What home has room for, and one more, so that it knows whether there is a list to lead to.
NEWEST = 4


def conversations(visitor: Visitor) -> ConversationQuerySet:
    """With all that `summary` needs, so that a page of them is one query."""
    return visitor.conversations.all().with_unseen().select_related("assignee__user")


def newest(visitor: Visitor) -> dict[str, Any]:
    """For home: the one that goes on (begun last), the newest, and how many of the team's words have not been seen."""
    rows = list(conversations(visitor).newest_first()[:NEWEST])
    is_all = len(rows) < NEWEST
    begun_last = max(rows, key=lambda row: row.number, default=None) if is_all else _begun_last(visitor)
    return {
        "conversation": begun_last and summary(begun_last),
        "conversations": [summary(row) for row in rows],
        "unread": sum(row.unseen for row in rows) if is_all else _unseen(visitor),  # type: ignore[attr-defined]
    }


def _begun_last(visitor: Visitor) -> Conversation | None:
    return conversations(visitor).order_by("-number").first()


def page(visitor: Visitor, *, after: str) -> dict[str, Any]:
    found = keyset.page(conversations(visitor), ["-last_message_at", "-id"], after=after, size=PAGE)
    return {"rows": [summary(row) for row in found.rows], "next": found.next}


def summary(row: Conversation) -> dict[str, Any]:
    """One line: who answers, the last words, how much of it is new. `row` is of `conversations`."""
    who = row.assignee
    return {
        "id": str(row.pk),
        "status": row.public_status,
        "seq": row.public_seq,
        "position": row.last_position,
        "unread": row.unseen,  # type: ignore[attr-defined]
        "marks": {"delivered": row.team_got, "read": row.team_read, "seen": row.visitor_read},
        "operator": who and {"name": who.name, "initials": initials(who.name), "avatar": who.avatar},
        "kind": row.last_message_kind,
        "text": row.last_message_preview,
        "at": row.last_message_at,
        "rating": row.rating,
        "comment": row.rating_comment,
        "rated_at": row.rated_at,
    }


def _unseen(visitor: Visitor) -> int:
    said = visitor.workspace.messages.filter(conversation__visitor=visitor, kind__in=ANSWERS, deleted_at=None)
    return said.filter(position__gt=F("conversation__visitor_read")).count()
