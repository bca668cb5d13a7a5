"""The list of contacts: found, narrowed and turned page by page; and what the rooms above can count about each."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from contacts.models import Contact
from contacts.models.contact import ContactQuerySet
from minichat.lib import keyset
from workspaces.models import Membership

PAGE = 50
ORDER = ["-last_seen_at", "-id"]
SHOWN = {"all": _("All"), "named": _("With contact details"), "verified": _("Verified")}


@dataclass(frozen=True)
class Tally:
    """A number that a room above knows about contacts: one query for as many as are asked about."""

    name: str
    label: str | Promise
    count: Callable[[Membership, Sequence[UUID]], Mapping[UUID, int]]


tallies: list[Tally] = []


@dataclass(frozen=True)
class Line:
    contact: Contact
    numbers: list[int]


def matching(membership: Membership, *, search: str = "", shown: str = "all") -> ContactQuerySet:
    rows = membership.workspace.contacts.visible_to(membership).matching(search)
    if shown == "named":
        rows = rows.said_who_they_are()
    return rows.verified() if shown == "verified" else rows


def page(membership: Membership, rows: ContactQuerySet, *, after: str) -> tuple[list[Line], str]:
    """The lines, and where the next page begins."""
    found = keyset.page(rows, ORDER, after=after, size=PAGE)
    return counted(membership, found.rows), found.next


def counted(membership: Membership, contacts: Sequence[Contact]) -> list[Line]:
    keys = [contact.pk for contact in contacts]
    counts = [tally.count(membership, keys) for tally in tallies]
    return [Line(contact, [numbers.get(contact.pk, 0) for numbers in counts]) for contact in contacts]


def what_moves(membership: Membership, contact: Contact) -> list[dict[str, Any]]:
    """What hangs off a contact, for the preview of a merge."""
    found: list[dict[str, Any]] = [
        {"label": tally.label, "n": tally.count(membership, [contact.pk]).get(contact.pk, 0)} for tally in tallies
    ]
    found.append({"label": _("Leads"), "n": contact.leads.count()})
    found.append({"label": _("Notes"), "n": contact.notes.count()})
    found.append({"label": _("Attributes"), "n": len(contact.attributes)})
    return [row for row in found if row["n"]]
