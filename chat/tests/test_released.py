"""Whoever may no longer answer holds no conversation back (SR-08)."""

from __future__ import annotations

from typing import Any

import pytest

from chat import actions, tasks
from chat.models import Conversation, Kind
from workspaces.actions import change_role, deactivate_member, reactivate_member, remove_member
from workspaces.models import Membership
from workspaces.roles import Role


@pytest.fixture
def taken(conversation: Conversation, omar_member: Membership) -> Conversation:
    return actions.take_over(conversation, by=omar_member)


@pytest.mark.parametrize("verb", [deactivate_member, remove_member])
def test_SR08_their_conversations_are_free_again(
    taken: Conversation,
    omar_member: Membership,
    ana_member: Membership,
    django_capture_on_commit_callbacks: Any,
    verb: Any,
) -> None:
    with django_capture_on_commit_callbacks(execute=True):
        verb(omar_member, by=ana_member)
    taken.refresh_from_db()
    assert (taken.assignee, taken.assignee_name) == (None, "")
    line = taken.messages.filter(kind=Kind.EVENT).order_by("position").last()
    assert line.event == {"name": "released", "by": None, "was": "Omar Haddad"} and line.public_seq is None


def test_a_closed_one_is_free_when_it_opens_again(
    taken: Conversation, omar_member: Membership, ana_member: Membership, django_capture_on_commit_callbacks: Any
) -> None:
    actions.resolve(taken, by=omar_member)
    with django_capture_on_commit_callbacks(execute=True):
        deactivate_member(omar_member, by=ana_member)
    taken.refresh_from_db()
    assert taken.assignee is None
    assert not taken.messages.filter(event__name="released").exists()


def test_a_new_viewer_gives_theirs_back_and_a_new_admin_keeps_them(
    taken: Conversation, omar_member: Membership, ana_member: Membership, django_capture_on_commit_callbacks: Any
) -> None:
    for role, keeps in ((Role.ADMIN, True), (Role.VIEWER, False)):
        with django_capture_on_commit_callbacks(execute=True):
            change_role(omar_member, role=role, by=ana_member)
        taken.refresh_from_db()
        assert (taken.assignee_id == omar_member.pk) is keeps


def test_SR09_the_job_asks_again(taken: Conversation, omar_member: Membership, ana_member: Membership) -> None:
    deactivate_member(omar_member, by=ana_member)
    reactivate_member(omar_member, by=ana_member)
    tasks.release(str(omar_member.workspace_id), str(omar_member.pk))
    taken.refresh_from_db()
    assert taken.assignee == omar_member


def test_the_sweep_finds_what_was_left_behind(
    taken: Conversation, omar_member: Membership, ana_member: Membership
) -> None:
    tasks.sweep_stranded()
    taken.refresh_from_db()
    assert taken.assignee == omar_member
    # The job was lost with its process: its callback never ran.
    deactivate_member(omar_member, by=ana_member)
    tasks.sweep_stranded()
    taken.refresh_from_db()
    assert taken.assignee is None
