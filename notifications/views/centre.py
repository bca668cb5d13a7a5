"""The bell's drop-down and the full list."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.http import HttpResponse, JsonResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_POST, require_safe

from minichat.lib.errors import NotFound
from notifications import actions, centre
from notifications.pictures import entry, picture
from workspaces.decorators import MemberRequest, member
from workspaces.roles import Role


@member(Role.VIEWER)
@require_safe
def index(request: MemberRequest) -> HttpResponse:
    unread = request.GET.get("show") == "unread"
    rows, cursor = centre.page(request.membership, unread=unread, cursor=request.GET.get("before", ""))
    context = {
        "entries": _entries(request, rows),
        "next_cursor": cursor,
        "only_unread": unread,
        "is_first_page": "before" not in request.GET,
    }
    return render(request, "notifications/index.html", context)


@member(Role.VIEWER)
@require_safe
def latest(request: MemberRequest) -> HttpResponse:
    """What the bell drops down."""
    return render(
        request, "notifications/_latest.html", {"entries": _entries(request, centre.latest(request.membership))}
    )


@member(Role.VIEWER)
@require_safe
def count(request: MemberRequest) -> HttpResponse:
    """For a tab whose socket is down."""
    return JsonResponse({"unread": centre.unread_count(request.membership)})


@member(Role.VIEWER, while_suspended=True)
@require_POST
def read(request: MemberRequest, pk: UUID) -> HttpResponse:
    """Twice is once; somebody else's is nobody's (SR-04)."""
    if not request.membership.notifications.filter(pk=pk).exists():
        raise NotFound
    actions.mark_read(request.membership, [pk])
    return _done(request)


@member(Role.VIEWER, while_suspended=True)
@require_POST
def read_all(request: MemberRequest) -> HttpResponse:
    actions.mark_all_read(request.membership)
    return _done(request)


def _entries(request: MemberRequest, rows: list[Any]) -> list[dict[str, Any]]:
    return [entry(picture(row, slug=request.workspace.slug)) for row in rows]


def _done(request: MemberRequest) -> HttpResponse:
    """Scripts draw the rest themselves; a plain form comes back to the list."""
    if request.headers.get("HX-Request"):
        return HttpResponse(status=204)
    return redirect("notifications", request.workspace.slug)
