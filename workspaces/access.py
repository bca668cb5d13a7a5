"""The doors of the workspace. Past a door nobody asks again who this is; everything hangs off what it gave."""

from __future__ import annotations

from channels.db import database_sync_to_async
from django.contrib.auth.models import AnonymousUser
from django.db.models import F

from accounts.models import User
from minichat.lib.errors import NotFound
from workspaces.models import Invitation, Membership, Workspace


def membership_for(user: User | AnonymousUser, *, slug: str) -> Membership:
    """The active membership of `user` in the workspace `slug`, with both rows loaded.

    Raises `NotFound` alike for a stranger's workspace and for one that does not exist (SR-04).
    """
    if not user.is_authenticated:
        raise NotFound
    membership = (
        Membership.unscoped.select_related("workspace", "user")
        .filter(workspace__slug=slug, user=user, user__is_active=True, deactivated_at=None)
        .exclude(workspace__status=Workspace.Status.CLOSED)
        .first()
    )
    if membership is None:
        raise NotFound
    return membership


amembership_for = database_sync_to_async(membership_for)


def memberships_of(user: User) -> list[Membership]:
    """The workspaces a person may enter, the last used one first."""
    return list(
        Membership.unscoped.select_related("workspace")
        .filter(user=user, deactivated_at=None)
        .exclude(workspace__status=Workspace.Status.CLOSED)
        .order_by(F("last_used_at").desc(nulls_last=True), "created_at")
    )


def still_active(membership_id: str) -> Membership | None:
    """The same membership, read again: None once it was withdrawn (SR-31)."""
    return (
        Membership.unscoped.select_related("workspace", "user")
        .filter(pk=membership_id, user__is_active=True, deactivated_at=None, workspace__status=Workspace.Status.ACTIVE)
        .first()
    )


def active_workspace(workspace_id: str) -> Workspace:
    """The door of background tasks."""
    workspace = Workspace.objects.filter(pk=workspace_id, status=Workspace.Status.ACTIVE).first()
    if workspace is None:
        raise NotFound
    return workspace


def invitation_for(token_hash: str) -> Invitation | None:
    """The door of guests: whoever holds a token may see what it offers. What they may do is asked of their session."""
    return (
        Invitation.unscoped.select_related("workspace__entitlements", "invited_by__user")
        .filter(token_hash=token_hash)
        .first()
    )
