"""One contact: what is known, what was said, what may become of it."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from contacts import actions, panels
from contacts.forms import AttributeForm, ContactForm
from contacts.known import known_of
from contacts.models import Contact
from contacts.models.contact import LONGEST_KEY
from contacts.views.doors import contact_for
from contacts.views.pieces import notes_context
from minichat.lib.errors import Conflict
from minichat.lib.text import clean_line
from workspaces.decorators import MemberRequest, member
from workspaces.roles import Role

LEADS = 20


@member(Role.VIEWER)
@require_safe
def show(request: MemberRequest, pk: UUID) -> HttpResponse:
    return page(request, contact_for(request, pk))


@require_http_methods(["GET", "HEAD", "POST"])
@member(Role.OPERATOR)
def edit(request: MemberRequest, pk: UUID) -> HttpResponse:
    contact = contact_for(request, pk)
    form = ContactForm.about(contact, request.POST if request.method == "POST" else None)
    if form.is_valid():
        actions.change_contact(contact, by=request.membership, **form.cleaned_data)
        messages.success(request, _("Saved."))
        return redirect("contact", request.workspace.slug, contact.pk)
    context = {"contact": contact, "form": form}
    return render(request, "contacts/edit.html", context, status=422 if form.errors else 200)


@require_POST
@member(Role.OPERATOR)
def set_attribute(request: MemberRequest, pk: UUID) -> HttpResponse:
    contact, form = contact_for(request, pk), AttributeForm(request.POST, auto_id="attribute_%s")
    if form.is_valid():
        try:
            actions.set_attribute(contact, by=request.membership, **form.cleaned_data)
            return _back(request, contact)
        except Conflict as refusal:
            form.add_error(None, refusal.detail)
    return page(request, contact, attribute_form=form, status=422)


@require_POST
@member(Role.OPERATOR)
def delete_attribute(request: MemberRequest, pk: UUID) -> HttpResponse:
    contact = contact_for(request, pk)
    actions.delete_attribute(contact, by=request.membership, key=request.POST.get("key", ""))
    return _back(request, contact)


def page(request: MemberRequest, contact: Contact, *, status: int = 200, **forms: Any) -> HttpResponse:
    """The whole page; `forms` are those that came back with a mistake."""
    context = {
        **notes_context(request, contact, forms.get("note_form")),
        "panels": [panel(request, contact) for panel in panels.of_contacts],
        "leads": contact.leads.newest_first()[:LEADS],
        "known": known_of(contact),
        "attribute_form": forms.get("attribute_form") or _attribute_form(request, contact),
        "may_write": request.membership.can_reply() and not request.workspace.is_suspended,
    }
    return render(request, "contacts/contact.html", context, status=status)


def _attribute_form(request: MemberRequest, contact: Contact) -> AttributeForm:
    """Empty, or with one that is to be changed."""
    key = clean_line(request.GET.get("attribute", ""))[:LONGEST_KEY]
    known = {"key": key, "value": contact.attributes[key]} if key in contact.attributes else None
    return AttributeForm(initial=known, auto_id="attribute_%s")


def _back(request: MemberRequest, contact: Contact) -> HttpResponse:
    return redirect(reverse("contact", args=[request.workspace.slug, contact.pk]) + "#attributes")
