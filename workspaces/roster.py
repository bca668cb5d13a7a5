"""The list on the team page: found, sorted and turned page by page, as quick for 10,000 people as for ten."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta

from django.utils import timezone

from minichat.lib import keyset
from workspaces.models import Membership, Workspace
from workspaces.roles import Role

PAGE = 50
# Longer than the minute in which an open dashboard is written down at least once.
HERE = timedelta(minutes=2)
SORTS = {
    "role": ["is_off", "-rank", "sort_name", "pk"],
    "name": ["sort_name", "pk"],
    "seen": ["-seen", "pk"],
}


@dataclass(frozen=True)
class Line:
    member: Membership
    is_me: bool
    may_change: bool

    @property
    def is_here(self) -> bool:
        seen, off = self.member.last_seen_at, self.member.deactivated_at
        return seen is not None and off is None and seen > timezone.now() - HERE


@dataclass(frozen=True)
class Roster:
    lines: list[Line]
    total: int
    next: str
    sort: str

    @property
    def can_pick(self) -> bool:
        return any(line.may_change for line in self.lines)


def of(workspace: Workspace, *, reader: Membership, search: str = "", sort: str = "role", after: str = "") -> Roster:
    """One page; `sort` is one of `SORTS`, or with a minus in front the same backwards."""
    columns = SORTS[sort.removeprefix("-")]
    found = workspace.memberships.on_the_team().matching(search)
    page = keyset.page(
        found.sortable().select_related("user"),
        keyset.turned(columns) if sort.startswith("-") else columns,
        after=after,
        size=PAGE,
    )
    lines = [Line(row, row.pk == reader.pk, may_change(reader, row)) for row in page.rows]
    return Roster(lines, found.count(), page.next, sort)


def may_change(reader: Membership, row: Membership) -> bool:
    """Whether to draw what changes somebody; the verbs ask again. Nobody changes themselves by accident here."""
    return reader.can_manage() and reader.may(Role(row.role)) and row.pk != reader.pk


def grantable(reader: Membership) -> list[Role]:
    """Roles this member may give, the smallest first."""
    return [role for role in reversed(Role) if reader.can_manage() and reader.may(role)]
