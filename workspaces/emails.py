from __future__ import annotations

from django.conf import settings
from django.urls import reverse
from django.utils import timezone, translation

from accounts.models import User
from minichat.lib.emails import make_message
from workspaces.models import Invitation, Membership, OwnershipOffer, Workspace


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
