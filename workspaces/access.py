"""The doors of the workspace. Past a door nobody asks again who this is; everything hangs off what it gave."""

from __future__ import annotations

from channels.db import database_sync_to_async
from django.contrib.auth.models import AnonymousUser
from django.db.models import Exists, F, OuterRef, QuerySet
from django.utils import timezone

from accounts.models import User
from minichat.lib.errors import NotFound
from workspaces.models import Invitation, Membership, OldSlug, Workspace
from workspaces.roles import Role
from workspaces.standing import Moved, Shut


def membership_for(user: User | AnonymousUser, *, slug: str) -> Membership:
    """The active membership of `user` in the workspace `slug`, with both rows loaded.

    Raises `NotFound` alike for a stranger's workspace and for one that does not exist (SR-04). Members alone learn that
    it has moved (`Moved`), owners alone that it is closed and can be restored (`Shut`).
    """
    if not user.is_authenticated:
        raise NotFound
    membership = _memberships(user).filter(workspace__slug=slug).first()
    if membership is None:
        raise _moved(user, slug) or NotFound()
    if membership.workspace.status in Workspace.SHUT:
        is_owners = membership.role == Role.OWNER and membership.workspace.status == Workspace.Status.CLOSED
        raise Shut if is_owners else NotFound
    return membership


def _memberships(user: User | AnonymousUser) -> QuerySet[Membership]:
    return Membership.unscoped.select_related("workspace", "user").filter(
        user=user.pk, user__is_active=True, deactivated_at=None
    )


def _moved(user: User | AnonymousUser, slug: str) -> Moved | None:
    mine = _memberships(user).filter(workspace=OuterRef("workspace"))
    old = OldSlug.unscoped.filter(Exists(mine), slug=slug, expires_at__gt=timezone.now())
    now_at = old.values_list("workspace__slug", flat=True).first()
    return Moved(now_at) if now_at else None


def closed_membership_for(user: User | AnonymousUser, *, slug: str) -> Membership:
    """The door of the one page that a closed workspace still has: its owners', until it is deleted."""
    if not user.is_authenticated:
        raise NotFound
    rows = _memberships(user).filter(workspace__slug=slug, role=Role.OWNER, workspace__status=Workspace.Status.CLOSED)
    membership = rows.first()
    if membership is None:
        raise NotFound
    return membership


def closed_memberships_of(user: User) -> list[Membership]:
    """Closed workspaces that a person may restore."""
    rows = _memberships(user).filter(role=Role.OWNER, workspace__status=Workspace.Status.CLOSED)
    return list(rows.order_by("workspace__closed_at"))


amembership_for = database_sync_to_async(membership_for)


def memberships_of(user: User) -> list[Membership]:
    """The workspaces a person may enter, the last used one first."""
    return list(
        Membership.unscoped.select_related("workspace")
        .filter(user=user, deactivated_at=None)
        .exclude(workspace__status__in=Workspace.SHUT)
        .order_by(F("last_used_at").desc(nulls_last=True), "created_at")
    )


def still_active(membership_id: str) -> Membership | None:
    """The same membership, read again: None once it was withdrawn (SR-31)."""
    return (
        Membership.unscoped.select_related("workspace", "user")
        .filter(pk=membership_id, user__is_active=True, deactivated_at=None)
        .exclude(workspace__status__in=Workspace.SHUT)
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
