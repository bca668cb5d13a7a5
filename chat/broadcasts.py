"""What is told to whom: the only place that knows groups and audiences (SR-10).

Called after commit. Notes and the team's events never enter a visitor's group. How a frame becomes text:
`chat/drawing.py`.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from uuid import UUID

from chat import drawing, labels, snapshots
from chat.hub import Push, hub
from chat.models import Conversation, ConversationRead, Draft, Message
from chat.models.saved_view import SavedViewQuerySet
from chat.snapshots import Picture
from notifications import pictures
from notifications.models import Notification
from workspaces.models import Membership, Workspace

# --- Groups: named after rows we loaded, never after what a client sent ----------------------------------------------


THREAD = "thread."


def team(workspace_id: UUID) -> str:
    """Every member: only for what concerns the workspace as a whole, never for what happens in one inbox."""
    return f"team.{workspace_id}"


def inbox(inbox_id: UUID) -> str:
    """The members who see this inbox."""
    return f"inbox.{inbox_id}"


def thread(conversation_id: UUID) -> str:
    """Operators who have this thread open."""
    return f"{THREAD}{conversation_id}"


def visitor(visitor_id: UUID) -> str:
    """All tabs of one visitor."""
    return f"visitor.{visitor_id}"


def member(membership_id: UUID) -> str:
    """All tabs of one member."""
    return f"member.{membership_id}"


def visitors_of(workspace_id: UUID) -> str:
    return f"visitors.{workspace_id}"


def visitors_in(inbox_id: UUID) -> str:
    return f"visitors-in.{inbox_id}"


def live(workspace_id: UUID) -> str:
    """Tabs that have the list of live visitors open."""
    return f"live.{workspace_id}"


# --- What happened -------------------------------------------------------------------------------------------------


def changed(conversations: Sequence[Conversation], rows: Sequence[Message]) -> None:
    """Rows of these conversations are new or have changed, and the conversations moved."""
    by_id = {conversation.pk: conversation for conversation in conversations}
    pushes = [push for row in rows for push in _message(row, by_id[row.conversation_id])]
    happened: dict[UUID, list[Message]] = {}
    for row in rows:
        if row.event:
            happened.setdefault(row.conversation_id, []).append(row)
    for around in _by_workspace(conversations):
        for conversation in around.conversations:
            pushes.extend(_state(conversation, happened.get(conversation.pk, []), around))
    hub.push(*pushes)


def labels_changed(workspace: Workspace) -> None:
    """All labels as they are now: lists, menus and chips of everybody follow."""
    known = [labels.picture(row) for row in labels.of(workspace).values()]
    hub.push(Push(team(workspace.pk), "json", {"type": "labels", "labels": known}, latest="labels"))


def views_changed(workspace: Workspace) -> None:
    """The team's saved views as they are now: the menus of everybody follow."""
    rows = workspace.saved_views.filter(is_shared=True)
    hub.push(Push(team(workspace.pk), "json", _views(rows, shared=True), latest="views"))


def own_views_changed(workspace: Workspace, membership_id: UUID) -> None:
    """In all tabs of the member: their own saved views as they are now."""
    rows = workspace.saved_views.filter(is_shared=False, owner=membership_id)
    hub.push(Push(member(membership_id), "json", _views(rows, shared=False), latest="own-views"))


def contact_changed(conversations: Sequence[Conversation]) -> None:
    """Somebody is called something else: their rows in the list, and the headers of their threads."""
    for around in _by_workspace(conversations):
        for conversation in around.conversations:
            hub.push(*_state(conversation, [], around), _head(conversation, around))


def pointer_moved(pointer: ConversationRead) -> None:
    data = {"type": "pointer", "conversation": str(pointer.conversation_id), "inbound_read": pointer.inbound}
    hub.push(Push(member(pointer.membership_id), "json", data))


