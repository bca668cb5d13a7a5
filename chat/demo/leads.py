"""What the shop of the demo knows about its people, and who left word: written as it would have been at the time."""

from __future__ import annotations

import tomllib
from datetime import timedelta
from pathlib import Path
from typing import Any

from django.utils import timezone

from chat.demo.history import Team
from chat.models import LeadOrigin
from contacts.models import Contact, FieldKind, Lead, LeadAnswer, LeadStatus, Note, Source
from contacts.models.lead import CLOSED
from minichat.lib.transactions import action
from workspaces.models import Workspace


@action
def remember(workspace: Workspace, team: Team) -> None:
    people = tomllib.loads((Path(__file__).parent / "contacts.toml").read_text(encoding="utf-8"))["contact"]
    for number, known in enumerate(people):
        contact = workspace.contacts.filter(name=known["name"]).order_by("number").first()
        if contact is None:
            raise ValueError(f"Nobody in the talks is called {known['name']}.")
        for name in ("company", "phone", "email"):
            setattr(contact, name, known.get(name) or getattr(contact, name))
        contact.attributes = known["about"]
        contact.save()
        if "note" in known:
            _note(contact, team, *known["note"])
        if "lead" in known:
            _lead(contact, team, number, *known["lead"])


def _note(contact: Contact, team: Team, author: str, body: str) -> None:
    by = team[author]
    written = contact.last_seen_at + timedelta(minutes=7)
    Note(
        workspace=contact.workspace, contact=contact, author=by, author_name=by.name, body=body, created_at=written
    ).save(force_insert=True)


def _lead(contact: Contact, team: Team, number: int, status: str, who: str, days: int, message: str) -> None:
    now = timezone.now()
    at = now - timedelta(days=days, minutes=40 + 17 * number)
    contact.first_seen_at = min(contact.first_seen_at, at)
    contact.save()
    assignee = team.get(who)
    conversation = contact.conversations.order_by("number")[0]
    visitor = conversation.visitor
    lead = Lead(
        workspace=contact.workspace,
        contact=contact,
        status=LeadStatus(status),
        source=Source.CONTACT_FORM,
        message=message,
        assignee=assignee,
        assignee_name=assignee.name if assignee else "",
        page_url=visitor.page_url,
        ip=visitor.ip,
        user_agent=visitor.user_agent,
        referrer=visitor.referrer,
        created_at=at,
        closed_at=min(at + timedelta(days=2), now) if status in CLOSED else None,
    )
    lead.save(force_insert=True)
    for position, (kind, value) in enumerate(_answers(contact)):
        lead.answers.add(LeadAnswer(workspace=contact.workspace, kind=kind, value=value, position=position), bulk=False)
    if conversation.created_at <= at:
        LeadOrigin(workspace=contact.workspace, lead=lead, conversation=conversation).save(force_insert=True)


def _answers(contact: Contact) -> list[tuple[Any, str]]:
    known = [(FieldKind.NAME, contact.name), (FieldKind.EMAIL, contact.email), (FieldKind.PHONE, contact.phone)]
    return [(kind, value) for kind, value in known if value]
