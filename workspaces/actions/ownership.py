"""Handing a workspace over: an owner offers, the other says yes, and only then do the roles change."""

from __future__ import annotations

from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from minichat.lib.errors import Conflict, Forbidden, NotFound
from minichat.lib.transactions import action
from workspaces import emails, events, seats
from workspaces.actions.members import require_room_to_own, under_lock
from workspaces.models import OFFER_LIFETIME, Membership, OwnershipOffer
from workspaces.roles import Role


@action
def offer_ownership(to: Membership, *, by: Membership) -> OwnershipOffer:
    workspace = by.workspace
    seats.locked(workspace)
    by = under_lock(by)
    if by.role != Role.OWNER:
        raise Forbidden
    heir = workspace.memberships.active().select_related("user").filter(pk=to.pk).first()
    if heir is None:
        raise NotFound
    if heir.role == Role.OWNER:
        raise Conflict(_("They are an owner already."))
    if workspace.ownership_offers.open().exists():
        raise Conflict(_("There is an open offer. Withdraw it first."))
    # What ran out unanswered makes room.
    workspace.ownership_offers.unanswered().update(answered_at=timezone.now())
    offer = workspace.ownership_offers.create(
        offered_by=by, offered_to=heir, expires_at=timezone.now() + OFFER_LIFETIME
    )
    events.emit(events.OWNERSHIP_OFFERED, offer, actor=by)
    emails.send_ownership_offer(offer)
    return offer


@action
def accept_ownership(offer: OwnershipOffer, *, by: Membership) -> OwnershipOffer:
    """The two change places: the new owner owns, the old one administers. Seats stay as they were."""
    seats.locked(by.workspace)
    by = under_lock(by)
    offer = _open(offer, by)
    if offer.offered_to_id != by.pk:
        raise Forbidden
    owner = offer.offered_by
    if owner.deactivated_at is not None or owner.role != Role.OWNER:
        raise Conflict(_("Whoever made this offer is no owner any more."))
    require_room_to_own(by)
    before, by.role, owner.role = by.role, Role.OWNER, Role.ADMIN
    by.save(update_fields=["role"])
    owner.save(update_fields=["role"])
    offer.answered_at, offer.accepted = timezone.now(), True
    offer.save(update_fields=["answered_at", "accepted"])
    events.emit(events.OWNERSHIP_TRANSFERRED, offer, actor=by, before=before)
    emails.send_ownership_transferred(offer)
    return offer


@action
def end_ownership_offer(offer: OwnershipOffer, *, by: Membership) -> OwnershipOffer:
    """An owner withdraws it, or the other says no."""
    seats.locked(by.workspace)
    by = under_lock(by)
    offer = _open(offer, by)
    if by.pk != offer.offered_to_id and by.role != Role.OWNER:
        raise Forbidden
    offer.answered_at = timezone.now()
    offer.save(update_fields=["answered_at"])
    declined = by.pk == offer.offered_to_id
    events.emit(events.OWNERSHIP_OFFER_DECLINED if declined else events.OWNERSHIP_OFFER_WITHDRAWN, offer, actor=by)
    return offer


def _open(offer: OwnershipOffer, by: Membership) -> OwnershipOffer:
    rows = by.workspace.ownership_offers.open().select_related("offered_by__user", "offered_to__user", "workspace")
    row = rows.filter(pk=offer.pk).first()
    if row is None:
        raise Conflict(_("This offer is no longer open."))
    return row
