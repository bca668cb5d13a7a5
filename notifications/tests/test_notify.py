from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from django.db import connection, transaction
from django.test.utils import CaptureQueriesContext
from django.utils import translation

from accounts.models import User
from notifications import actions
from notifications.kinds import BROWSER, IN_APP, MAIL, MEMBER_JOINED, PASSWORD_CHANGED, ROLE_CHANGED
from notifications.models import Notification
from notifications.pictures import entry, picture
from workspaces import actions as workspace_actions
from workspaces.models import Membership, Workspace
from workspaces.roles import Role

pytestmark = pytest.mark.django_db


def kinds_of(membership: Membership) -> list[str]:
    return list(membership.notifications.order_by("created_at").values_list("kind", flat=True))


def test_managers_hear_of_a_new_colleague(
    ana_member: Membership, adam_member: Membership, add_member: Callable[..., Membership], gil_member: Membership
) -> None:
    before = len(kinds_of(ana_member))
    omar = add_member("omar@acme.test", "Omar", Role.OPERATOR)
    vera = workspace_actions.add_member(
        omar.workspace, user=User.objects.create_user("v@acme.test", name="Vera"), role=Role.VIEWER, by=adam_member
    )
    assert kinds_of(ana_member)[before:] == ["member.joined", "member.joined"]
    assert len(kinds_of(adam_member)) == 1, "not of his own doing"
    assert kinds_of(omar) == kinds_of(vera) == kinds_of(gil_member) == []


def test_whoever_invited_hears_that_it_was_accepted_and_the_others_that_somebody_joined(
    ana_member: Membership, adam_member: Membership, make_user: Callable[..., User]
) -> None:
    mai = make_user("mai@acme.test", "Mai")
    [invitation] = workspace_actions.invite(
        adam_member.workspace, addresses=["mai@acme.test"], role=Role.OPERATOR, by=adam_member
    )
    workspace_actions.accept(invitation, user=mai)
    assert kinds_of(adam_member) == ["invitation.accepted"]
    assert kinds_of(ana_member)[-1] == "member.joined"
    assert "Mai accepted your invitation" in entry(picture(adam_member.notifications.get(), slug="acme"))["sentence"]
    workspace_actions.accept(invitation, user=mai)
    assert len(kinds_of(adam_member)) == 1, "twice is once"


def test_the_one_concerned_hears_of_a_new_role(ana_member: Membership, omar_member: Membership) -> None:
    workspace_actions.change_role(omar_member, role=Role.ADMIN, by=ana_member)
    [row] = omar_member.notifications.all()
    assert row.kind == ROLE_CHANGED.name and row.data == {"role": "admin", "by": "Ana Srisuk"}
    workspace_actions.change_role(omar_member, role=Role.ADMIN, by=ana_member)
    assert omar_member.notifications.count() == 1, "nothing has changed"


def test_the_words_are_made_when_they_are_read(omar_member: Membership, settings: Any) -> None:
    [row] = actions.notify(ROLE_CHANGED, _only(omar_member), data={"by": "<b>Ana</b>", "role": "admin"})
    shown = picture(row, slug="acme")
    with translation.override("th"):
        assert "ผู้ดูแล" in entry(shown)["sentence"]
    assert entry(shown)["sentence"] == "<b>Ana</b> changed your role: you are now Admin."
    assert entry({**shown, "kind": "of.tomorrow"})["url"] == ""


def test_no_change_no_word(ana_member: Membership, omar_member: Membership) -> None:
    with pytest.raises(RuntimeError), transaction.atomic():
        workspace_actions.change_role(omar_member, role=Role.ADMIN, by=ana_member)
        raise RuntimeError
    assert not omar_member.notifications.exists()


def test_who_has_left_is_told_nothing(ana_member: Membership, omar_member: Membership) -> None:
    workspace_actions.deactivate_member(omar_member, by=ana_member)
    assert actions.notify(ROLE_CHANGED, _only(omar_member), data={"by": "Ana", "role": "admin"}) == []


def test_who_wants_to_hear_nothing_has_no_row(omar_member: Membership) -> None:
    nothing = {(ROLE_CHANGED, channel): False for channel in (IN_APP, MAIL, BROWSER)}
    actions.save_settings(omar_member, choices=nothing)
    assert actions.notify(ROLE_CHANGED, _only(omar_member), data={"by": "Ana", "role": "admin"}) == []
    actions.save_settings(omar_member, choices={(ROLE_CHANGED, MAIL): True})
    [row] = actions.notify(ROLE_CHANGED, _only(omar_member), data={"by": "Ana", "role": "admin"})
    assert row.mail_due_at and not row.in_app


def test_many_are_told_in_as_many_statements_as_one(acme: Workspace, make_user: Callable[..., User]) -> None:
    def cost() -> int:
        with CaptureQueriesContext(connection) as queries:
            actions.notify(MEMBER_JOINED, acme.memberships.all(), data={"name": "X"})
        return len([query for query in queries if "SAVEPOINT" not in query["sql"]])

    one = cost()
    for n in range(20):
        acme.memberships.create(user=make_user(f"m{n}@acme.test", f"M{n}"), role=Role.OPERATOR)
    assert cost() == one
    assert Notification.unscoped.count() == 1 + 21


def test_a_crowd_is_told_in_part(acme: Workspace, make_user: Callable[..., User], monkeypatch: Any) -> None:
    """A stranger's message must not write a row for each of ten thousand members."""
    monkeypatch.setattr(actions, "MOST_TOLD", 3)
    for n in range(5):
        acme.memberships.create(user=make_user(f"m{n}@acme.test", f"M{n}"), role=Role.OPERATOR)
    assert len(actions.notify(MEMBER_JOINED, acme.memberships.all(), data={"name": "X"})) == 3


def test_what_concerns_the_person_is_read_in_all_workspaces_at_once(
    ana: User, ana_member: Membership, globex: Workspace, omar_member: Membership
) -> None:
    there = globex.memberships.create(user=ana, role=Role.VIEWER)
    actions.notify_person(PASSWORD_CHANGED, ana, data={})
    [here] = ana_member.notifications.filter(kind=PASSWORD_CHANGED.name)
    assert there.notifications.filter(read_at=None).count() == 1
    actions.mark_read(ana_member, [here.pk])
    assert there.notifications.filter(read_at=None).count() == 0
    assert omar_member.notifications.filter(kind=PASSWORD_CHANGED.name).count() == 0


def _only(membership: Membership) -> Any:
    return membership.workspace.memberships.filter(pk=membership.pk)
