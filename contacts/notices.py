"""What members are told about leads."""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from contacts import audience
from contacts.models import Lead
from minichat.lib import roundtrips
from notifications import kinds
from notifications.actions import notify, settling
from notifications.kinds import Area
from workspaces.models import Membership
from workspaces.roles import Role


def _named(data: dict[str, Any]) -> dict[str, Any]:
    return {**data, "who": data["name"] or _("Visitor %(number)s") % {"number": data["visitor"]}}


NEW_LEAD = kinds.Kind(
    "lead.captured",
    gettext_lazy("Somebody becomes a lead"),
    gettext_lazy("%(who)s left contact details and waits to hear from you."),
    "target",
    Area.CONVERSATIONS,
    "lead",
    kinds.EVERYWHERE,
    role=Role.OPERATOR,
    words=_named,
    example={"name": "Mali", "visitor": 12},
)
LEAD_GIVEN = kinds.Kind(
    "lead.assigned",
    gettext_lazy("A lead is given to me"),
    gettext_lazy("%(by)s gave you the lead %(who)s."),
    "target",
    Area.CONVERSATIONS,
    "lead",
    kinds.EVERYWHERE,
    role=Role.OPERATOR,
    words=_named,
    example={"by": "Ana", "name": "Mali", "visitor": 12},
)


def who(lead: Lead) -> dict[str, Any]:
    return {"name": lead.contact.name, "visitor": lead.contact.number}


def tell_of(lead: Lead) -> None:
    notify(NEW_LEAD, audience.answering(lead.contact), data=who(lead), target=str(lead.pk))


def tell_assignee(lead: Lead, assignee: Membership, *, by: Membership) -> None:
    notify(
        LEAD_GIVEN,
        by.workspace.memberships.filter(pk=assignee.pk),
        by=by,
        data={**who(lead), "by": by.name},
        target=str(lead.pk),
    )


def settle(lead: Lead) -> None:
    """Somebody takes care of it: the colleagues' bells forget it."""
    roundtrips.write([settling([NEW_LEAD], lead.workspace_id, [str(lead.pk)])])
