"""Puts the demo together. Running it again changes nothing that somebody has changed since."""

from __future__ import annotations

import tomllib
from datetime import timedelta
from pathlib import Path

from django.db import transaction
from django.utils import timezone

from chat.actions import create_inbox, import_canned_responses, set_allowed_origins
from chat.demo import bells, people, talks
from chat.demo.browsers import origin_of
from chat.demo.history import Team, members_by_key, write_history
from chat.models import Inbox
from workspaces import setup
from workspaces.models import Workspace


@transaction.atomic
def seed(password: str) -> dict[str, int]:
    """Everybody and everything of the demo; answers with the number of conversations per workspace."""
    acme, globex = people.acme(password), people.globex(password)
    people.staff(password)
    if not acme.conversations.exists():
        teach(acme)
    fill(acme, "Acme shop", ["en", "th"])
    fill(globex, "Globex outdoor", ["globex"])
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
    bells.ring(workspace)


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
