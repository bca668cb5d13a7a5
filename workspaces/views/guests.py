"""What an invited person meets: the link, who invites to what, and what stands in the way."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST, require_safe

from accounts.models import User
from accounts.pages import to_login, token_page
from minichat.lib import throttle
from minichat.lib.errors import PlanLimit
from workspaces import actions, guests
from workspaces.actions.invitations import Refused, Standing, standing_of
from workspaces.models import Invitation

LINKS_PER_QUARTER = 60
STATUS = {
    Standing.USED: 410,
    Standing.REVOKED: 410,
    Standing.EXPIRED: 410,
    Standing.CLOSED: 410,
    Standing.ORPHANED: 410,
}


@token_page
@require_safe
def open_link(request: HttpRequest, token: str) -> HttpResponse:
    """The token leaves the address at once; nothing is decided here, so a mail scanner that looks does no harm."""
    throttle.hit("invitation-link", throttle.client_ip(request), LINKS_PER_QUARTER, 15 * 60)
    if guests.welcome(request, token) is None:
        guests.leave(request)
        return _page(request, None)
    return redirect("invitation")


@never_cache
@require_safe
def show(request: HttpRequest) -> HttpResponse:
    return _page(request, guests.invitation_of(request))


@never_cache
@require_POST
def accept(request: HttpRequest) -> HttpResponse:
    if not request.user.is_authenticated:
        return to_login(request)
    invitation = guests.invitation_of(request)
    if invitation is None:
        return _page(request, None)
    try:
        membership = actions.accept(invitation, user=request.user)
    except (Refused, PlanLimit):
        return _page(request, guests.invitation_of(request), status=409)
    guests.leave(request)
    messages.success(request, _("Welcome to %(workspace)s.") % {"workspace": membership.workspace})
    return redirect("dashboard", membership.workspace.slug)


@never_cache
@require_POST
def sign_out(request: HttpRequest) -> HttpResponse:
    guests.sign_out(request)
    return redirect("invitation")


def _page(request: HttpRequest, invitation: Invitation | None, status: int = 0) -> HttpResponse:
    if invitation is None:
        return render(request, "workspaces/invitation.html", {"standing": "unknown"}, status=404)
    user = request.user if isinstance(request.user, User) else None
    standing = standing_of(invitation, user)
    if standing == Standing.ALREADY_IN:
        guests.leave(request)
        return redirect("dashboard", invitation.workspace.slug)
    context = {"standing": standing.value, "invitation": invitation, "inviter": invitation.invited_by.name}
    return render(request, "workspaces/invitation.html", context, status=status or STATUS.get(standing, 200))
