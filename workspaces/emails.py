from __future__ import annotations

from typing import Any

from django.conf import settings
from django.urls import reverse
from django.utils import timezone, translation

from accounts.models import User
from minichat.lib.emails import make_message
from minichat.lib.moments import told_in
from workspaces.lifecycle import ends_at
from workspaces.models import Invitation, Membership, OwnershipOffer, Workspace
from workspaces.roles import Role


def tell_owners(workspace: Workspace, name: str, *, reason: str = "", by: str = "") -> None:
    """The mail `name` to everybody who owns the workspace, each in their own language and the workspace's time."""
    owners = workspace.memberships.filter(role=Role.OWNER, deactivated_at=None, user__is_active=True)
    page = "closed-workspace" if workspace.status == Workspace.Status.CLOSED else "dashboard"
    context: dict[str, Any] = {
        "workspace": workspace,
        "url": settings.BASE_URL + reverse(page, args=[workspace.slug]),
        "home_url": settings.BASE_URL + reverse("home-workspace"),
        "reason": reason,
        "by": by,
        "ends_at": workspace.closed_at and ends_at(workspace),
    }
    for owner in owners.select_related("user"):
        with (
            translation.override(owner.user.locale or workspace.locale),
            told_in(workspace.timezone, workspace.era),
        ):
            make_message(name, owner.user.email, {"user": owner.user, **context}).send()


def send_welcome(user: User, workspace: Workspace) -> None:
    """After the address is proven: where the new workspace is and what comes next."""
    url = settings.BASE_URL + reverse("widget-settings", args=[workspace.slug])
    with translation.override(user.locale or workspace.locale):
        make_message("welcome", user.email, {"user": user, "workspace": workspace, "url": url}).send()


def send_invitation(invitation: Invitation, token: str) -> None:
    """In the workspace's language: of the person nothing is known but the address, and nothing is looked up."""
    workspace = invitation.workspace
    context = {
        "invitation": invitation,
        "workspace": workspace,
        "inviter": invitation.invited_by.name,
        "url": settings.BASE_URL + reverse("invitation-link", args=[token]),
    }
    with translation.override(workspace.locale), timezone.override(workspace.timezone):
        make_message("invitation", invitation.email, context).send()


def send_ownership_offer(offer: OwnershipOffer) -> None:
    """To both: whoever is asked, and the owner, who may not be the one who offered."""
    _ownership("ownership-offer", offer.offered_to, offer)
    _ownership("ownership-offered", offer.offered_by, offer)


def send_ownership_transferred(offer: OwnershipOffer) -> None:
    _ownership("ownership-received", offer.offered_to, offer)
    _ownership("ownership-given", offer.offered_by, offer)


def _ownership(name: str, to: Membership, offer: OwnershipOffer) -> None:
    workspace = offer.workspace
    context = {
        "offer": offer,
        "workspace": workspace,
        "reader": to.name,
        "owner": offer.offered_by.name,
        "other": offer.offered_to.name,
        "url": settings.BASE_URL + reverse("ownership", args=[workspace.slug]),
    }
    with translation.override(to.user.locale or workspace.locale), timezone.override(workspace.timezone):
        make_message(name, to.user.email, context).send()
