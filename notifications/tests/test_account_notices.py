"""What concerns somebody's account is told in each of their workspaces."""

from __future__ import annotations

import uuid
from types import SimpleNamespace
from typing import Any

import pytest
from allauth.mfa.signals import authenticator_added
from django.core.mail import EmailMessage
from django.test import Client

from accounts.models import User
from chat import actions as chat_actions
from chat.actions import VisitorPost
from chat.models import Visitor
from conftest import PASSWORD
from notifications.kinds import LIMIT_NEAR, LIMIT_REACHED, NEW_SIGN_IN, PASSWORD_CHANGED, SECOND_STEP_CHANGED, Kind
from workspaces import usage
from workspaces.events import USAGE_AT_LIMIT, USAGE_NEAR_LIMIT
from workspaces.models import Membership, Workspace
from workspaces.roles import Role

pytestmark = pytest.mark.django_db


def told(membership: Membership, kind: Kind) -> int:
    return membership.notifications.filter(kind=kind.name, in_app=True, read_at=None).count()


def sign_in(client: Client, user: User) -> None:
    response = client.post("/accounts/login/", {"login": user.email, "password": PASSWORD})
    assert response.status_code == 302


def test_a_new_browser_is_told_in_all_workspaces_and_mailed_once(
    omar: User, omar_member: Membership, globex: Workspace, mailoutbox: list[EmailMessage]
) -> None:
    there = globex.memberships.create(user=omar, role=Role.VIEWER)
    client = Client()
    sign_in(client, omar)
    assert told(omar_member, NEW_SIGN_IN) == told(there, NEW_SIGN_IN) == 1
    assert len(mailoutbox) == 1, "the room of accounts mails it"
    client.post("/accounts/logout/")
    sign_in(client, omar)
    assert told(omar_member, NEW_SIGN_IN) == 1, "a browser that is known"


def test_a_new_password_is_told(omar: User, omar_member: Membership) -> None:
    client = Client()
    sign_in(client, omar)
    new = "another battery staple 4711"
    sent = {"oldpassword": PASSWORD, "password1": new, "password2": new, "password": new}
    assert client.post("/accounts/password/change/", sent).status_code == 302
    assert told(omar_member, PASSWORD_CHANGED) == 1


def test_a_new_second_step_is_told(omar: User, omar_member: Membership, ana_member: Membership) -> None:
    authenticator_added.send(sender=User, request=None, user=omar, authenticator=SimpleNamespace(type="totp"))
    assert told(omar_member, SECOND_STEP_CHANGED) == 1
    assert told(ana_member, SECOND_STEP_CHANGED) == 0


@pytest.mark.parametrize(
    ("used", "limit", "expected"),
    [
        (224, 250, None),
        (225, 250, USAGE_NEAR_LIMIT),
        (226, 250, None),
        (250, 250, USAGE_AT_LIMIT),
        (1, 1, USAGE_AT_LIMIT),
        (5, None, None),
        (0, 0, None),
    ],
)
def test_when_a_limit_is_near(used: int, limit: int | None, expected: Any) -> None:
    assert usage.threshold(used, limit) == expected


def test_managers_hear_once_of_a_limit_that_is_near_and_once_of_its_end(
    vic: Visitor, ana_member: Membership, adam_member: Membership, omar_member: Membership
) -> None:
    vic.workspace.entitlements.visitor_messages = 10
    vic.workspace.entitlements.save()
    heard = []
    for _ in range(4):
        posts = [VisitorPost(vic, "hello", uuid.uuid4()) for _ in range(3)]
        chat_actions.post_visitor_messages(posts)
        heard.append((told(ana_member, LIMIT_NEAR), told(ana_member, LIMIT_REACHED)))
    assert heard == [(0, 0), (0, 0), (1, 0), (1, 1)]
    assert told(adam_member, LIMIT_REACHED) == 1
    assert told(omar_member, LIMIT_NEAR) == told(omar_member, LIMIT_REACHED) == 0
    row = ana_member.notifications.get(kind=LIMIT_NEAR.name)
    assert LIMIT_NEAR.say(row.data) == "9 of the 10 visitor messages of this month are used."
    assert row.mail_due_at
