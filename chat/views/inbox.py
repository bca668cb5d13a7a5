from __future__ import annotations

from typing import Any
from uuid import UUID

from django.http import HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_GET

from chat import partials, snapshots
from chat.counts import counts_for
from chat.models import Conversation
from chat.models.conversation import ConversationQuerySet
from chat.paging import page
from chat.views.doors import conversation_for
from chat.views.thread import thread_context
from workspaces import setup
from workspaces.decorators import MemberRequest, member
from workspaces.models import Membership
from workspaces.roles import Role

TABS = ("open", "waiting", "mine", "unassigned", "closed")


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
    return {
        **list_context(request),
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


def list_context(request: MemberRequest) -> dict[str, Any]:
    tab = request.GET.get("tab", "open")
    tab = tab if tab in TABS else "open"
    rows, cursor = page(in_tab(request.membership, tab), tab=tab, cursor=request.GET.get("before", ""))
    return {"tab": tab, "conversations": [row_of(request, row) for row in rows], "next_cursor": cursor}


def in_tab(membership: Membership, tab: str) -> ConversationQuerySet:
    mine = membership.workspace.conversations.visible_to(membership).with_read_count(membership)
    mine = mine.select_related("contact", "inbox", "visitor")
    words = {
        "open": mine.open,
        "waiting": mine.waiting,
        "mine": lambda: mine.mine(membership),
        "unassigned": mine.unassigned,
        "closed": mine.closed,
    }
    return words[tab]()


def row_of(request: MemberRequest, row: Conversation) -> dict[str, Any]:
    picture = partials.linked(partials.readable(snapshots.conversation_row(row)), request.workspace.slug)
    return {**picture, "read": row.read_count}  # type: ignore[attr-defined]
