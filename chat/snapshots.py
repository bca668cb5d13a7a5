"""Pictures of rows as plain dicts: what partials are drawn from and what visitors are sent.

A picture travels between processes as JSON, so it holds nothing but text, numbers, booleans and times.
"""

from __future__ import annotations

import json
from datetime import datetime
from typing import Any

from django.core.serializers.json import DjangoJSONEncoder
from django.utils.dateparse import parse_datetime

from chat.models import Conversation, Kind, Message
from contacts.models import Contact
from minichat.lib.people import hue, initials
from workspaces.models import Workspace
from workspaces.roles import Role

Picture = dict[str, Any]
_TIMES = {"at", "created_at", "edited_at", "deleted_at", "waiting_since"}


def person(pk: object, name: str, avatar: str | None = None) -> Picture:
    return {"id": str(pk), "name": name, "initials": initials(name), "hue": hue(name), "avatar": avatar}


def team(workspace: Workspace) -> list[Picture]:
    """Who a conversation can be given to."""
    rows = workspace.memberships.select_related("user").filter(deactivated_at=None).exclude(role=Role.VIEWER)
    return sorted((person(row.pk, row.name, row.avatar) for row in rows), key=lambda row: row["name"])


def contact(row: Contact) -> Picture:
    """`name` is empty for somebody who has not said it: `partials` says "Visitor 12" in the reader's language."""
    return {"name": row.name, "number": row.number, "hue": hue(f"contact {row.number}")}


def message(row: Message, of: Conversation) -> Picture:
    """A message as the team sees it; needs its author loaded. `of` is its conversation with contact loaded."""
    author = None
    if row.kind in (Kind.OPERATOR, Kind.NOTE):
        author = person(row.author_id, row.author_name, _photo(row))
    return {
        "id": str(row.pk),
        "client_id": str(row.client_id),
        "conversation": str(row.conversation_id),
        "position": row.position,
        "seq": row.seq,
        "kind": str(row.kind),
        "body": "" if row.deleted_at else row.body,
        "author": author,
        "contact": contact(of.contact),
        "created_at": row.created_at,
        "edited_at": row.edited_at,
        "deleted_at": row.deleted_at,
        "event": row.event,
    }


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
        "author": {"name": row.author_name, "initials": initials(row.author_name), "avatar": _photo(row)}
        if row.kind == Kind.OPERATOR
        else None,
        "created_at": row.created_at,
        "edited_at": row.edited_at,
        "deleted_at": row.deleted_at,
        "event": {"name": row.event["name"], "by": row.event["by"]} if row.event else None,
    }


def _photo(row: Message) -> str | None:
    return row.author.avatar if row.author else None


def conversation_row(row: Conversation) -> Picture:
    """A line of the inbox list; needs contact, inbox and visitor loaded."""
    return {
        "conversation": str(row.pk),
        "number": row.number,
        "contact": contact(row.contact),
        "preview": row.last_message_preview,
        "preview_kind": row.last_message_kind,
        "preview_mine_author": row.last_message_author,
        "at": row.last_message_at,
        "status": str(row.status),
        "waiting": row.is_waiting,
        "waiting_since": row.waiting_since,
        "assignee": person(row.assignee_id, row.assignee_name) if row.assignee_id else None,
        "inbound": row.inbound,
        "position": row.last_position,
        "inbox_name": row.inbox.name,
        "online": row.visitor.is_online(),
        "lang": row.contact.language,
    }


def head(row: Conversation, members: list[Picture]) -> Picture:
    """The header of a thread."""
    return {
        "conversation": {
            "id": str(row.pk),
            "number": row.number,
            "status": str(row.status),
            "waiting": row.is_waiting,
            "assignee": person(row.assignee_id, row.assignee_name) if row.assignee_id else None,
        },
        "contact": contact(row.contact),
        "members": members,
        "online": row.visitor.is_online(),
    }


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
