"""The tab "Hours": when the team is there, and what happens by itself while nobody is."""

from __future__ import annotations

from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from chat import actions, presence
from chat.forms_hours import HoursForm, WaitsForm, initial, wanted
from chat.models import Inbox
from chat.views.doors import inbox_for
from chat.views.inbox_tabs import tab_page
from workspaces.decorators import MemberRequest, member
from workspaces.roles import Role

WAITS = ("alert_seconds", "idle_minutes")


@member(Role.ADMIN)
@require_http_methods(["GET", "HEAD", "POST"])
def hours(request: MemberRequest, inbox: UUID) -> HttpResponse:
    row = inbox_for(request, inbox)
    form = HoursForm(request.POST or None, initial=initial(row))
    if not form.is_valid():
        return _page(request, row, hours=form)
    actions.change_inbox(row, by=request.membership, **wanted(form))
    return _saved(request, row)


@member(Role.ADMIN)
@require_POST
def waits(request: MemberRequest, inbox: UUID) -> HttpResponse:
    row = inbox_for(request, inbox)
    form = WaitsForm(request.POST)
    if not form.is_valid():
        return _page(request, row, waits=form)
    actions.change_inbox(row, by=request.membership, **form.cleaned_data)
    return _saved(request, row)


def _saved(request: MemberRequest, inbox: Inbox) -> HttpResponse:
    messages.success(request, _("Saved."))
    return redirect("inbox-hours", request.workspace.slug, inbox.pk)


def _page(
    request: MemberRequest, inbox: Inbox, hours: HoursForm | None = None, waits: WaitsForm | None = None
) -> HttpResponse:
    context = {
        "hours": hours or HoursForm(initial=initial(inbox)),
        "waits": waits or WaitsForm(initial={name: getattr(inbox, name) for name in WAITS}),
        "is_open": inbox.hours.is_open(timezone.now(), inbox.workspace.timezone),
        "opens_at": presence.opens_at(inbox),
    }
    is_refused = any(form is not None and form.errors for form in (hours, waits))
    return tab_page(request, inbox, "chat/inboxes/hours.html", context, status=422 if is_refused else 200)
