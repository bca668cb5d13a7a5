"""From a path's id to a row, or 404: what this member may see and nothing else."""

from __future__ import annotations

from uuid import UUID

from django.shortcuts import get_object_or_404

from chat.models import Conversation, Inbox, Message
from minichat.lib.errors import NotFound
from workspaces.decorators import MemberRequest
from workspaces.models import Workspace


def conversation_for(request: MemberRequest, pk: UUID) -> Conversation:
    """The conversation with all that a thread shows of it."""
    mine = request.workspace.conversations.visible_to(request.membership)
    return get_object_or_404(mine.select_related("contact", "visitor", "inbox__workspace"), pk=pk)


def inbox_for(request: MemberRequest, pk: UUID) -> Inbox:
    """An inbox of this workspace, open or closed."""
    return get_object_or_404(request.workspace.inboxes.select_related("workspace"), pk=pk)


def first_inbox(workspace: Workspace) -> Inbox:
    """The workspace's oldest open inbox."""
    inbox = workspace.inboxes.open().oldest_first().first()
    if inbox is None:
        raise NotFound
    return inbox


def message_for(request: MemberRequest, pk: UUID, message: UUID) -> Message:
    """A text of a conversation that this member may see."""
    return get_object_or_404(conversation_for(request, pk).messages.all(), pk=message)
