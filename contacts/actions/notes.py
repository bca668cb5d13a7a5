from __future__ import annotations

import uuid

from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from contacts import events
from contacts.models import Contact, Note
from minichat.lib.errors import Conflict, Forbidden, NotFound
from minichat.lib.transactions import action
from workspaces.events import emit
from workspaces.models import Membership


@action
def add_note(contact: Contact, *, by: Membership, body: str, client_id: uuid.UUID | None = None) -> Note:
    """Sent twice under the same `client_id` it is written once; with another text that is a `Conflict`."""
    note, is_new = by.workspace.notes.get_or_create(
        client_id=client_id or uuid.uuid4(),
        defaults={"contact": contact, "author": by, "author_name": by.name[:80], "body": body},
    )
    if (note.contact_id, note.author_id, note.body) != (contact.pk, by.pk, body) and not is_new:
        raise Conflict
    if is_new:
        emit(events.NOTE_ADDED, note, actor=by)
    return note


@action
def change_note(note: Note, *, by: Membership, body: str) -> Note:
    """Other words; only the author finds them."""
    note = _locked(note, by)
    if note.author_id != by.pk:
        raise Forbidden(_("Only its author changes a note."))
    if note.body != body:
        note.body, note.edited_at = body, timezone.now()
        note.save(update_fields=["body", "edited_at"])
        emit(events.NOTE_CHANGED, note, actor=by)
    return note


@action
def delete_note(note: Note, *, by: Membership) -> None:
    """By its author, or by somebody who manages the workspace."""
    note = _locked(note, by)
    if note.author_id != by.pk and not by.can_manage():
        raise Forbidden(_("Only its author and admins delete a note."))
    emit(events.NOTE_DELETED, note, actor=by)
    note.delete()


def _locked(note: Note, by: Membership) -> Note:
    found = by.workspace.notes.select_for_update(of=("self",)).select_related("contact").filter(pk=note.pk).first()
    if found is None:
        raise NotFound
    return found
