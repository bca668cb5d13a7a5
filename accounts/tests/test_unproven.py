"""Whoever types somebody else's address first gains nothing when its owner arrives (SR-13)."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from allauth.account.models import EmailAddress
from django.core.mail import EmailMessage
from django.test import Client

from accounts import unproven
from accounts.models import User
from accounts.tests.conftest import Clock
from accounts.tests.steps import (
    GOOD_PASSWORD,
    ask_for_reset,
    choose_password,
    code_of,
    enter_code,
    is_signed_in,
    open_reset,
    path_of,
    sign_in,
    sign_up,
)
from workspaces.models import Membership, Workspace
from workspaces.roles import Role

VICTIM = "malee@flowers.test"
EVIL = "mine now, thank you"
Browser = Callable[[], Client]


@pytest.fixture
def squatter(browser: Browser, clock: Clock) -> Client:
    """A stranger has signed up with Malee's address, and their page still waits for the code."""
    client = browser()
    sign_up(client, VICTIM, EVIL, name="Evil")
    clock.forward(20)
    return client


def test_SR13_the_owner_signs_up_as_if_nobody_had(
    squatter: Client, client: Client, mailoutbox: list[EmailMessage]
) -> None:
    sign_up(client, VICTIM, name="Malee")
    enter_code(client, code_of(mailoutbox[-1]))
    assert is_signed_in(client)
    owner = User.objects.get(email=VICTIM)
    assert owner.name == "Malee"
    assert owner.check_password(GOOD_PASSWORD)
    assert not owner.check_password(EVIL)


def test_SR13_the_waiting_page_of_the_stranger_is_dead(
    squatter: Client, client: Client, clock: Clock, mailoutbox: list[EmailMessage]
) -> None:
    """Even with the code that was mailed for it."""
    old = code_of(mailoutbox[0])
    sign_up(client, VICTIM)
    assert enter_code(squatter, old).status_code == 422
    enter_code(client, code_of(mailoutbox[1]))
    assert enter_code(squatter, old).status_code == 422
    squatter.get("/accounts/login/")
    assert not is_signed_in(squatter)
    assert sign_in(squatter, VICTIM, EVIL).status_code in (302, 422)
    assert not is_signed_in(squatter)


def test_SR13_a_stranger_who_comes_second_does_not_change_the_password_behind_the_code(
    client: Client, browser: Browser, clock: Clock, mailoutbox: list[EmailMessage]
) -> None:
    sign_up(client, VICTIM)
    clock.forward(20)
    sign_up(browser(), VICTIM, EVIL)
    enter_code(client, code_of(mailoutbox[0]))
    assert not is_signed_in(client)
    assert not EmailAddress.objects.filter(verified=True).exists()


def test_SR13_a_reset_makes_the_account_the_owners(
    squatter: Client, client: Client, mailoutbox: list[EmailMessage]
) -> None:
    ask_for_reset(client, VICTIM)
    choose_password(client, open_reset(client, path_of(mailoutbox[-1])))
    owner = User.objects.get(email=VICTIM)
    assert owner.name == ""
    assert not owner.check_password(EVIL)
    assert EmailAddress.objects.get(user=owner).verified
    assert Workspace.objects.count() == 1
    assert sign_in(client, VICTIM, GOOD_PASSWORD).url == "/w/"
    squatter.get("/accounts/confirm-email/")
    assert not is_signed_in(squatter)


def test_SR13_somebody_who_moves_to_the_address_gets_it(
    squatter: Client, ana_client: Client, ana: User, clock: Clock, mailoutbox: list[EmailMessage]
) -> None:
    clock.forward(20)
    ana_client.post("/accounts/reauthenticate/", {"password": "correct horse battery staple"})
    ana_client.post("/accounts/email/", {"email": VICTIM, "action_add": ""})
    enter_code(ana_client, code_of(mailoutbox[-1]))
    ana.refresh_from_db()
    assert ana.email == VICTIM
    assert User.objects.filter(email=VICTIM).count() == 1


@pytest.mark.parametrize(
    "grown",
    [
        lambda user: User.objects.filter(pk=user.pk).update(is_staff=True),
        lambda user: EmailAddress.objects.filter(user=user).update(verified=True),
        lambda user: EmailAddress.objects.filter(user=user).delete(),
        lambda user: User.objects.filter(pk=user.pk).update(last_login=user.date_joined),
        lambda user: Membership.unscoped.create(
            workspace=Workspace.objects.create(name="W", slug="w"), user=user, role=Role.VIEWER
        ),
    ],
    ids=["staff", "verified", "made by hand", "was here", "is a member"],
)
def test_only_a_mere_sign_up_gives_way(squatter: Client, client: Client, grown: Callable[[User], object]) -> None:
    user = User.objects.get(email=VICTIM)
    assert unproven.is_unproven(user)
    grown(user)
    user.refresh_from_db()
    assert not unproven.is_unproven(user)
    sign_up(client, VICTIM)
    assert User.objects.get(email=VICTIM).pk == user.pk
