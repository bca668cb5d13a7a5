"""Pictures of rows as plain dicts: what partials are drawn from and what visitors are sent.

A picture travels between processes as JSON, so it holds nothing but text, numbers, booleans and times.
"""

from __future__ import annotations

import json
from datetime import datetime
from typing import Any

from django.core.serializers.json import DjangoJSONEncoder
from django.urls import reverse
from django.utils.dateparse import parse_datetime

from chat import labels, shelf
from chat.models import Attachment, Conversation, Handler, Kind, Message, Priority, Status
from chat.models.message import ANSWERS
from contacts.models import Contact
from minichat.lib.people import hue, initials

Picture = dict[str, Any]
# What a visitor is told of an event; `rating` and `comment` are their own words.
PUBLIC_EVENT = ("name", "by", "rating", "comment", "wait")
PUBLIC_SOURCE = ("title", "url", "page", "quote")
# Pixels of a picture in the thread; a thin one is cut off, so that it can be pressed.
BOX, SMALLEST = 280, 44
_TIMES = {"at", "created_at", "edited_at", "deleted_at", "waiting_since", "snoozed_until", "until"}


def person(pk: object, name: str, avatar: str | None = None) -> Picture:
    return {"id": str(pk), "name": name, "initials": initials(name), "hue": hue(name), "avatar": avatar}


def contact(row: Contact) -> Picture:
    """`name` is empty for somebody who has not said it: `partials` says "Visitor 12" in the reader's language."""
    return {"name": row.name, "number": row.number, "hue": row.hue}


def message(row: Message, of: Conversation) -> Picture:
    """A message as the team sees it; needs its author and files loaded. `of` is its conversation, with contact and
    inbox loaded.
    """
    author = None
    if row.kind in (Kind.OPERATOR, Kind.NOTE):
        author = person(row.author_id, row.author_name, _photo(row))
    elif row.kind == Kind.AI:
        author = {**person("", row.author_name), "initials": "AI"}
    return {
        "id": str(row.pk),
        "client_id": str(row.client_id),
        "conversation": str(row.conversation_id),
        "position": row.position,
        "seq": row.seq,
        "kind": str(row.kind),
        "body": "" if row.deleted_at else row.body,
        "mentions": row.mentions,
        "author": author,
        "contact": contact(of.contact),
        "created_at": row.created_at,
        "edited_at": row.edited_at,
        "deleted_at": row.deleted_at,
        "event": _event(row),
        "quick_replies": row.quick_replies,
        "card": row.card,
        "sources": row.sources,
        "attachments": [team_file(file, of.inbox.workspace.slug) for file in row.files],
    }


def _event(row: Message) -> Picture | None:
    return _revive(dict(row.event)) if row.event else None


def public_message(row: Message) -> Picture:
    """A message as its visitor sees it: the message object of the wire contract. Never call it with a note."""
    return {
        "id": str(row.pk),
        "client_id": str(row.client_id) if row.kind == Kind.VISITOR else None,
        "conversation": str(row.conversation_id),
        "position": row.position,
        "seq": row.public_seq,
        "kind": str(row.kind),
        "body": "" if row.deleted_at else row.body,
        "author": _public_author(row),
        "created_at": row.created_at,
        "edited_at": row.edited_at,
        "deleted_at": row.deleted_at,
        "event": _public_event(row.event),
        "sources": _public_sources(row),
        # Something to draw that most messages have not.
        "extra": bool(row.quick_replies or row.card or row.kind == Kind.AI),
        "quick_replies": row.quick_replies,
        "card": row.card,
        "attachments": [public_file(file) for file in row.files],
    }


def _public_author(row: Message) -> Picture | None:
    if row.kind not in ANSWERS:
        return None
    letters = "AI" if row.kind == Kind.AI else initials(row.author_name)
    return {"name": row.author_name, "initials": letters, "avatar": _photo(row)}


def _public_event(event: Picture | None) -> Picture | None:
    """A hand-off is told in the words that fit: with a time, without one, or that nobody is there."""
    if event is None:
        return None
    told = {key: event[key] for key in PUBLIC_EVENT if key in event}
    if event["name"] == "handed_off":
        told["name"] += "_away" if event["away"] else "_wait" if event["wait"] else ""
    return told


def _public_sources(row: Message) -> list[Picture] | None:
    """None: nothing that is taken from anywhere."""
    if row.kind != Kind.AI or row.deleted_at:
        return None
    return [{key: source.get(key) for key in PUBLIC_SOURCE} for source in row.sources or ()]


