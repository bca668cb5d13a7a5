"""Notes about a contact: a fragment that the contact's page and the inbox both show."""

from __future__ import annotations

from uuid import UUID

from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_POST

from contacts import actions
from contacts.forms import NoteForm
from contacts.models import Contact
from contacts.views import contact
from contacts.views.doors import contact_for, note_for
from contacts.views.pieces import notes_context
from minichat.lib.errors import Forbidden
from workspaces.decorators import MemberRequest, member
from workspaces.roles import Role


@require_http_methods(["GET", "HEAD"])
@member(Role.VIEWER)
def index(request: MemberRequest, pk: UUID) -> HttpResponse:
    return _fragment(request, contact_for(request, pk))


@require_POST
@member(Role.OPERATOR)
def create(request: MemberRequest, pk: UUID) -> HttpResponse:
    row, form = contact_for(request, pk), NoteForm(request.POST, auto_id="note_%s")
    if form.is_valid():
        actions.add_note(row, by=request.membership, **form.cleaned_data)
        return _changed(request, row)
    if request.headers.get("HX-Request"):
        return _fragment(request, row, form=form, status=422)
    return contact.page(request, row, note_form=form, status=422)


@require_http_methods(["GET", "HEAD", "POST"])
@member(Role.OPERATOR)
def edit(request: MemberRequest, pk: UUID, note: UUID) -> HttpResponse:
    row = note_for(request, pk, note)
    if row.author_id != request.membership.pk:
        raise Forbidden
    form = NoteForm(request.POST if request.method == "POST" else None, initial={"body": row.body})
    if form.is_valid():
        actions.change_note(row, by=request.membership, body=form.cleaned_data["body"])
        return _changed(request, row.contact)
    context = {"contact": row.contact, "note": row, "form": form}
    return render(request, "contacts/note.html", context, status=422 if form.errors else 200)


@require_POST
@member(Role.OPERATOR)
def delete(request: MemberRequest, pk: UUID, note: UUID) -> HttpResponse:
    row = note_for(request, pk, note)
    actions.delete_note(row, by=request.membership)
    return _changed(request, row.contact)


def _fragment(request: MemberRequest, row: Contact, *, form: NoteForm | None = None, status: int = 200) -> HttpResponse:
    return render(request, "contacts/_notes.html", notes_context(request, row, form), status=status)


def _changed(request: MemberRequest, row: Contact) -> HttpResponse:
    if request.headers.get("HX-Request"):
        return _fragment(request, row)
    return redirect(reverse("contact", args=[request.workspace.slug, row.pk]) + "#notes")
