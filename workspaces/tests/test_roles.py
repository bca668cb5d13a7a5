"""SR-07: nobody grants a role above their own, and a workspace keeps an owner."""

from __future__ import annotations

import threading
from collections.abc import Callable

import pytest
from django.db import connection

from accounts.models import User
from minichat.lib.errors import Conflict, Forbidden
from workspaces import actions
from workspaces.models import AuditEntry, Membership, Workspace
from workspaces.roles import Role


def test_every_role_includes_the_ones_below() -> None:
    order = [Role.VIEWER, Role.OPERATOR, Role.ADMIN, Role.OWNER]
    for mine, role in enumerate(order):
        assert [role.includes(other) for other in order] == [other <= mine for other in range(4)]


def test_an_owner_changes_a_role_and_it_is_written_down(ana_member: Membership, omar_member: Membership) -> None:
    actions.change_role(omar_member, role=Role.ADMIN, by=ana_member)
    omar_member.refresh_from_db()
    assert omar_member.role == Role.ADMIN
    entry = AuditEntry.unscoped.get(action="member.role_changed")
    assert (entry.actor, entry.data) == (ana_member, {"before": "operator", "after": "admin"})


def test_sr07_nobody_grants_more_than_they_have(adam_member: Membership, omar_member: Membership) -> None:
    actions.change_role(omar_member, role=Role.ADMIN, by=adam_member)
    with pytest.raises(Forbidden):
        actions.change_role(omar_member, role=Role.OWNER, by=adam_member)


def test_sr07_nobody_touches_somebody_above_them(adam_member: Membership, ana_member: Membership) -> None:
    with pytest.raises(Forbidden):
        actions.change_role(ana_member, role=Role.VIEWER, by=adam_member)
    with pytest.raises(Forbidden):
        actions.deactivate_member(ana_member, by=adam_member)


def test_sr07_the_last_owner_stays(ana_member: Membership, adam_member: Membership) -> None:
    with pytest.raises(Conflict):
        actions.change_role(ana_member, role=Role.ADMIN, by=ana_member)
    with pytest.raises(Conflict):
        actions.deactivate_member(ana_member, by=ana_member)
    actions.change_role(adam_member, role=Role.OWNER, by=ana_member)
    actions.deactivate_member(ana_member, by=ana_member)
    assert ana_member.workspace.memberships.get(user=ana_member.user).deactivated_at is not None


@pytest.mark.django_db(transaction=True, serialized_rollback=True)
@pytest.mark.parametrize("verb", ["demote", "deactivate"])
def test_sr07_two_owners_cannot_remove_each_other_at_once(
    acme: Workspace, ana_member: Membership, make_user: Callable[..., User], verb: str
) -> None:
    other = actions.add_member(acme, user=make_user("olga@acme.test", "Olga"), role=Role.OWNER)
    start, refused = threading.Barrier(2), []

    def remove(victim: Membership, by: Membership) -> None:
        start.wait(timeout=10)
        try:
            if verb == "demote":
                actions.change_role(victim, role=Role.ADMIN, by=by)
            else:
                actions.deactivate_member(victim, by=by)
        except (Conflict, Forbidden) as refusal:
            refused.append(refusal)
        finally:
            connection.close()

    pairs = [(ana_member, other), (other, ana_member)]
    threads = [threading.Thread(target=remove, args=pair) for pair in pairs]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(timeout=30)
    assert acme.memberships.filter(role=Role.OWNER, deactivated_at=None).count() == 1
    assert len(refused) == 1
