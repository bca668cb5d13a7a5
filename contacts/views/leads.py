"""Leads: a plain list by status, and one of them with what was said."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.http import urlencode
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from contacts import actions, panels
from contacts.forms_leads import AssigneeForm, StatusForm
from contacts.models import Lead, LeadStatus
from minichat.lib import keyset
from minichat.lib.errors import Invalid
from notifications.actions import read_about
from workspaces.decorators import MemberRequest, member
from workspaces.roles import Role

PAGE = 50
ORDER = ["-created_at", "-id"]


@member(Role.VIEWER)
@require_safe
def index(request: MemberRequest) -> HttpResponse:
    rows = request.workspace.leads.visible_to(request.membership).select_related("contact")
    status = request.GET.get("status", "")
    status = status if status in LeadStatus.values else ""
    after = request.GET.get("after", "")
    found = keyset.page(rows.filter(status=status) if status else rows, ORDER, after=after, size=PAGE)
    kept = {"status": status} if status else {}
    context: dict[str, Any] = {
        "leads": found.rows,
        "status": status,
        "statuses": LeadStatus.choices,
        "next": found.next and urlencode({**kept, "after": found.next}),
        "is_first": not after,
    }
    return render(request, "contacts/leads.html", context)


@member(Role.VIEWER)
@require_safe
def show(request: MemberRequest, pk: UUID) -> HttpResponse:
    lead = _lead(request, pk)
    read_about(request.membership, str(lead.pk))
    may_write = request.membership.can_reply() and not request.workspace.is_suspended
    context = {
        "lead": lead,
        "contact": lead.contact,
        "answers": list(lead.answers.all()),
        "statuses": LeadStatus.choices,
        "form": AssigneeForm(workspace=request.workspace, contact=lead.contact, initial={"assignee": lead.assignee_id}),
        "panels": [panel(request, lead) for panel in panels.of_leads],
        "may_write": may_write,
    }
    return render(request, "contacts/lead.html", context)


@require_POST
@member(Role.OPERATOR)
def move(request: MemberRequest, pk: UUID) -> HttpResponse:
    lead, form = _lead(request, pk), StatusForm(request.POST)
    if not form.is_valid():
        raise Invalid(_("That is no status of a lead."))
    moved = actions.move_lead(lead, status=form.cleaned_data["status"], by=request.membership)
    messages.success(request, _("Status: %(status)s") % {"status": moved.get_status_display()})
    return redirect("lead", request.workspace.slug, lead.pk)


@require_POST
@member(Role.OPERATOR)
def assign(request: MemberRequest, pk: UUID) -> HttpResponse:
    lead = _lead(request, pk)
    form = AssigneeForm(request.POST, workspace=request.workspace, contact=lead.contact)
    if not form.is_valid():
        raise Invalid(str(form.errors["assignee"][0]))
    actions.assign_lead(lead, assignee=form.cleaned_data["assignee"], by=request.membership)
    messages.success(request, _("Saved."))
    return redirect("lead", request.workspace.slug, lead.pk)


def _lead(request: MemberRequest, pk: UUID) -> Lead:
    rows = request.workspace.leads.visible_to(request.membership).select_related("contact", "assignee__user")
    return get_object_or_404(rows.prefetch_related("answers"), pk=pk)
