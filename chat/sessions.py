"""A visitor's session: what a socket's `hello` and the HTTP twin have in common."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.utils import timezone

from chat import actions, frames, pace, presence
from chat.models import Conversation, Kind, Visitor
from chat.widget import access
from minichat.lib.errors import NotFound


@dataclass(frozen=True)
class Session:
    """Who has come, and the credential if it was issued just now."""

    visitor: Visitor
    issued: str | None


def begin(
    key: str, *, token: str | None, ticket: str, language: str, page: dict[str, str], user_agent: str, ip: str
) -> Session:
    """Open a session for a known credential, or make a new visitor when there is none and the ticket is good."""
    issued = None
    if token:
        visitor = access.visitor_by_token(key, token)
        page_moved(visitor, page["url"], page["title"])
    else:
        visitor, issued = start_visitor(key, ticket=ticket, language=language, page=page, user_agent=user_agent, ip=ip)
    presence.visitor_seen(visitor)
    return Session(visitor, issued)


def welcome(session: Session) -> tuple[UUID | None, dict[str, Any]]:
    """The current conversation and the `welcome`. Asked for once the socket hears pushes: nothing falls in between."""
    conversation = newest_conversation(session.visitor)
    frame = {"v": 1, "token": session.issued, **state(session.visitor, conversation)}
    return conversation.pk if conversation else None, frame


def start_visitor(
    key: str, *, ticket: str, language: str, page: dict[str, str], user_agent: str, ip: str
) -> tuple[Visitor, str]:
    inbox = access.inbox_for(key)
    origin = access.origin_of_ticket(ticket, inbox)
    pace.new_visitors.spend(ip)
    return access.new_visitor(
        inbox, origin=origin, language=language, page=page, user_agent=user_agent, ip=ip.partition("/")[0] or None
    )


def state(visitor: Visitor, conversation: Conversation | None) -> dict[str, Any]:
    """The `welcome` of the wire contract, without its token."""
    faces = presence.faces(visitor.inbox)
    return {
        "conversation": conversation and _conversation(conversation),
        "operators": faces,
        "online": bool(faces),
        "limits": {"body": frames.VISITOR_LIMIT},
        "server_time": timezone.now(),
    }


def newest_conversation(visitor: Visitor) -> Conversation | None:
    return visitor.conversations.order_by("-number").first()


def conversation_of(visitor: Visitor, conversation_id: UUID) -> Conversation:
    conversation = visitor.conversations.filter(pk=conversation_id).first()
    if conversation is None:
        raise NotFound
    return conversation


def mark(visitor: Visitor, conversation_id: UUID, *, got: int = 0, read: int = 0) -> None:
    actions.mark_visitor(visitor, conversation_of(visitor, conversation_id), got=got, read=read)


def page_moved(visitor: Visitor, url: str, title: str) -> None:
    if url and url != visitor.page_url:
        visitor.page_url, visitor.page_title = url, title
        visitor.save(update_fields=["page_url", "page_title"])


def _conversation(row: Conversation) -> dict[str, Any]:
    unread = row.messages.filter(kind=Kind.OPERATOR, position__gt=row.visitor_read).count()
    return {"id": str(row.pk), "seq": row.public_seq, "status": str(row.status), "unread": unread}
