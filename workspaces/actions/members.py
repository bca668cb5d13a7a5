"""Who is on the team, and as what. Every verb here takes the lock of the seats first (`seats.locked`)."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import timedelta
from uuid import UUID

from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from minichat.lib.errors import Conflict, Forbidden, PlanLimit
from minichat.lib.transactions import action
from workspaces import events, limits, seats
from workspaces.models import Membership, Workspace
from workspaces.roles import Role

# How exact "last seen" is: a write per member and minute at most.
SEEN_EVERY = timedelta(minutes=1)


@action
def add_member(workspace: Workspace, *, user: User, role: Role, by: Membership | None = None) -> Membership:
    seats.require_room(seats.locked(workspace))
    return join(workspace, user=user, role=role, by=by)


def join(workspace: Workspace, *, user: User, role: Role, by: Membership | None) -> Membership:
    """A new member, or one who comes back; inside an action, under the lock, with a seat found. Active ones stay."""
    membership = workspace.memberships.select_related("user").filter(user=user).first()
    if membership is not None and membership.deactivated_at is None:
        return membership
    if membership is None:
        membership = workspace.memberships.create(user=user, role=role)
    else:
        membership.role, membership.deactivated_at, membership.removed_at = role, None, None
        membership.save(update_fields=["role", "deactivated_at", "removed_at"])
    events.emit(events.MEMBER_ADDED, membership, actor=by, role=str(role))
    return membership


@action
def change_role(membership: Membership, *, role: Role, by: Membership) -> Membership:
    """Nobody grants a role above their own; the last owner stays (SR-07)."""
    membership, by = _locked(membership, by)
    require_rank(by, Role(membership.role))
    require_rank(by, role)
    if membership.role == role:
        return membership
    if membership.role == Role.OWNER:
        _keep_an_owner(membership)
    if role == Role.OWNER:
        require_room_to_own(membership)
    before, membership.role = membership.role, role
    membership.save(update_fields=["role"])
    events.emit(events.MEMBER_ROLE_CHANGED, membership, actor=by, before=before, after=str(role))
    return membership


@action
def deactivate_member(membership: Membership, *, by: Membership) -> Membership:
    """No way in from now on; the seat is free, what they had is released, and it can be taken back (SR-08)."""
    membership, by = _locked(membership, by)
    require_rank(by, Role(membership.role))
    if membership.deactivated_at is None:
        _deactivate(membership, by)
    return membership


@action
def remove_member(membership: Membership, *, by: Membership) -> Membership:
    """Deactivated and off the list. The row stays: what they wrote keeps its author."""
    membership, by = _locked(membership, by)
    require_rank(by, Role(membership.role))
    if membership.deactivated_at is None:
        _deactivate(membership, by)
    if membership.removed_at is None:
        membership.removed_at = timezone.now()
        membership.save(update_fields=["removed_at"])
        events.emit(events.MEMBER_REMOVED, membership, actor=by)
    return membership


@action
def leave(membership: Membership) -> Membership:
    """By one's own wish, whatever the role. The last owner stays, unless the workspace itself is closed."""
    membership, _by = _locked(membership, membership)
    if membership.workspace.status != Workspace.Status.CLOSED and membership.role == Role.OWNER:
        _keep_an_owner(membership)
    membership.deactivated_at = membership.removed_at = timezone.now()
    membership.save(update_fields=["deactivated_at", "removed_at"])
    events.emit(events.MEMBER_DEACTIVATED, membership, actor=membership)
    return membership


@action
def reactivate_member(membership: Membership, *, by: Membership) -> Membership:
    """Back as what they were, if there is a seat."""
    entitlements = seats.locked(membership.workspace)
    membership, by = _fresh(membership, by)
    require_rank(by, Role(membership.role))
    if membership.deactivated_at is None:
        return membership
    seats.require_room(entitlements)
    if membership.role == Role.OWNER:
        require_room_to_own(membership)
    membership.deactivated_at = membership.removed_at = None
    membership.save(update_fields=["deactivated_at", "removed_at"])
    events.emit(events.MEMBER_REACTIVATED, membership, actor=by)
    return membership


def under_lock(by: Membership) -> Membership:
    """Whoever acts, as they are now that the lock is taken: a right that was lost while waiting is lost."""
    row = by.workspace.memberships.active().select_related("user", "workspace").filter(pk=by.pk).first()
    if row is None:
        raise Forbidden
    return row


def require_rank(by: Membership, role: Role) -> None:
    if not (by.can_manage() and by.may(role)):
        raise Forbidden


def require_room_to_own(membership: Membership) -> None:
    """How many workspaces somebody owns is limited by their plans, however they come by one."""
    limits.lock_owner(membership.user)
    try:
        limits.check_workspaces(membership.user, returning=membership.workspace)
    except PlanLimit as error:
        words = _("%(name)s owns as many workspaces as their plans include.") % {"name": membership.name}
        raise PlanLimit(words, **error.fields) from error


def mark_used(membership: Membership) -> None:
    """Remember that this workspace was entered last, so that `/w/` leads back to it."""
    Membership.unscoped.filter(pk=membership.pk).update(last_used_at=timezone.now())


def mark_seen(memberships: Iterable[UUID]) -> None:
    """These people are here now. Told often, written down once a minute."""
    now = timezone.now()
    stale = Q(last_seen_at=None) | Q(last_seen_at__lt=now - SEEN_EVERY)
    Membership.unscoped.filter(stale, pk__in=list(memberships)).update(last_seen_at=now)


def _locked(membership: Membership, by: Membership) -> tuple[Membership, Membership]:
    seats.locked(membership.workspace)
    return _fresh(membership, by)


def _fresh(membership: Membership, by: Membership) -> tuple[Membership, Membership]:
    rows = membership.workspace.memberships.select_related("user", "workspace")
    return rows.get(pk=membership.pk), under_lock(by)


def _deactivate(membership: Membership, by: Membership) -> None:
    if membership.role == Role.OWNER:
        _keep_an_owner(membership)
    membership.deactivated_at = timezone.now()
    membership.save(update_fields=["deactivated_at"])
    events.emit(events.MEMBER_DEACTIVATED, membership, actor=by)


def _keep_an_owner(membership: Membership) -> None:
    if not membership.workspace.memberships.owners().exclude(pk=membership.pk).exists():
        raise Conflict(_("A workspace needs an owner: make somebody else one first."))
