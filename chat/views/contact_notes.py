"""The notes about a contact, from the details of one of their conversations. Each answers with all of them."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_POST

from chat import frames
from chat.bodies import sent
from chat.models import Conversation
from chat.views.doors import conversation_for
from contacts.actions import add_note, delete_note
from contacts.models.note import LONGEST_NOTE, Note
from minichat.lib.ids import uuid7
from workspaces.decorators import MemberRequest, member
from workspaces.roles import Role

SHOWN = 20
FIELDS = {
    "client_id": lambda value: frames.uuid(value) if value else uuid7(),
    "body": frames.body(LONGEST_NOTE),
}


@require_POST
@member(Role.OPERATOR)
def add(request: MemberRequest, pk: UUID) -> HttpResponse:
    conversation = conversation_for(request, pk)
    add_note(conversation.contact, by=request.membership, **frames.read(sent(request), FIELDS))
    return _answer(request, conversation)


@require_POST
@member(Role.OPERATOR)
def delete(request: MemberRequest, pk: UUID, note: UUID) -> HttpResponse:
    conversation = conversation_for(request, pk)
    delete_note(get_object_or_404(conversation.contact.notes, pk=note), by=request.membership)
    return _answer(request, conversation)


def notes_of(request: MemberRequest, conversation: Conversation) -> list[dict[str, Any]]:
    """The newest ones, with who may take them away."""
    rows = conversation.contact.notes.newest_first()[:SHOWN]
    return [{"note": row, "mine": _may_delete(request, row)} for row in rows]


def _may_delete(request: MemberRequest, note: Note) -> bool:
    return note.author_id == request.membership.pk or request.membership.can_manage()


def _answer(request: MemberRequest, conversation: Conversation) -> HttpResponse:
    if not request.headers.get("HX-Request"):
        return redirect("thread-details", request.workspace.slug, conversation.pk)
    context = {
        "conversation": {"id": str(conversation.pk)},
        "notes": notes_of(request, conversation),
        "can_reply": True,
        "note_limit": LONGEST_NOTE,
    }
    return render(request, "chat/_contact_notes.html", context)
