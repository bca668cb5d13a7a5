"""Seats: how many people a plan allows beside the owner.

One owner sits for nothing; everybody else takes a seat, further owners and viewers too, or a team of owners would pay
for none. Whoever is deactivated takes none. An open invitation keeps a seat free for its guest, so that nobody is
invited into a full house; at its acceptance only people count, so that guests do not stand in each other's way when
the plan has shrunk meanwhile.
"""

from __future__ import annotations

from dataclasses import dataclass

from workspaces.limits import plan_with_more, reached
from workspaces.models import Entitlements, Plan, Workspace


@dataclass(frozen=True)
class Seats:
    """How full the house is; `limit` None: no limit."""

    members: int
    invited: int
    limit: int | None

    @property
    def taken(self) -> int:
        return self.members + self.invited

    @property
    def is_full(self) -> bool:
        return self.limit is not None and self.taken >= self.limit

    @property
    def next_plan(self) -> Plan | None:
        """The smallest plan on offer that has room for one more."""
        return plan_with_more("seats", self.taken) if self.is_full else None


def of(workspace: Workspace) -> Seats:
    return Seats(members(workspace), workspace.invitations.open().count(), workspace.entitlements.seats)


def locked(workspace: Workspace) -> Entitlements:
    """Whatever changes who is on the team takes this row first: one change after the other, so none sees half of one.

    It is the lock of the workspace's other limits as well.
    """
    return Entitlements.unscoped.select_for_update().get(workspace=workspace)


def require_room(limits: Entitlements, *, people: int = 1, guests: bool = True) -> None:
    """Raise `PlanLimit` unless `people` more have a seat; the caller holds the lock. `guests`: invited ones count."""
    if limits.seats is None:
        return
    taken = members(limits.workspace) + (limits.workspace.invitations.open().count() if guests else 0)
    if taken + people > limits.seats:
        raise reached("seats", current=taken, limit=limits.seats, wanted=people)


def members(workspace: Workspace) -> int:
    return max(0, workspace.memberships.active().count() - 1)
