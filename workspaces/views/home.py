"""Ways into a workspace."""

from __future__ import annotations

from django.contrib.auth.views import redirect_to_login
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from accounts.models import User
from workspaces import access, actions, limits, setup
from workspaces.decorators import MemberRequest, member
from workspaces.roles import Role


@never_cache
@require_safe
def home_workspace(request: HttpRequest) -> HttpResponse:
    """`/w/`: the workspace used last, or a page for somebody who has none."""
    if not request.user.is_authenticated:
        return redirect_to_login(request.get_full_path())
    memberships = access.memberships_of(request.user)
    if not memberships:
        return _nowhere(request, request.user)
    return redirect("dashboard", memberships[0].workspace.slug)


def _nowhere(request: HttpRequest, user: User) -> HttpResponse:
    context = {"closed": access.closed_memberships_of(user), "may_create": limits.may_create_workspaces(user)}
    return render(request, "workspaces/none.html", context)


@member(Role.VIEWER)
@require_safe
def dashboard(request: MemberRequest) -> HttpResponse:
    """`/w/<slug>/`: the front door, so `/w/` leads back here next time. A new owner is shown the way first."""
    actions.mark_used(request.membership)
    return redirect("setup" if setup.awaits(request.membership) else "inbox", request.workspace.slug)


@member(Role.ADMIN)
@require_safe
def settings(request: MemberRequest) -> HttpResponse:
    return redirect("general", request.workspace.slug)
