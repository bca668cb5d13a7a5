"""Places on the team, offered by mail (SR-19).

A token of 256 random bits is in the mail and nowhere else; here is its hash. It says which invitation is meant and
grants nothing: only a session whose proven address is the invited one may accept. Whether that address has an account
is never looked at before, so nobody learns it by inviting.
"""

from __future__ import annotations

import hashlib
import secrets
from collections.abc import Sequence
from datetime import timedelta

from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from accounts.proven import has_proven
from minichat.lib import throttle
from minichat.lib.errors import Conflict, Forbidden, RateLimited
from minichat.lib.transactions import action
from workspaces import emails, events, seats
from workspaces.actions.members import join, require_rank, under_lock
from workspaces.models import INVITATION_LIFETIME, Invitation, Membership, Workspace
from workspaces.roles import Role

MOST_PER_DAY = 200
MAILS_PER_ADDRESS_AND_DAY = 10
RESEND_EVERY = 60
DAY = 24 * 60 * 60


class Standing(models.TextChoices):
    """What an invitation is worth to somebody at this moment."""

    READY = "ready"
    ALREADY_IN = "already_in"
    ANONYMOUS = "anonymous"
    SOMEBODY_ELSE = "somebody_else"
    USED = "used"
    REVOKED = "revoked"
    EXPIRED = "expired"
    CLOSED = "closed"
    ORPHANED = "orphaned"
    FULL = "full"


class Refused(Conflict):
    """The invitation cannot be accepted now; `standing` says why."""

    def __init__(self, standing: Standing) -> None:
        super().__init__(_("This invitation cannot be accepted."))
        self.standing = standing


def hashed(token: str) -> str:
    return hashlib.sha256(token.encode()).hexdigest()


@action
def invite(workspace: Workspace, *, addresses: Sequence[str], role: Role, by: Membership) -> list[Invitation]:
    """Invite these addresses, all or none. An invitation that ran out is sent anew; an open one stays as it is."""
    limits = seats.locked(workspace)
    by = under_lock(by)
    require_rank(by, role)
    _require_invitable(role)
    known = {row.email: row for row in workspace.invitations.unanswered().filter(email__in=addresses)}
    wanted = [address for address in addresses if address not in known or not known[address].is_open]
    seats.require_room(limits, people=len(wanted))
    _require_pace(workspace, wanted)
    sent = []
    for address in wanted:
        invitation = known.get(address) or Invitation(workspace=workspace, email=address)
        invitation.role = role
        sent.append(_send(invitation, by, events.INVITATION_CREATED))
    return sent


@action
def resend(invitation: Invitation, *, by: Membership) -> Invitation:
    """A new link for the same place; the old one dies. Whoever sends it vouches for it from now on."""
    limits = seats.locked(invitation.workspace)
    by = under_lock(by)
    invitation = _fresh(invitation)
    require_rank(by, Role(invitation.role))
    if invitation.accepted_at or invitation.revoked_at:
        raise Conflict(_("This invitation has been answered or withdrawn."))
    if not invitation.is_open:
        seats.require_room(limits)
    throttle.hit("resend-invitation", str(invitation.pk), 1, RESEND_EVERY)
    _require_pace(invitation.workspace, [invitation.email])
    return _send(invitation, by, events.INVITATION_RESENT)


@action
def revoke(invitation: Invitation, *, by: Membership) -> Invitation:
    seats.locked(invitation.workspace)
    by = under_lock(by)
    invitation = _fresh(invitation)
    require_rank(by, Role(invitation.role))
    if invitation.accepted_at is not None:
        raise Conflict(_("This invitation has been accepted: you find the person in the list of members."))
    if invitation.revoked_at is None:
        invitation.revoked_at = timezone.now()
        invitation.save(update_fields=["revoked_at"])
        events.emit(events.INVITATION_REVOKED, invitation, actor=by)
    return invitation


@action
def accept(invitation: Invitation, *, user: User) -> Membership:
    """A seat on the team for whoever proved the address. All is looked at again under the lock; twice is once."""
    limits = seats.locked(invitation.workspace)
    invitation = _fresh(invitation)
    standing = standing_of(invitation, user)
    if standing not in (Standing.READY, Standing.ALREADY_IN, Standing.FULL):
        raise Refused(standing)
    membership = _membership(invitation, user)
    if membership is None:
        seats.require_room(limits, guests=False)
        membership = join(invitation.workspace, user=user, role=Role(invitation.role), by=invitation.invited_by)
    if invitation.accepted_at is None:
        invitation.accepted_at, invitation.accepted_by = timezone.now(), membership
        invitation.save(update_fields=["accepted_at", "accepted_by"])
        events.emit(events.INVITATION_ACCEPTED, invitation, actor=membership)
    return membership


def standing_of(invitation: Invitation, user: User | None) -> Standing:
    """`user` None: nobody is signed in. The invitation comes with its workspace and inviter."""
    if (
        user is not None
        and _membership(invitation, user)
        and (invitation.accepted_at or has_proven(user, invitation.email))
    ):
        return Standing.ALREADY_IN
    if invitation.accepted_at is not None:
        return Standing.USED
    if invitation.revoked_at is not None:
        return Standing.REVOKED
    if invitation.workspace.status != Workspace.Status.ACTIVE:
        return Standing.CLOSED
    if not invitation.is_open:
        return Standing.EXPIRED
    if not _still_vouched_for(invitation):
        return Standing.ORPHANED
    if user is None:
        return Standing.ANONYMOUS
    if not has_proven(user, invitation.email):
        return Standing.SOMEBODY_ELSE
    limit = invitation.workspace.entitlements.seats
    return Standing.FULL if limit is not None and seats.members(invitation.workspace) >= limit else Standing.READY


def _still_vouched_for(invitation: Invitation) -> bool:
    """Whether the inviter could invite to this role today (SR-19)."""
    by = invitation.invited_by
    return by.deactivated_at is None and by.user.is_active and by.can_manage() and by.may(Role(invitation.role))


def _membership(invitation: Invitation, user: User) -> Membership | None:
    return invitation.workspace.memberships.active().select_related("user").filter(user=user).first()


def _require_invitable(role: Role) -> None:
    if role == Role.OWNER:
        # A workspace is handed over face to face (`ownership`), not by a link.
        raise Forbidden


def _require_pace(workspace: Workspace, addresses: Sequence[str]) -> None:
    """Whoever signs up must not use our mails to write to strangers."""
    since = timezone.now() - timedelta(days=1)
    if workspace.invitations.filter(sent_at__gt=since).count() + len(addresses) > MOST_PER_DAY:
        raise RateLimited(_("That is enough invitations for one day. Please go on tomorrow."), retry_after=DAY)
    for address in addresses:
        try:
            throttle.hit("invited", address, MAILS_PER_ADDRESS_AND_DAY, DAY)
        except RateLimited as error:
            words = _("%(address)s has been sent enough invitations for one day.") % {"address": address}
            raise RateLimited(words, retry_after=error.retry_after) from error


def _send(invitation: Invitation, by: Membership, event: events.Event) -> Invitation:
    token = secrets.token_urlsafe(32)
    invitation.token_hash, invitation.invited_by = hashed(token), by
    invitation.sent_at = timezone.now()
    invitation.expires_at = invitation.sent_at + INVITATION_LIFETIME
    invitation.save()
    events.emit(event, invitation, actor=by, role=str(invitation.role))
    emails.send_invitation(invitation, token)
    return invitation


def _fresh(invitation: Invitation) -> Invitation:
    rows = invitation.workspace.invitations.select_related("workspace__entitlements", "invited_by__user")
    return rows.get(pk=invitation.pk)
