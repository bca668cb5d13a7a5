"""What several pages and the inbox show."""

from __future__ import annotations

from typing import Any

from contacts.forms import NoteForm
from contacts.models import Contact, Note
from workspaces.decorators import MemberRequest

NOTES = 50


def notes_context(request: MemberRequest, contact: Contact, form: NoteForm | None = None) -> dict[str, Any]:
    may_write = request.membership.can_reply() and not request.workspace.is_suspended
    notes = contact.notes.newest_first()[:NOTES]
    return {
        "contact": contact,
        "notes": [_line(request, note, may_write) for note in notes],
        "note_form": form or NoteForm(auto_id="note_%s"),
        "may_write": may_write,
    }


def _line(request: MemberRequest, note: Note, may_write: bool) -> dict[str, Any]:
    is_mine = note.author_id == request.membership.pk
    return {
        "note": note,
        "author": {"name": note.author_name, "avatar": note.author and note.author.avatar},
        "may_edit": may_write and is_mine,
        "may_delete": may_write and (is_mine or request.membership.can_manage()),
    }
