"""Who of the team may hear of a contact: what `Contact.visible_to` says, read from the other side (SR-10)."""

from __future__ import annotations

from collections.abc import Callable

from django.db.models import Q, QuerySet

from contacts.models import Contact
from workspaces.models import Membership
from workspaces.roles import Role

ANSWERING = (Role.OPERATOR, Role.ADMIN, Role.OWNER)

# The rooms above know who sees what: each narrows the members by one condition.
narrowings: list[Callable[[Contact], Q]] = []


def answering(contact: Contact) -> QuerySet[Membership]:
    """Those who see the contact and may reply."""
    rows = contact.workspace.memberships.filter(deactivated_at=None, role__in=ANSWERING)
    for narrowing in narrowings:
        rows = rows.filter(narrowing(contact))
    return rows
