"""What this room keeps about a person (`accounts/holders.py`): a member's notes. Visitors are not members."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from workspaces.models import Membership, Workspace


def sections(user: Any) -> dict[str, Any]:
    return {"notes_about_contacts": _notes(user), "assigned_leads": _leads(user)}


def objections(user: Any) -> list[str]:
    return []


def forget(user: Any) -> None:
    """What somebody wrote about a customer belongs to the workspace."""


def _open_doors(user: Any) -> list[Membership]:
    """Only what one may read today: a team one has left keeps its contacts to itself (SR-61)."""
    mine = user.memberships.select_related("workspace").filter(deactivated_at=None)
    return list(mine.exclude(workspace__status=Workspace.Status.CLOSED).order_by("created_at"))


def _leads(user: Any) -> Iterator[dict[str, Any]]:
    for membership in _open_doors(user):
        visible = membership.workspace.leads.visible_to(membership)
        for row in visible.filter(assignee=membership).order_by("created_at", "pk").iterator(chunk_size=500):
            yield {"workspace": membership.workspace.slug, "lead": row.pk, "at": row.created_at, "status": row.status}


def _notes(user: Any) -> Iterator[dict[str, Any]]:
    for membership in _open_doors(user):
        visible = membership.workspace.contacts.visible_to(membership)
        rows = membership.notes.filter(contact__in=visible).order_by("created_at", "pk")
        for row in rows.iterator(chunk_size=500):
            yield {
                "workspace": membership.workspace.slug,
                "contact": row.contact_id,
                "at": row.created_at,
                "text": row.body,
            }
