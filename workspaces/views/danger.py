"""Closing a workspace, and the one page that a closed one still has."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import translation
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST, require_safe

from accounts.pages import to_login
from minichat.lib.moments import told_in
from workspaces import access, actions, lifecycle
from workspaces.decorators import MemberRequest, member, use_language
from workspaces.forms_guarded import CloseForm
from workspaces.roles import Role


@member(Role.OWNER)
@require_safe
def danger(request: MemberRequest) -> HttpResponse:
    return _page(request, CloseForm(membership=request.membership))


@member(Role.OWNER, while_suspended=True)
@require_POST
def close_workspace(request: MemberRequest) -> HttpResponse:
    form = CloseForm(request.POST, membership=request.membership)
    if not form.is_valid():
        return _page(request, form, status=422)
    actions.close(request.workspace, by=request.membership)
    return redirect("closed-workspace", request.workspace.slug)


@never_cache
@require_safe
def closed_workspace(request: HttpRequest, slug: str) -> HttpResponse:
    """How long an owner may change their mind."""
    if not request.user.is_authenticated:
        return to_login(request)
    membership = access.closed_membership_for(request.user, slug=slug)
    workspace = membership.workspace
    language = use_language(membership, translation.get_language())
    with told_in(workspace.timezone, workspace.era), translation.override(language):
        context = {"closed": workspace, "ends_at": lifecycle.ends_at(workspace)}
        return render(request, "workspaces/closed.html", context)


@never_cache
@require_POST
def restore_workspace(request: HttpRequest, slug: str) -> HttpResponse:
    if not request.user.is_authenticated:
        return to_login(request)
    membership = access.closed_membership_for(request.user, slug=slug)
    actions.restore(membership.workspace, by=membership)
    messages.success(request, _("The workspace is back. Your chat answers again."))
    return redirect("dashboard", slug)


def _page(request: MemberRequest, form: CloseForm, status: int = 200) -> HttpResponse:
    context = {"form": form, "days": lifecycle.GRACE.days}
    return render(request, "workspaces/danger.html", context, status=status)
