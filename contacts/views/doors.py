"""From a path's id to a row, or 404: what this member may see and nothing else."""

from __future__ import annotations

from uuid import UUID

from django.shortcuts import get_object_or_404

from contacts.models import Contact, Note
from workspaces.decorators import MemberRequest


def contact_for(request: MemberRequest, pk: UUID) -> Contact:
    return get_object_or_404(request.workspace.contacts.visible_to(request.membership), pk=pk)


def note_for(request: MemberRequest, pk: UUID, note: UUID) -> Note:
    return get_object_or_404(contact_for(request, pk).notes.select_related("contact"), pk=note)
