from __future__ import annotations

import uuid
from collections.abc import Sequence
from dataclasses import dataclass, field

from django.utils import timezone

from contacts import events, notices
from contacts.actions.contacts import TYPED, learn
from contacts.models import Contact, FieldKind, Lead, LeadAnswer, LeadField, LeadStatus, Source
from contacts.models.lead import CLOSED
from minichat.lib.errors import Conflict, NotFound
from minichat.lib.transactions import action
from workspaces.events import emit
from workspaces.models import Membership


@dataclass(frozen=True)
class Answer:
    """What somebody typed into one field. `field` None: a field that no form of the owner's has."""

    kind: FieldKind
    value: str
    label: str = ""
    field: LeadField | None = None


@dataclass(frozen=True)
class Origin:
    """Where it came from, as far as a browser says."""

    page_url: str = ""
    referrer: str = ""
    user_agent: str = ""
    ip: str | None = field(default=None)


NOWHERE = Origin()


@action
def take_answers(contact: Contact, answers: Sequence[Answer]) -> Contact:
    """Keep on the contact what was typed: an answer, never a key to anything (SR-33)."""
    typed = {str(one.kind): one.value for one in answers if one.kind in TYPED}
    own = {one.label: one.value for one in answers if one.kind == FieldKind.TEXT}
    return learn(contact, typed=typed, answers=own)


@action
def capture_lead(
    contact: Contact,
    *,
    answers: Sequence[Answer],
    source: Source,
    message: str = "",
    client_id: uuid.UUID | None = None,
    origin: Origin = NOWHERE,
) -> Lead:
    """Always accepted, whatever the plan says. The same form twice is one lead; with other words it is a `Conflict`."""
    contact = take_answers(contact, answers)
    lead, is_new = contact.workspace.leads.get_or_create(
        client_id=client_id or uuid.uuid4(),
        defaults={"contact": contact, "source": source, "message": message, **vars(origin)},
    )
    if not is_new:
        if (lead.contact_id, lead.message) != (contact.pk, message):
            raise Conflict
        return lead
    lead.answers.bulk_create(
        LeadAnswer(workspace_id=lead.workspace_id, lead=lead, position=position, **vars(answer))
        for position, answer in enumerate(answers)
    )
    emit(events.LEAD_CAPTURED, lead)
    notices.tell_of(lead)
    return lead


@action
def move_lead(lead: Lead, *, status: LeadStatus, by: Membership) -> Lead:
    lead = _locked(lead, by)
    if lead.status == status:
        return lead
    before, lead.status = lead.status, status
    if status in CLOSED:
        lead.closed_at = lead.closed_at or timezone.now()
    else:
        lead.closed_at = None
    lead.save(update_fields=["status", "closed_at"])
    emit(events.LEAD_MOVED, lead, actor=by, from_status=str(before), to_status=str(status))
    notices.settle(lead)
    return lead


@action
def assign_lead(lead: Lead, *, assignee: Membership | None, by: Membership) -> Lead:
    """Give it to a member who may reply, or to nobody."""
    lead = _locked(lead, by)
    if lead.assignee_id == (assignee.pk if assignee else None):
        return lead
    lead.assignee, lead.assignee_name = assignee, assignee.name[:80] if assignee else ""
    lead.save(update_fields=["assignee", "assignee_name"])
    emit(
        events.LEAD_ASSIGNED,
        lead,
        actor=by,
        assignee=assignee and assignee.pk,
        assignee_name=assignee and assignee.name,
    )
    notices.settle(lead)
    if assignee:
        notices.tell_assignee(lead, assignee, by=by)
    return lead


@action
def release_leads(membership: Membership) -> int:
    """Whoever may no longer answer keeps none back."""
    open_ones = membership.leads.exclude(status__in=CLOSED)
    return open_ones.update(assignee=None, assignee_name="")


def _locked(lead: Lead, by: Membership) -> Lead:
    rows = by.workspace.leads.select_for_update(of=("self",)).select_related("contact")
    found = rows.filter(pk=lead.pk).first()
    if found is None:
        raise NotFound
    return found
