"""What a thread and its details show."""

from __future__ import annotations

from typing import Any

from django.urls import reverse
from django.utils.translation import get_language_info

from chat import devices, partials, snapshots
from chat.history import newest
from chat.models import Conversation, Visitor
from workspaces.decorators import MemberRequest

EARLIER = 10


def thread_context(request: MemberRequest, conversation: Conversation) -> dict[str, Any]:
    rows, older = newest(conversation.messages.all())
    return {
        "conversation": {"id": str(conversation.pk), "seq": conversation.last_seq},
        "rows": [partials.readable(snapshots.message(row, conversation)) for row in rows],
        "older": older,
        "head": head_of(request, conversation),
        "details": details_of(request, conversation),
        "marks": {"delivered": conversation.visitor_got, "read": conversation.visitor_read},
    }


def head_of(request: MemberRequest, conversation: Conversation) -> dict[str, Any]:
    return partials.readable(snapshots.head(conversation, snapshots.team(request.workspace)))


def details_of(request: MemberRequest, conversation: Conversation) -> dict[str, Any]:
    contact = conversation.contact
    known = {"email": contact.email, "phone": contact.phone, "company": contact.company}
    picture = partials.readable({"contact": {**snapshots.contact(contact), **known}})
    return {
        **picture,
        "visitor": _visitor(conversation.visitor),
        "earlier": _earlier(request, conversation),
    }


def _visitor(visitor: Visitor) -> dict[str, Any]:
    return {
        "language": get_language_info(visitor.language)["name_local"] if visitor.language in ("en", "th") else "",
        "device": devices.device(visitor.user_agent),
        "browser": devices.browser(visitor.user_agent),
        "local_time": None,
        "first_seen": visitor.created_at,
        "page": {"url": visitor.page_url, "title": visitor.page_title},
        "referrer": visitor.referrer,
        "online": visitor.is_online(),
    }


def _earlier(request: MemberRequest, conversation: Conversation) -> list[dict[str, Any]]:
    others = conversation.contact.conversations.visible_to(request.membership).exclude(pk=conversation.pk)
    return [
        {
            "url": reverse("thread", args=[request.workspace.slug, row.pk]),
            "at": row.last_message_at,
            "status": row.status,
            "preview": row.last_message_preview,
        }
        for row in others.newest_first()[:EARLIER]
    ]
