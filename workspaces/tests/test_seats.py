"""Seats: the owner sits for nothing, everybody else takes one, and two at once do not share the last."""

from __future__ import annotations

import threading
from collections.abc import Callable

import pytest
from django.db import connection

from accounts.models import User
from minichat.lib.errors import PlanLimit
from workspaces import actions, seats
from workspaces.models import Membership, Workspace
from workspaces.roles import Role


def limit(workspace: Workspace, value: int | None) -> None:
    workspace.entitlements.seats = value
    workspace.entitlements.save()


def test_the_free_plan_is_for_the_owner_alone(globex: Workspace, make_user: Callable[..., User]) -> None:
    with pytest.raises(PlanLimit) as refusal:
        actions.add_member(globex, user=make_user("pim@globex.test", "Pim"), role=Role.VIEWER)
    assert (refusal.value.fields["current"], refusal.value.fields["limit"], refusal.value.fields["plan"]) == (
        0,
        0,
        "starter",
    )
    assert refusal.value.status == 403 and "Starter" in refusal.value.fields["offer"]
    assert globex.memberships.count() == 1


def test_viewers_and_further_owners_take_a_seat(acme: Workspace, make_user: Callable[..., User]) -> None:
    limit(acme, 2)
    actions.add_member(acme, user=make_user("a@acme.test", "A"), role=Role.OWNER)
    actions.add_member(acme, user=make_user("b@acme.test", "B"), role=Role.VIEWER)
    with pytest.raises(PlanLimit) as refusal:
        actions.add_member(acme, user=make_user("c@acme.test", "C"), role=Role.VIEWER)
    assert (refusal.value.fields["current"], refusal.value.fields["limit"], refusal.value.fields["plan"]) == (
        2,
        2,
        "pro",
    )


def test_no_limit_is_no_limit(acme: Workspace, omar_member: Membership) -> None:
    state = seats.of(acme)
    assert (state.members, state.limit, state.is_full, state.next_plan) == (1, None, False, None)


def test_a_deactivated_member_leaves_the_seat_and_needs_one_to_come_back(
    acme: Workspace, ana_member: Membership, omar_member: Membership, make_user: Callable[..., User]
) -> None:
    limit(acme, 1)
    actions.deactivate_member(omar_member, by=ana_member)
    vera = actions.add_member(acme, user=make_user("vera@acme.test", "Vera"), role=Role.VIEWER)
    with pytest.raises(PlanLimit):
        actions.reactivate_member(omar_member, by=ana_member)
    actions.remove_member(vera, by=ana_member)
    assert actions.reactivate_member(omar_member, by=ana_member).deactivated_at is None


@pytest.mark.parametrize(("people", "plan"), [(1, "starter"), (2, "pro"), (5, "pro"), (6, "business")])
def test_the_plan_that_lifts_it_has_room_for_all_of_them(globex: Workspace, people: int, plan: str) -> None:
    with pytest.raises(PlanLimit) as refusal:
        seats.require_room(seats.locked(globex), people=people)
    assert refusal.value.fields["plan"] == plan


@pytest.mark.django_db(transaction=True, serialized_rollback=True)
def test_many_at_once_share_the_last_seats(acme: Workspace, make_user: Callable[..., User]) -> None:
    limit(acme, 2)
    people = [make_user(f"p{number}@acme.test", f"P{number}") for number in range(6)]
    start, answers = threading.Barrier(len(people)), []

    def join(user: User) -> None:
        start.wait(timeout=10)
        try:
            answers.append(actions.add_member(Workspace.objects.get(pk=acme.pk), user=user, role=Role.VIEWER))
        except PlanLimit as refusal:
            answers.append(refusal)
        finally:
            connection.close()

    threads = [threading.Thread(target=join, args=(user,)) for user in people]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(timeout=30)
    assert len(answers) == 6
    assert sum(isinstance(answer, Membership) for answer in answers) == 2
    assert acme.memberships.active().count() == 3
