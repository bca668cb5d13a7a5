"""Whoever came with a token: their session keeps its hash while they sign in or up (SR-19)."""

from __future__ import annotations

from django.contrib.auth import logout
from django.http import HttpRequest

from accounts import vouched
from accounts.models import User
from minichat.lib.errors import PlanLimit
from workspaces import access, actions
from workspaces.actions.invitations import Refused, hashed
from workspaces.models import Invitation

KEY = "invitation"


def welcome(request: HttpRequest, token: str) -> Invitation | None:
    """Remember the invitation of this token; None: there is none."""
    invitation = access.invitation_for(hashed(token))
    if invitation is not None:
        _remember(request, invitation)
    return invitation


def invitation_of(request: HttpRequest) -> Invitation | None:
    return access.invitation_for(request.session.get(KEY, "")) if KEY in request.session else None


def sign_out(request: HttpRequest) -> None:
    """Signed out, and still a guest."""
    invitation = invitation_of(request)
    logout(request)
    if invitation is not None:
        _remember(request, invitation)


def leave(request: HttpRequest) -> None:
    request.session.pop(KEY, None)


def join_if_invited(request: HttpRequest | None, user: User) -> bool:
    """At the end of a sign-up that began with an invitation. Somebody else's, or one that is void, is no help."""
    invitation = invitation_of(request) if request is not None and hasattr(request, "session") else None
    if invitation is None:
        return False
    try:
        actions.accept(invitation, user=user)
    except (Refused, PlanLimit):
        return False
    return True


def _remember(request: HttpRequest, invitation: Invitation) -> None:
    request.session[KEY] = invitation.token_hash
    if invitation.is_open:
        vouched.vouch(request, invitation.email)
