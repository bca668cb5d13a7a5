"""Coming and going: what each verb leaves behind, and who may."""

from __future__ import annotations

from typing import Any

import pytest

from minichat.lib.errors import Forbidden
from workspaces import actions
from workspaces.models import AuditEntry, Membership, Workspace
from workspaces.roles import Role

VERBS = [actions.deactivate_member, actions.reactivate_member, actions.remove_member]


def lines() -> list[str]:
    return list(
        AuditEntry.unscoped.filter(action__startswith="member.").order_by("pk").values_list("action", flat=True)
    )


def test_removed_is_deactivated_and_off_the_list(
    acme: Workspace, omar_member: Membership, ana_member: Membership
) -> None:
    before = lines()
    actions.remove_member(omar_member, by=ana_member)
    omar_member.refresh_from_db()
    assert omar_member.deactivated_at and omar_member.removed_at
    assert omar_member not in acme.memberships.on_the_team()
    assert lines()[len(before) :] == ["member.deactivated", "member.removed"]


def test_whoever_comes_back_is_the_same_member(
    acme: Workspace, omar_member: Membership, ana_member: Membership
) -> None:
    actions.remove_member(omar_member, by=ana_member)
    again = actions.add_member(acme, user=omar_member.user, role=Role.VIEWER, by=ana_member)
    assert (again.pk, again.role, again.deactivated_at, again.removed_at) == (omar_member.pk, "viewer", None, None)


def test_twice_is_once(omar_member: Membership, ana_member: Membership) -> None:
    before = lines()
    for verb in (*VERBS[:2] * 2, VERBS[2], VERBS[2]):
        verb(omar_member, by=ana_member)
    names = [name.removeprefix("member.") for name in lines()[len(before) :]]
    assert names == ["deactivated", "reactivated"] * 2 + ["deactivated", "removed"]


@pytest.mark.parametrize("verb", VERBS)
def test_sr07_operators_change_nobody(verb: Any, omar_member: Membership, vera_member: Membership) -> None:
    with pytest.raises(Forbidden):
        verb(vera_member, by=omar_member)
    with pytest.raises(Forbidden):
        actions.change_role(vera_member, role=Role.VIEWER, by=omar_member)


@pytest.mark.parametrize("verb", VERBS)
def test_SR08_whoever_was_removed_changes_nobody_with_a_page_that_is_still_open(
    verb: Any, omar_member: Membership, adam_member: Membership, ana_member: Membership
) -> None:
    actions.deactivate_member(adam_member, by=ana_member)
    adam_member.deactivated_at = None  # as a request knows it that began before
    with pytest.raises(Forbidden):
        verb(omar_member, by=adam_member)


def test_sr07_a_demoted_owner_acts_as_what_they_are_now(
    acme: Workspace, ana_member: Membership, adam_member: Membership, omar_member: Membership
) -> None:
    actions.change_role(adam_member, role=Role.OWNER, by=ana_member)
    stale = acme.memberships.get(pk=ana_member.pk)
    actions.change_role(ana_member, role=Role.VIEWER, by=adam_member)
    with pytest.raises(Forbidden):
        actions.change_role(omar_member, role=Role.OWNER, by=stale)
