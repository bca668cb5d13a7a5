"""What this room keeps about a person (`accounts/holders.py`)."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from accounts.models import User
from chat.models.message import Kind
from workspaces.models import Membership, Workspace


def sections(user: User) -> dict[str, Any]:
    return {
        "messages": _messages(user),
        "assigned_conversations": _assigned(user),
        "own_canned_texts": _canned(user),
        "own_views": _views(user),
        "files": _files(user),
        "private_inboxes": _inboxes(user),
        "drafts": _drafts(user),
    }


def objections(user: User) -> list[str]:
    return []


def forget(user: User) -> None:
    """Leaving has released what they had. What they wrote in conversations belongs to the workspace and its visitors;
    texts that they kept for themselves go, and so do files that they never sent."""
    for membership in user.memberships.all():
        membership.canned_responses.all().delete()
        membership.saved_views.filter(is_shared=False).delete()
        membership.attachments.unsent().delete()
        membership.drafts.all().delete()


def _open_doors(user: User) -> list[Membership]:
    """Only what one may read today: a team one has left keeps its conversations to itself (SR-61)."""
    mine = user.memberships.select_related("workspace").filter(deactivated_at=None)
    return list(mine.exclude(workspace__status=Workspace.Status.CLOSED).order_by("created_at"))


def _messages(user: User) -> Iterator[dict[str, Any]]:
    for membership in _open_doors(user):
        visible = membership.workspace.conversations.visible_to(membership)
        said = membership.messages.exclude(kind=Kind.EVENT)
        rows = said.filter(conversation__in=visible, deleted_at=None).order_by("pk")
        for row in rows.iterator(chunk_size=500):
            yield {
                "workspace": membership.workspace.slug,
                "conversation": row.conversation_id,
                "at": row.created_at,
                "kind": row.kind,
                "text": row.body,
            }


def _assigned(user: User) -> Iterator[dict[str, Any]]:
    for membership in _open_doors(user):
        visible = membership.workspace.conversations.visible_to(membership)
        for conversation in visible.filter(assignee=membership).order_by("number").iterator(chunk_size=500):
            yield {
                "workspace": membership.workspace.slug,
                "number": conversation.number,
                "status": conversation.status,
            }


def _canned(user: User) -> Iterator[dict[str, Any]]:
    for membership in _open_doors(user):
        for text in membership.canned_responses.order_by("shortcut").iterator(chunk_size=500):
            words = {"workspace": membership.workspace.slug, "shortcut": text.shortcut, "text": text.body}
            yield {**words, "quick_replies": text.quick_replies, "card": text.card}


def _files(user: User) -> Iterator[dict[str, Any]]:
    for membership in _open_doors(user):
        visible = membership.workspace.conversations.visible_to(membership)
        rows = membership.attachments.filter(conversation__in=visible).order_by("created_at")
        for row in rows.iterator(chunk_size=500):
            yield {
                "workspace": membership.workspace.slug,
                "conversation": row.conversation_id,
                "at": row.created_at,
                "name": row.name,
                "bytes": row.size,
            }


def _inboxes(user: User) -> Iterator[dict[str, Any]]:
    for membership in _open_doors(user):
        for row in membership.inbox_members.select_related("inbox").order_by("inbox__name"):
            yield {"workspace": membership.workspace.slug, "inbox": row.inbox.name}


def _drafts(user: User) -> Iterator[dict[str, Any]]:
    for membership in _open_doors(user):
        visible = membership.workspace.conversations.visible_to(membership)
        rows = membership.drafts.filter(conversation__in=visible).exclude(body="").order_by("pk")
        for row in rows.iterator(chunk_size=500):
            yield {
                "workspace": membership.workspace.slug,
                "conversation": row.conversation_id,
                "at": row.saved_at,
                "note": row.note,
                "text": row.body,
            }


def _views(user: User) -> Iterator[dict[str, Any]]:
    for membership in _open_doors(user):
        for view in membership.saved_views.order_by("name").iterator(chunk_size=500):
            yield {"workspace": membership.workspace.slug, "name": view.name, "shows": view.query}
