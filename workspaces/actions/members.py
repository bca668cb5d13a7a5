from __future__ import annotations

from django.utils import timezone

from accounts.models import User
from minichat.lib.errors import Conflict, Forbidden
from minichat.lib.transactions import action
from workspaces import events
from workspaces.models import Membership, Workspace
from workspaces.roles import Role


@action
def add_member(workspace: Workspace, *, user: User, role: Role, by: Membership | None = None) -> Membership:
    membership = workspace.memberships.create(user=user, role=role)
    events.emit(events.MEMBER_ADDED, membership, actor=by, role=str(role))
    return membership


@action
def change_role(membership: Membership, *, role: Role, by: Membership) -> Membership:
    """Nobody grants a role above their own; the last owner stays (SR-07)."""
    membership = _lock_with_owners(membership)
    if not by.may(role) or not by.may(Role(membership.role)):
        raise Forbidden
    if membership.role == Role.OWNER and role != Role.OWNER:
        _keep_an_owner(membership)
    before, membership.role = membership.role, role
    membership.save(update_fields=["role"])
    events.emit(events.MEMBER_ROLE_CHANGED, membership, actor=by, before=before, after=str(role))
    return membership


@action
def deactivate_member(membership: Membership, *, by: Membership) -> Membership:
    membership = _lock_with_owners(membership)
    if not by.may(Role(membership.role)):
        raise Forbidden
    if membership.role == Role.OWNER:
        _keep_an_owner(membership)
    membership.deactivated_at = timezone.now()
    membership.save(update_fields=["deactivated_at"])
    events.emit(events.MEMBER_DEACTIVATED, membership, actor=by)
    return membership


def mark_used(membership: Membership) -> None:
    """Remember that this workspace was entered last, so that `/w/` leads back to it."""
    Membership.unscoped.filter(pk=membership.pk).update(last_used_at=timezone.now())


def _lock_with_owners(membership: Membership) -> Membership:
    """Lock all owners and this member in one order, so that two owners cannot demote each other at once."""
    rows = membership.workspace.memberships.select_for_update().order_by("pk")
    return next(row for row in list(rows) if row.pk == membership.pk)


def _keep_an_owner(membership: Membership) -> None:
    owners = membership.workspace.memberships.filter(role=Role.OWNER, deactivated_at=None).exclude(pk=membership.pk)
    if not owners.exists():
        raise Conflict("A workspace needs an owner.")
