"""What this room keeps about a person (`accounts/holders.py`)."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from django.db.models import Q
from django.utils.translation import gettext as _

from accounts.models import User
from workspaces import actions
from workspaces.models import AuditEntry, Membership, Workspace


def sections(user: User) -> dict[str, Any]:
    return {"workspaces": [_membership(one) for one in _memberships(user)], "audit_log": _audit(user)}


def objections(user: User) -> list[str]:
    """A workspace without an owner could be run by nobody. One that is closed already is run by nobody anyway."""
    return [
        _("You are the only owner of “%(name)s”. Make somebody else its owner, or close it.")
        % {"name": membership.workspace.name}
        for membership in _memberships(user).active().exclude(workspace__status=Workspace.Status.CLOSED)
        if membership.workspace.memberships.owners().filter(pk=membership.pk).exists()
        and not membership.workspace.memberships.owners().exclude(pk=membership.pk).exists()
    ]


def forget(user: User) -> None:
    """Out of every workspace, and whatever one could do there ends with it (SR-08)."""
    for membership in _memberships(user).active():
        actions.leave(membership)


def _memberships(user: User) -> Any:
    return user.memberships.select_related("workspace").order_by("created_at")


def _membership(membership: Membership) -> dict[str, Any]:
    return {
        "name": membership.workspace.name,
        "slug": membership.workspace.slug,
        "role": membership.role,
        "joined_at": membership.created_at,
        "left_at": membership.deactivated_at,
        "last_used_at": membership.last_used_at,
        "last_seen_at": membership.last_seen_at,
        "invited_people": [{"role": one.role, "at": one.created_at} for one in membership.invitations_sent.all()],
        "ownership_offered_at": [one.created_at for one in membership.offers_made.all()],
        "ownership_was_offered_at": [one.created_at for one in membership.offers_received.all()],
    }


def _audit(user: User) -> Iterator[dict[str, Any]]:
    """What they did, and what happened to their account."""
    mine = Q(actor__user=user) | Q(target_type=user._meta.label_lower, target_id=str(user.pk))
    for entry in AuditEntry.unscoped.filter(mine).order_by("pk").iterator(chunk_size=500):
        yield {"at": entry.at, "what": entry.action, "on": entry.target_label, "network": entry.ip}
