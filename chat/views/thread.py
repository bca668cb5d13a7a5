"""What a thread and its details show."""

from __future__ import annotations

import json
from typing import Any
from zoneinfo import ZoneInfo

from django.conf import settings
from django.urls import reverse
from django.utils import timezone

from chat import devices, frames, history, labels, partials, snapshots
from chat.models import Conversation, Kind, Message, Visitor
from chat.views.contact_notes import notes_of
from chat.views.drafts import begun
from chat.views.visitor_events import events_of
from contacts.known import known_of
from contacts.models.note import LONGEST_NOTE
from minichat.lib import rich
from minichat.lib.files.attached import ACCEPTED
from minichat.lib.searching import question
from minichat.lib.snippets import places
from workspaces.decorators import MemberRequest
from workspaces.finding import LONGEST

EARLIER = 10
PAGES = 10
KNOWN = ("email", "phone", "company", "external_id", "verified_at", "attributes", "can_be_mailed", "proven_email")


def thread_context(request: MemberRequest, conversation: Conversation) -> dict[str, Any]:
    rows, older, newer, at = _page(request, conversation)
    return {
        "conversation": {"id": str(conversation.pk), "seq": conversation.last_seq},
        "rows": [partials.marked_up(partials.readable(snapshots.message(row, conversation))) for row in rows],
        "older": older,
        "newer": newer,
        "newest": conversation.last_position,
        "at": at,
        "hits": json.dumps(hits(rows, request.GET.get("q", "")), separators=(",", ":")),
        "head": head_of(conversation),
        "details": details_of(request, conversation),
        **composing(),
        "begun": snapshots.to_json(begun(request.membership, conversation.pk)),
        "marks": {"delivered": conversation.visitor_got, "read": conversation.visitor_read},
    }


def composing() -> dict[str, Any]:
    """What the composer says before a file is sent: the server asks again."""
    return {"file_limit": settings.UPLOAD_LIMIT, "most_files": frames.MOST_FILES, "accept": ACCEPTED}


def _page(request: MemberRequest, conversation: Conversation) -> tuple[list[Message], bool, bool, int | None]:
    """The newest messages, or those around the one at `?at=`."""
    at = request.GET.get("at", "")
    if at.isascii() and at.isdigit() and 0 < int(at) <= conversation.last_position:
        return *history.around(conversation.messages.all(), int(at)), int(at)
    return *history.newest(conversation.messages.all()), False, None


def hits(rows: list[Message], text: str) -> dict[str, list[tuple[int, int]]]:
    """Where in which messages stands what was searched for, as a browser counts characters."""
    asked = question(text[:LONGEST])
    found = {row: places(row.body, asked) for row in rows if row.body and not row.deleted_at}
    return {str(row.pk): _seen(row, spans) for row, spans in found.items() if spans}


def _seen(row: Message, spans: list[tuple[int, int]]) -> list[tuple[int, int]]:
    """The thread does not show the signs that make a word bold."""
    pieces = rich.nodes(row.body, only_links=row.kind == Kind.VISITOR)
    return rich.moved(row.body, spans, list(rich.shown(pieces)))


def head_of(conversation: Conversation) -> dict[str, Any]:
    return partials.readable(snapshots.head(conversation, labels.worn_by([conversation])))


def details_of(request: MemberRequest, conversation: Conversation) -> dict[str, Any]:
    contact = conversation.contact
    known = {"id": str(contact.pk), **{name: getattr(contact, name) for name in KNOWN}}
    picture = partials.readable({"contact": {**snapshots.contact(contact), **known}})
    return {
        **picture,
        "known": known_of(contact),
        "events": events_of(conversation.visitor),
        "rating": conversation.rating,
        "rating_comment": conversation.rating_comment,
        "rated_at": conversation.rated_at,
        "visitor": _visitor(conversation.visitor),
        "pages": _pages(conversation.visitor),
        "notes": notes_of(request, conversation),
        "note_limit": LONGEST_NOTE,
        "earlier": _earlier(request, conversation),
    }


def _visitor(visitor: Visitor) -> dict[str, Any]:
    return {
        "language": partials.language_name(visitor.language),
        "device": devices.device(visitor.user_agent),
        "browser": devices.browser(visitor.user_agent),
        "timezone": visitor.timezone,
        "local_time": _local_time(visitor.timezone),
        "first_seen": visitor.created_at,
        "page": {"url": visitor.page_url, "title": visitor.page_title},
        "referrer": visitor.referrer,
        "online": visitor.is_online(),
    }


def _local_time(zone: str) -> str | None:
    return timezone.now().astimezone(ZoneInfo(zone)).strftime("%H:%M") if zone else None


def _pages(visitor: Visitor) -> list[dict[str, Any]]:
    rows = visitor.page_views.order_by("-at", "-id")[:PAGES]
    return [{"url": row.url, "title": row.title, "path": partials.path_of(row.url), "at": row.at} for row in rows]


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
