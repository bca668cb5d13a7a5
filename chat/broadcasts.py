"""What is told to whom: the only place that knows groups, frames and audiences (SR-10).

Called after commit. Notes and the team's events never enter a visitor's group.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any
from uuid import UUID

from django.urls import reverse
from django.utils import translation
from django.utils.translation import ngettext

from chat import partials, snapshots
from chat.hub import Push, hub
from chat.models import Conversation, ConversationRead, Message
from chat.snapshots import Picture
from notifications import pictures
from notifications.models import Notification
from workspaces.models import Membership, Workspace

# --- Groups: named after rows we loaded, never after what a client sent ----------------------------------------------


def team(workspace_id: UUID) -> str:
    """Everybody who may see the inbox list of this workspace."""
    return f"team.{workspace_id}"


def thread(conversation_id: UUID) -> str:
    """Operators who have this thread open."""
    return f"thread.{conversation_id}"


def visitor(visitor_id: UUID) -> str:
    """All tabs of one visitor."""
    return f"visitor.{visitor_id}"


def member(membership_id: UUID) -> str:
    """All tabs of one member."""
    return f"member.{membership_id}"


def visitors_of(workspace_id: UUID) -> str:
    return f"visitors.{workspace_id}"


# --- What happened -------------------------------------------------------------------------------------------------


def changed(conversations: Sequence[Conversation], rows: Sequence[Message]) -> None:
    """Rows of these conversations are new or have changed, and the conversations moved."""
    by_id = {conversation.pk: conversation for conversation in conversations}
    pushes = [push for row in rows for push in _message(row, by_id[row.conversation_id])]
    for conversation in conversations:
        happened = [row for row in rows if row.event and row.conversation_id == conversation.pk]
        pushes.extend(_state(conversation, happened))
    hub.push(*pushes)


def pointer_moved(pointer: ConversationRead) -> None:
    data = {"type": "pointer", "conversation": str(pointer.conversation_id), "inbound_read": pointer.inbound}
    hub.push(Push(member(pointer.membership_id), "json", data))


def marks_moved(conversation: Conversation) -> None:
    """Both sides are told how far the *other* side got with their messages."""
    base = {"type": "marks", "conversation": str(conversation.pk)}
    to_visitor = {**base, "delivered": conversation.team_got, "read": conversation.team_read}
    to_team = {**base, "delivered": conversation.visitor_got, "read": conversation.visitor_read}
    hub.push(
        Push(visitor(conversation.visitor_id), "json", to_visitor, latest=f"marks.{conversation.pk}"),
        Push(thread(conversation.pk), "json", to_team, latest=f"marks.{conversation.pk}"),
    )


def operator_typing(conversation_id: UUID, visitor_id: UUID, by: Membership, *, note: bool) -> None:
    base = {"type": "typing", "conversation": str(conversation_id), "name": by.name}
    pushes = [Push(thread(conversation_id), "json", {**base, "who": "operator", "member": str(by.pk), "note": note})]
    if not note:
        pushes.append(Push(visitor(visitor_id), "json", base))
    hub.push(*pushes)


def visitor_typing(conversation_id: UUID, name: str) -> None:
    data = {"type": "typing", "conversation": str(conversation_id), "name": name, "who": "visitor", "note": False}
    hub.push(Push(thread(conversation_id), "json", data))


def visitor_presence(workspace_id: UUID, conversation_id: UUID, *, online: bool) -> None:
    data = {"type": "presence", "conversation": str(conversation_id), "online": online}
    hub.push(Push(team(workspace_id), "json", data, latest=f"presence.{conversation_id}"))


def team_presence(workspace_id: UUID, *, online: bool) -> None:
    hub.push(Push(visitors_of(workspace_id), "json", {"type": "online", "online": online}, latest="online"))


def notified(rows: Sequence[Notification]) -> None:
    """Each member of theirs, and nobody else."""
    hub.push(*[Push(member(row.membership_id), "notification", _notification(row)) for row in rows if _is_shown(row)])


def notifications_read(membership_id: UUID, ids: Sequence[UUID] | None) -> None:
    """In all tabs of the member; `ids` None: all that there were."""
    named = None if ids is None else [str(pk) for pk in ids]
    data: Picture = {"type": "notifications_read", "ids": named, "targets": []}
    hub.push(Push(member(membership_id), "notifications_read", data))


def notifications_settled(workspace_id: UUID, targets: Sequence[str]) -> None:
    """Somebody took care of these: nobody has to any more."""
    data: Picture = {"type": "notifications_read", "ids": [], "targets": list(targets)}
    hub.push(Push(team(workspace_id), "notifications_read", data))


def quiet_hours_over(membership: Membership, rows: Sequence[Notification]) -> None:
    picture = pictures.picture(rows[-1], slug=membership.workspace.slug)
    hub.push(Push(member(membership.pk), "held", {"notification": picture, "n": len(rows)}))


def revoke(membership_id: UUID) -> None:
    """Close every socket of a member whose right was withdrawn."""
    hub.push(Push(member(membership_id), "close", {"code": 4403}))


def revoke_visitor(visitor_id: UUID) -> None:
    hub.push(Push(visitor(visitor_id), "close", {"code": 4403}))


def workspace_stands(workspace_id: UUID, status: str) -> None:
    """Suspended: the team reads on and is told, visitors are sent away. Closed: everybody is sent away."""
    if status in Workspace.SHUT:
        hub.push(*[Push(group, "close", {"code": 4404}) for group in (team(workspace_id), visitors_of(workspace_id))])
        return
    if status == Workspace.Status.SUSPENDED:
        hub.push(Push(visitors_of(workspace_id), "close", {"code": 4403}))
    hub.push(Push(team(workspace_id), "json", {"type": "standing", "status": status}))


# --- Frames: from a picture to the text on the wire ------------------------------------------------------------------


def draw(frame: str, data: dict[str, Any], language: str) -> str:
    return FRAMES[frame](data, language)


def _draw_json(data: Picture, language: str) -> str:
    return snapshots.to_json(data)


def _draw_message(data: Picture, language: str) -> str:
    message = data["message"]
    frame = {key: message[key] for key in ("conversation", "seq", "id", "client_id", "position", "kind")}
    html = partials.message(message, language, data["timezone"], data["era"])
    return snapshots.to_json({"type": "message", "prev": message["seq"] - 1, **frame, "html": html})


def _draw_row(data: Picture, language: str) -> str:
    row = data["row"]
    frame = {key: row[key] for key in ("conversation", "status", "waiting", "inbound", "position", "at")}
    frame["assignee"] = row["assignee"] and row["assignee"]["id"]
    html = partials.row(row, language, data["timezone"], data["era"], slug=data["slug"])
    return snapshots.to_json({"type": "row", **frame, "html": html})


def _draw_head(data: Picture, language: str) -> str:
    html = partials.head(data["head"], language, data["timezone"], data["era"], slug=data["slug"])
    return snapshots.to_json({"type": "head", "conversation": data["head"]["conversation"]["id"], "html": html})


def _draw_notification(data: Picture, language: str) -> str:
    with translation.override(language):
        entry = pictures.entry(data["notification"])
    frame = {"id": entry["id"], "target": entry["target"], "text": entry["sentence"], "url": entry["url"]}
    html = pictures.html(entry, language, data["timezone"], data["era"]) if data["listed"] else ""
    return snapshots.to_json({"type": "notification", **frame, "browser": data["browser"], "html": html})


def _draw_held(data: Picture, language: str) -> str:
    """One notification for all that a browser was not told at night."""
    with translation.override(language):
        entry, n = pictures.entry(data["notification"]), data["n"]
        frame = {"id": f"held-{entry['id']}", "target": "", "text": entry["sentence"], "url": entry["url"]}
        if n > 1:
            text = ngettext("%(n)d notification from your quiet hours", "%(n)d notifications from your quiet hours", n)
            frame |= {"text": text % {"n": n}, "url": reverse("notifications", args=[entry["slug"]])}
    return snapshots.to_json({"type": "notification", **frame, "browser": True, "html": ""})


FRAMES = {
    "json": _draw_json,
    "message": _draw_message,
    "row": _draw_row,
    "head": _draw_head,
    "notification": _draw_notification,
    "notifications_read": _draw_json,
    "held": _draw_held,
}


def _notification(row: Notification) -> Picture:
    workspace = row.membership.workspace
    return {
        "notification": pictures.picture(row, slug=workspace.slug),
        "timezone": workspace.timezone,
        "era": workspace.era,
        "listed": row.in_app,
        "browser": row.shows_at_once,
    }


def _is_shown(row: Notification) -> bool:
    return row.in_app or row.shows_at_once


def _message(row: Message, conversation: Conversation) -> list[Push]:
    workspace = conversation.inbox.workspace
    data = {"message": snapshots.message(row, conversation), "timezone": workspace.timezone, "era": workspace.era}
    pushes = [Push(thread(conversation.pk), "message", data)]
    if row.public_seq is not None:
        public = snapshots.public_message(row)
        frame = {"type": "message", "seq": public["seq"], "prev": public["seq"] - 1, "message": public}
        pushes.append(Push(visitor(conversation.visitor_id), "json", frame))
    return pushes


def _state(conversation: Conversation, happened: Sequence[Message]) -> list[Push]:
    """The list row, and after an event (only then they change) the thread's header and the visitor's status.

    An event that is the team's alone leaves no trace in the visitor's stream, not even that something happened.
    """
    workspace = conversation.inbox.workspace
    base = {"timezone": workspace.timezone, "era": workspace.era, "slug": workspace.slug}
    row = {"row": snapshots.conversation_row(conversation), **base}
    pushes = [Push(team(conversation.workspace_id), "row", row, latest=f"row.{conversation.pk}")]
    if happened:
        head = {"head": snapshots.head(conversation, snapshots.team(workspace)), **base}
        pushes.append(Push(thread(conversation.pk), "head", head, latest=f"head.{conversation.pk}"))
    if any(row.public_seq is not None for row in happened):
        status: Picture = {
            "type": "conversation",
            "conversation": str(conversation.pk),
            "status": str(conversation.status),
        }
        status |= {"seq": conversation.public_seq, "prev": conversation.public_seq}
        pushes.append(Push(visitor(conversation.visitor_id), "json", status))
    return pushes


hub.draw = draw