def team_file(row: Attachment, slug: str) -> Picture:
    """Its addresses ask for the session each time and lead on to a link: they never grow old in a thread."""
    url = reverse("attachment", args=[slug, row.conversation_id, row.pk])
    thumb = f"{url}?thumb=1" if row.kind == Attachment.Kind.IMAGE else None
    return {**_file(row), "url": url, "thumb": thumb, "box": _box(row)}


def public_file(row: Attachment) -> Picture:
    """Its addresses are good for five minutes: a frame has no cookie, and a picture cannot send a credential."""
    thumb = shelf.link(row, thumb=True) if row.kind == Attachment.Kind.IMAGE else None
    return {**_file(row), "url": shelf.link(row), "thumb": thumb}


def _box(row: Attachment) -> tuple[int, int] | None:
    """How large a picture stands in a thread: known before it is there, so that nothing moves when it comes."""
    if not row.width or not row.height:
        return None
    scale = min(1, BOX / row.width, BOX / row.height)
    return max(SMALLEST, round(row.width * scale)), max(SMALLEST, round(row.height * scale))


def _file(row: Attachment) -> Picture:
    return {
        "id": str(row.pk),
        "name": row.name,
        "size": row.size,
        "kind": row.kind,
        "type": row.content_type,
        "width": row.width,
        "height": row.height,
        "pages": row.pages,
    }


def _photo(row: Message) -> str | None:
    return row.author.avatar if row.author else None


def conversation_row(row: Conversation, known: labels.Known) -> Picture:
    """A line of the inbox list; needs contact, inbox and visitor loaded. `known` are the labels it may wear."""
    return {
        "conversation": str(row.pk),
        "number": row.number,
        "contact": contact(row.contact),
        "preview": row.last_message_preview,
        "preview_files": row.last_message_files,
        "preview_kind": row.last_message_kind,
        "preview_mine_author": row.last_message_author,
        "at": row.last_message_at,
        "status": str(row.status),
        "waiting": row.is_waiting,
        "waiting_since": row.waiting_since,
        "handler": str(row.handler),
        "assignee": person(row.assignee_id, row.assignee_name) if row.assignee_id else None,
        "priority": row.priority,
        "priority_name": Priority(row.priority).name.lower(),
        "snoozed_until": row.snoozed_until,
        "labels": labels.pictures(row.label_ids, known),
        "inbox": str(row.inbox_id),
        "inbound": row.inbound,
        "position": row.last_position,
        "inbox_name": row.inbox.name,
        "online": row.visitor.is_online(),
        "lang": row.contact.language,
        "rating": row.rating,
    }


def head(row: Conversation, known: labels.Known) -> Picture:
    """The header of a thread."""
    return {
        "blocked": row.visitor.blocked_at is not None,
        "can_hand_back": _can_hand_back(row),
        "conversation": {
            "id": str(row.pk),
            "number": row.number,
            "position": row.last_position,
            "status": str(row.status),
            "waiting": row.is_waiting,
            "handler": str(row.handler),
            "assignee": person(row.assignee_id, row.assignee_name) if row.assignee_id else None,
            "priority": row.priority,
            "priority_name": Priority(row.priority).name.lower(),
            "snoozed_until": row.snoozed_until,
            "labels": labels.pictures(row.label_ids, known),
        },
        "contact": contact(row.contact),
        "online": row.visitor.is_online(),
    }


def _can_hand_back(row: Conversation) -> bool:
    is_open = row.status == Status.OPEN
    return is_open and row.handler == Handler.PEOPLE and row.inbox.answered_by == Handler.AI


def to_json(value: Any) -> str:
    return json.dumps(value, cls=_Encoder, ensure_ascii=False, separators=(",", ":"))


def from_json(text: str) -> Any:
    return json.loads(text, object_hook=_revive)


class _Encoder(DjangoJSONEncoder):
    """Times with microseconds and `Z`, as the wire contract has them."""

    def default(self, value: Any) -> Any:
        if isinstance(value, datetime):
            return value.isoformat().replace("+00:00", "Z")
        return super().default(value)


def _revive(picture: Picture) -> Picture:
    for key in _TIMES & picture.keys():
        if isinstance(picture[key], str):
            picture[key] = parse_datetime(picture[key])
    return picture
