"""The workspace's inboxes: the list, and what is general about one."""

from __future__ import annotations

from collections import Counter
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.db.models import Count
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from chat import actions, audience
from chat.forms_inbox import GeneralForm, InboxForm, InboxMembersForm, audience_of
from chat.models import Inbox
from chat.views.doors import first_inbox, inbox_for
from chat.views.inbox_tabs import tab_page
from minichat.lib.errors import NotFound
from workspaces.decorators import MemberRequest, member
from workspaces.limits import plan_with_more
from workspaces.models import Workspace
from workspaces.roles import Role


@member(Role.ADMIN)
@require_http_methods(["GET", "HEAD", "POST"])
def index(request: MemberRequest) -> HttpResponse:
    form = InboxForm(request.POST or None)
    if form.is_valid():
        inbox = actions.create_inbox(request.workspace, by=request.membership, **form.cleaned_data)
        messages.success(request, _("The inbox is there. Put its widget on a website now."))
        return redirect("inbox-install", request.workspace.slug, inbox.pk)
    context = {"form": form, **_inboxes(request.workspace)}
    return render(request, "chat/inboxes/list.html", context, status=422 if form.errors else 200)


@member(Role.ADMIN)
@require_safe
def show(request: MemberRequest, inbox: UUID) -> HttpResponse:
    return redirect("inbox-general", request.workspace.slug, inbox_for(request, inbox).pk)


@member(Role.ADMIN)
@require_http_methods(["GET", "HEAD", "POST"])
def general(request: MemberRequest, inbox: UUID) -> HttpResponse:
    row = inbox_for(request, inbox)
    form = GeneralForm(request.POST or None, initial={"name": row.name, "answered_by": row.answered_by})
    if form.is_valid():
        actions.change_inbox(row, by=request.membership, **form.cleaned_data)
        messages.success(request, _("Saved."))
        return redirect("inbox-general", request.workspace.slug, row.pk)
    context = {
        "form": form,
        "waiting": row.conversations.open().count(),
        "is_only_one": row.closed_at is None and request.workspace.inboxes.open().count() == 1,
    }
    return tab_page(request, row, "chat/inboxes/general.html", context, status=422 if form.errors else 200)


@member(Role.ADMIN)
@require_http_methods(["GET", "HEAD", "POST"])
def members(request: MemberRequest, inbox: UUID) -> HttpResponse:
    row = inbox_for(request, inbox)
    form = InboxMembersForm(request.POST or None, initial=audience_of(row), workspace=request.workspace)
    if form.is_valid():
        chosen = form.cleaned_data["members"]
        actions.set_inbox_members(row, is_private=form.is_private, members=chosen, by=request.membership)
        messages.success(request, _("Saved."))
        return redirect("inbox-members", request.workspace.slug, row.pk)
    always = request.workspace.memberships.active().filter(role__in=audience.ALWAYS).select_related("user")
    context = {"form": form, "always": always.order_by("user__name", "pk")}
    return tab_page(request, row, "chat/inboxes/members.html", context, status=422 if form.errors else 200)


@member(Role.ADMIN)
@require_POST
def close(request: MemberRequest, inbox: UUID) -> HttpResponse:
    row = actions.close_inbox(inbox_for(request, inbox), by=request.membership)
    messages.success(request, _("“%(name)s” is closed.") % {"name": row.name})
    return redirect("inboxes", request.workspace.slug)


@member(Role.ADMIN)
@require_POST
def reopen(request: MemberRequest, inbox: UUID) -> HttpResponse:
    row = actions.reopen_inbox(inbox_for(request, inbox), by=request.membership)
    messages.success(request, _("“%(name)s” is open again. Its widget is back.") % {"name": row.name})
    return redirect("inbox-general", request.workspace.slug, row.pk)


@member(Role.ADMIN)
@require_safe
def first(request: MemberRequest, tab: str) -> HttpResponse:
    """Addresses from when there was one widget; menus and shortcuts use them too."""
    try:
        inbox = first_inbox(request.workspace)
    except NotFound:
        return redirect("inboxes", request.workspace.slug)
    return redirect(tab, request.workspace.slug, inbox.pk)


def _inboxes(workspace: Workspace) -> dict[str, Any]:
    rows = list(workspace.inboxes.oldest_first().annotate(chosen=Count("inbox_members")))
    open_now = [row for row in rows if row.closed_at is None]
    counted = workspace.conversations.open().order_by().values_list("inbox").annotate(n=Count("pk"))
    waiting = Counter(dict(counted.values_list("inbox", "n")))
    limit = workspace.entitlements.inboxes
    is_full = limit is not None and len(open_now) >= limit
    return {
        "inboxes": [_line(row, waiting) for row in open_now],
        "closed": [_line(row, waiting) for row in rows if row.closed_at is not None],
        "limit": limit,
        "is_full": is_full,
        "next_plan": plan_with_more("inboxes", len(open_now)) if is_full else None,
    }


def _line(row: Inbox, waiting: Counter[Any]) -> dict[str, Any]:
    return {"row": row, "open": waiting[row.pk]}