def draft_moved(row: Draft) -> None:
    """In all tabs of the member: what they have begun to write there, or that it is gone."""
    data = {"type": "draft", "conversation": str(row.conversation_id), "note": row.note, "body": row.body}
    data |= {"counter": row.counter, "mentions": row.mentions}
    hub.push(Push(member(row.membership_id), "json", data, latest=f"draft.{row.conversation_id}.{row.note}"))


def marks_moved(conversation: Conversation) -> None:
    """Both sides are told how far the *other* side got with their messages; a visitor's tabs also how far they are."""
    base = {"type": "marks", "conversation": str(conversation.pk)}
    to_visitor = {**base, "delivered": conversation.team_got, "read": conversation.team_read}
    to_visitor["seen"] = conversation.visitor_read
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


def viewing(conversation_id: UUID, by: Membership, *, here: bool, asks: bool) -> Push:
    """A member looks at this thread, or no longer does. `asks`: who else is there says so (`chat/viewing.py`)."""
    data = {"type": "viewing", "conversation": str(conversation_id), "member": str(by.pk), "name": by.name}
    # Asking is a happening: it must not give way to a later sign of the same member.
    latest = "" if asks else f"viewing.{by.pk}"
    return Push(thread(conversation_id), "viewing", {**data, "here": here, "asks": asks}, latest=latest)


def visitor_typing(conversation_id: UUID, name: str) -> None:
    data = {"type": "typing", "conversation": str(conversation_id), "name": name, "who": "visitor", "note": False}
    hub.push(Push(thread(conversation_id), "json", data))


def assistant_thinks(conversation_id: UUID, visitor_id: UUID, name: str) -> None:
    """The visitor sees that an answer is on its way; clients forget it after some seconds."""
    hub.push(Push(visitor(visitor_id), "json", {"type": "typing", "conversation": str(conversation_id), "name": name}))


async def assistant_writes(question: Message, text: str) -> None:
    """What it has of its answer to this message so far: seen for a moment, kept nowhere. No client needs it.

    For the loop on which it is written.
    """
    conversation = question.conversation
    data = {"type": "words", "conversation": str(conversation.pk), "position": question.position, "text": text}
    await hub.apush(Push(visitor(conversation.visitor_id), "json", data, latest=f"words.{conversation.pk}"))


def visitor_presence(inbox_id: UUID, conversation_id: UUID, *, online: bool) -> None:
    data = {"type": "presence", "conversation": str(conversation_id), "online": online}
    hub.push(Push(inbox(inbox_id), "json", data, latest=f"presence.{conversation_id}"))


def visitors_moved(workspace_id: UUID) -> Push:
    """Whoever has the list of live visitors open looks again. What they see there is asked with their own rights."""
    return Push(live(workspace_id), "json", {"type": "visitors"}, latest="visitors")


def team_presence(inbox_ids: Iterable[UUID], *, online: bool) -> None:
    """Whether anybody who can answer there is there: each inbox's visitors hear of their own."""
    data: Picture = {"type": "online", "online": online}
    hub.push(*[Push(visitors_in(inbox_id), "json", data, latest="online") for inbox_id in inbox_ids])


def access_changed(workspace_id: UUID) -> None:
    """Who sees which inbox has changed: sockets look at their right again at once (`chat/sockets/watch.py`).

    It says nothing to anybody: whose right stayed as it was hears nothing.
    """
    hub.push(Push(team(workspace_id), "access", {}))


def notified(rows: Sequence[Notification]) -> None:
    """Each member of theirs, and nobody else."""
    hub.push(*[Push(member(row.membership_id), "notification", _notification(row)) for row in rows if _is_shown(row)])


def notifications_read(membership_id: UUID, ids: Sequence[UUID] | None) -> None:
    """In all tabs of the member; `ids` None: all that there were."""
    named = None if ids is None else [str(pk) for pk in ids]
    data: Picture = {"type": "notifications_read", "ids": named, "targets": []}
    hub.push(Push(member(membership_id), "notifications_read", data))


