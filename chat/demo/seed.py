"""Puts the demo together. Running it again changes nothing that somebody has changed since."""

from __future__ import annotations

import tomllib
from datetime import timedelta
from pathlib import Path

from django.db import transaction
from django.utils import timezone

from chat.actions import (
    create_inbox,
    import_canned_responses,
    set_allowed_origins,
    set_inbox_form,
    set_inbox_members,
    set_look,
    set_triggers,
)
from chat.demo import bells, further, leads, people, talks, triage
from chat.demo.browsers import origin_of
from chat.demo.history import Team, members_by_key, write_history
from chat.models import Inbox
from contacts.actions import FieldWish
from contacts.models import FieldKind
from workspaces import setup
from workspaces.models import Workspace


@transaction.atomic
def seed(password: str) -> dict[str, int]:
    """Everybody and everything of the demo; answers with the number of conversations per workspace."""
    acme, globex = people.acme(password), people.globex(password)
    people.staff(password)
    is_new = not acme.conversations.exists()
    if is_new:
        teach(acme)
    fill(acme, "Acme shop", ["en", "th"])
    if is_new:
        leads.remember(acme, members_by_key(acme))
    deal(acme)
    fill(globex, "Globex outdoor", ["globex"])
    for add in further:
        for workspace in (acme, globex):
            add(workspace)
    # Nobody is led through a shop that has been open for months. Globex keeps its list, so that there is one to see.
    for workspace in (acme, globex):
        setup.leave(workspace)
    setup.hide(acme, by=acme.memberships.get(user__email="ana@acme.test"))
    return {workspace.name: workspace.conversations.count() for workspace in (acme, globex)}


def fill(workspace: Workspace, inbox_name: str, files: list[str]) -> None:
    if workspace.conversations.exists():
        return
    team = members_by_key(workspace)
    now = timezone.now()
    with timezone.override(workspace.timezone):
        told = [talk for name in files for talk in talks.read(name, now)]
    write_history(_inbox(workspace, inbox_name, team), told, team)
    triage.sort_out(workspace, team)
    bells.ring(workspace)


def deal(workspace: Workspace) -> None:
    """A second inbox, which not everybody sees."""
    if workspace.inboxes.count() > 1:
        return
    team = members_by_key(workspace)
    inbox = create_inbox(workspace, name="Wholesale", by=team["ana"])
    set_inbox_members(inbox, is_private=True, members=[team["vera"]], by=team["ana"])
    set_allowed_origins(inbox, origins=["https://dealers.acme.example"], by=team["ana"])
    words = {"th": {"title": "Acme ขายส่ง", "greeting": "สอบถามราคาส่งได้เลย"}}
    looks = {"preset": "corporate", "label": "Wholesale"}
    set_look(inbox, color="#2f3a37", title="Acme Wholesale", texts=words, appearance=looks, by=team["ana"])
    asked = {"en": "Shall we make you an offer?", "th": "ให้เราเสนอราคาไหม"}
    rule = {"id": "prices", "on": "scroll", "value": 60, "page": "contains", "address": "/prices", "texts": asked}
    set_triggers(inbox, rules=[rule], by=team["ana"])
    fields = [FieldWish(FieldKind.NAME, True), FieldWish(FieldKind.EMAIL, True), FieldWish(FieldKind.COMPANY, False)]
    consent = "We keep what you write to answer you. เราเก็บข้อความของคุณไว้เพื่อตอบกลับ"
    set_inbox_form(inbox, by=team["ana"], fields=fields, consent=consent, makes_leads=True)
    with timezone.override(workspace.timezone):
        write_history(inbox, list(talks.read("wholesale", timezone.now())), team)


def teach(workspace: Workspace) -> None:
    texts = tomllib.loads((Path(__file__).parent / "canned_texts.toml").read_text(encoding="utf-8"))
    import_canned_responses(workspace.memberships.get(user__email="ana@acme.test"), texts)


def _inbox(workspace: Workspace, name: str, team: Team) -> Inbox:
    """The inbox that came with the workspace, under the shop's name, with one site allowed and one refused."""
    owner = next(iter(team.values()))
    inbox = workspace.inboxes.filter(closed_at=None).order_by("created_at").first()
    inbox = inbox or create_inbox(workspace, name=name, by=owner)
    inbox.name = name
    inbox.save(update_fields=["name"])
    set_allowed_origins(inbox, origins=[origin_of(workspace)], by=owner)
    refused = f"https://staging.{workspace.slug}.example"
    when = timezone.now() - timedelta(hours=5)
    inbox.refused_origins.create(workspace=workspace, origin=refused, count=3, last_at=when)
    return inbox
