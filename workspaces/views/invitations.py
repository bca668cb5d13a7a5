"""Inviting people, and what became of it."""

from __future__ import annotations

from collections.abc import Callable
from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods, require_POST

from minichat.lib import keyset
from minichat.lib.errors import Conflict, PlanLimit, RateLimited
from workspaces import actions, seats
from workspaces.decorators import MemberRequest, member
from workspaces.forms_team import WHAT_ROLES_DO, InviteForm
from workspaces.models import Invitation
from workspaces.roles import Role

PAGE = 50


@member(Role.ADMIN)
@require_http_methods(["GET", "HEAD", "POST"])
def invitations(request: MemberRequest) -> HttpResponse:
    if request.method != "POST":
        return _page(request, InviteForm(initial={"role": Role.OPERATOR}, by=request.membership))
    form = InviteForm(request.POST, by=request.membership)
    if not form.is_valid():
        return _page(request, form, status=422)
    addresses, role = form.cleaned_data["emails"], form.cleaned_data["role"]
    try:
        sent = actions.invite(request.workspace, addresses=addresses, role=role, by=request.membership)
    except (PlanLimit, RateLimited) as refusal:
        form.add_error("emails", f"{refusal.detail} {refusal.fields.get('offer', '')}".strip())
        return _page(request, form, status=refusal.status)
    messages.success(
        request,
        ngettext("The invitation is on its way.", "%(n)s invitations are on their way.", len(sent)) % {"n": len(sent)},
    )
    return redirect("invitations", request.workspace.slug)


@member(Role.ADMIN)
@require_POST
def resend(request: MemberRequest, pk: UUID) -> HttpResponse:
    return _change(
        request, pk, actions.resend, _("A new link is on its way to %(email)s; the old one works no longer.")
    )


@member(Role.ADMIN)
@require_POST
def revoke(request: MemberRequest, pk: UUID) -> HttpResponse:
    return _change(request, pk, actions.revoke, _("The invitation of %(email)s is withdrawn."))


def _change(request: MemberRequest, pk: UUID, verb: Callable[..., Invitation], said: str) -> HttpResponse:
    rows = request.workspace.invitations.select_related("workspace")
    invitation = get_object_or_404(rows, pk=pk)
    try:
        verb(invitation, by=request.membership)
    except (Conflict, PlanLimit, RateLimited) as refusal:
        form = InviteForm(initial={"role": Role.OPERATOR}, by=request.membership)
        return _page(request, form, status=refusal.status, problem=f"{invitation.email}: {refusal.detail}")
    messages.success(request, said % {"email": invitation.email})
    return redirect("invitations", request.workspace.slug)


def _page(request: MemberRequest, form: InviteForm, *, status: int = 200, problem: str = "") -> HttpResponse:
    rows = request.workspace.invitations.select_related("invited_by__user")
    after = request.GET.get("after", "")
    page = keyset.page(rows, ["-sent_at", "-pk"], after=after, size=PAGE)
    context = {
        "form": form,
        "roles": [(role, WHAT_ROLES_DO[role]) for role in form.roles],
        "page": page,
        "is_first": not after,
        "seats": seats.of(request.workspace),
        "problem": problem,
    }
    return render(request, "workspaces/invitations.html", context, status=status)