def notifications_settled(inbox_id: UUID, targets: Sequence[str]) -> None:
    """Somebody took care of these: nobody has to any more."""
    data: Picture = {"type": "notifications_read", "ids": [], "targets": list(targets)}
    hub.push(Push(inbox(inbox_id), "notifications_read", data))


def quiet_hours_over(membership: Membership, rows: Sequence[Notification]) -> None:
    picture = pictures.picture(rows[-1], slug=membership.workspace.slug)
    hub.push(Push(member(membership.pk), "held", {"notification": picture, "n": len(rows)}))


def revoke(membership_id: UUID) -> None:
    """Close every socket of a member whose right was withdrawn."""
    hub.push(Push(member(membership_id), "close", {"code": 4403}))


def revoke_visitor(visitor_id: UUID) -> None:
    hub.push(Push(visitor(visitor_id), "close", {"code": 4403}))


def inbox_closed(inbox_id: UUID) -> None:
    hub.push(Push(visitors_in(inbox_id), "close", {"code": 4404}))


def workspace_stands(workspace_id: UUID, status: str) -> None:
    """Suspended: the team reads on and is told, visitors are sent away. Closed: everybody is sent away."""
    if status in Workspace.SHUT:
        hub.push(*[Push(group, "close", {"code": 4404}) for group in (team(workspace_id), visitors_of(workspace_id))])
        return
    if status == Workspace.Status.SUSPENDED:
        hub.push(Push(visitors_of(workspace_id), "close", {"code": 4403}))
    hub.push(Push(team(workspace_id), "json", {"type": "standing", "status": status}))


# --- What a push carries -------------------------------------------------------------------------------------------


def _views(rows: SavedViewQuerySet, *, shared: bool) -> Picture:
    views = [{"id": str(row.pk), "name": row.name, "query": row.query} for row in rows.in_menu_order()]
    return {"type": "views", "shared": shared, "views": views}


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


class _Around:
    """What the rows and headers of several conversations of one workspace share, each asked for once."""

    def __init__(self, conversations: Sequence[Conversation]) -> None:
        self.conversations = conversations
        self.workspace = conversations[0].inbox.workspace
        self.labels = labels.worn_by(conversations)


def _by_workspace(conversations: Sequence[Conversation]) -> list[_Around]:
    found: dict[UUID, list[Conversation]] = {}
    for conversation in conversations:
        found.setdefault(conversation.workspace_id, []).append(conversation)
    return [_Around(rows) for rows in found.values()]


def _state(conversation: Conversation, happened: Sequence[Message], around: _Around) -> list[Push]:
    """The list row, and after an event (only then they change) the thread's header and the visitor's status.

    An event that is the team's alone leaves no trace in the visitor's stream, not even that something happened.
    """
    workspace = around.workspace
    base = {"timezone": workspace.timezone, "era": workspace.era, "slug": workspace.slug}
    row = {"row": snapshots.conversation_row(conversation, around.labels), **base}
    pushes = [Push(inbox(conversation.inbox_id), "row", row, latest=f"row.{conversation.pk}")]
    if happened:
        pushes.append(_head(conversation, around))
    if any(row.public_seq is not None for row in happened):
        status: Picture = {
            "type": "conversation",
            "conversation": str(conversation.pk),
            "status": conversation.public_status,
        }
        status |= {"seq": conversation.public_seq, "prev": conversation.public_seq}
        pushes.append(Push(visitor(conversation.visitor_id), "json", status))
    return pushes


def _head(conversation: Conversation, around: _Around) -> Push:
    workspace = around.workspace
    base = {"timezone": workspace.timezone, "era": workspace.era, "slug": workspace.slug}
    head = {"head": snapshots.head(conversation, around.labels), **base}
    return Push(thread(conversation.pk), "head", head, latest=f"head.{conversation.pk}")


hub.draw = drawing.draw
