from __future__ import annotations

from collections.abc import Sequence
from typing import Any
from uuid import UUID

from django.conf import settings
from django.http import HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_GET

from chat import actions, filters, labels, paging, partials, snapshots
from chat.counts import counts_for
from chat.models import Conversation, Handler, Inbox, Priority
from chat.views import search
from chat.views.chips import chips, cleared
from chat.views.doors import conversation_for
from chat.views.thread import thread_context
from workspaces import setup
from workspaces.decorators import MemberRequest, member
from workspaces.roles import Role


@require_GET
@member(Role.VIEWER)
def index(request: MemberRequest) -> HttpResponse:
    if request.headers.get("HX-Request"):
        return render(request, "chat/_list.html", list_context(request))
    return render(request, "chat/inbox.html", inbox_context(request))


@require_GET
@member(Role.VIEWER)
def thread(request: MemberRequest, pk: UUID, view: str = "thread") -> HttpResponse:
    shown = thread_context(request, conversation_for(request, pk))
    if request.headers.get("HX-Request"):
        return render(request, "chat/_panes.html", {**shown, **member_context(request)})
    return render(request, "chat/inbox.html", {**inbox_context(request), **shown, "view": view})


def inbox_context(request: MemberRequest) -> dict[str, Any]:
    numbers = counts_for(request.membership)
    shown = list_context(request)
    inboxes = list(request.workspace.inboxes.open().visible_to(request.membership).oldest_first())
    return {
        **shown,
        "choices": choices(request, shown["known_labels"], inboxes),
        "has_ai": shown["tab"] == "ai" or numbers["ai"] > 0 or any(row.answered_by == Handler.AI for row in inboxes),
        **search.context_for(request),
        **member_context(request),
        "checklist": setup.checklist(request.workspace) if request.membership.can_manage() else None,
        "counts": numbers,
        "nav_counts": numbers,
    }


def member_context(request: MemberRequest) -> dict[str, Any]:
    membership = request.membership
    return {
        "member": snapshots.person(membership.pk, membership.name, membership.avatar),
        "can_reply": membership.can_reply() and not membership.workspace.is_suspended,
        "can_delete": membership.may(Role.ADMIN) and not membership.workspace.is_suspended,
    }


def view_of(request: MemberRequest, wanted: filters.Wanted) -> dict[str, Any]:
    """The saved view that this list is, if it is one."""
    rows = request.workspace.saved_views.usable_by(request.membership)
    row = rows.filter(query=wanted.query).first() if wanted.query else None
    may = row is not None and request.membership.can_reply() and actions.may_change_view(row, request.membership)
    return {"view": row, "may_change_view": may, "can_reply": member_context(request)["can_reply"]}


# Of colleagues in the filter; a conversation is given away by searching among all of them.
MOST_OFFERED = 100


def list_context(request: MemberRequest) -> dict[str, Any]:
    wanted = filters.read(request.GET)
    rows, cursor = paging.page(request.membership, wanted, request.GET.get("before", ""))
    known = labels.of(request.workspace)
    return {
        "tab": wanted.tab,
        "wanted": wanted,
        "known_labels": known,
        "chips": chips(request, wanted, known),
        "cleared": cleared(wanted),
        **view_of(request, wanted),
        "conversations": [row_of(request, row, known) for row in rows],
        "next_cursor": cursor,
    }


def choices(request: MemberRequest, known: labels.Known, inboxes: Sequence[Inbox]) -> dict[str, Any]:
    """What the menus of the inbox choose from; the browser keeps it and hears of changes."""
    answering = request.workspace.memberships.filter(deactivated_at=None).exclude(role=Role.VIEWER)
    answering = answering.select_related("user").order_by("user__name", "pk")
    return {
        "labels": [labels.picture(row) for row in known.values()],
        "members": [{"id": str(row.pk), "name": row.name} for row in answering[:MOST_OFFERED]],
        "inboxes": [{"id": str(row.pk), "name": row.name} for row in inboxes],
        "languages": [{"id": code, "name": str(name)} for code, name in settings.VISITOR_LANGUAGES],
        "priorities": [{"id": row.name.lower(), "name": str(row.label)} for row in reversed(Priority)],
    }


def row_of(request: MemberRequest, row: Conversation, known: labels.Known) -> dict[str, Any]:
    picture = snapshots.conversation_row(row, known)
    picture = partials.linked(partials.readable(picture), request.workspace.slug)
    return {**picture, "read": row.read_count, "draft": row.has_draft}  # type: ignore[attr-defined]
