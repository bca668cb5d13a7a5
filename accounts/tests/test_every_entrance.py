"""Whatever way somebody comes in, the second step stands before the first usable credential (SR-17)."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from django.core.mail import EmailMessage
from django.test import Client

from accounts.models import User
from accounts.tests.conftest import Clock
from accounts.tests.providers import Stub, connected, says, sign_in_with
from accounts.tests.steps import (
    GOOD_PASSWORD,
    ask_for_code,
    ask_for_reset,
    choose_password,
    code_of,
    enter_login_code,
    is_signed_in,
    open_reset,
    path_of,
    second_step,
    set_up_app,
    sign_in,
    totp_code,
)

ANA = "ana@acme.test"
STEP = "/accounts/2fa/authenticate/"


@pytest.fixture
def secret(ana_client: Client, clock: Clock) -> str:
    secret = set_up_app(ana_client)
    clock.forward(60)
    return secret


def by_password(client: Client, stub: Stub, mails: list[EmailMessage]) -> None:
    sign_in(client, ANA)


def by_mailed_code(client: Client, stub: Stub, mails: list[EmailMessage]) -> None:
    ask_for_code(client, ANA)
    enter_login_code(client, code_of(mails[-1]))


def by_reset(client: Client, stub: Stub, mails: list[EmailMessage]) -> None:
    ask_for_reset(client, ANA)
    choose_password(client, open_reset(client, path_of(mails[-1])))
    sign_in(client, ANA, GOOD_PASSWORD)


def by_provider(client: Client, stub: Stub, mails: list[EmailMessage]) -> None:
    connected(User.objects.get(email=ANA), uid="ana-at-google")
    says(stub, "google", ANA, sub="ana-at-google")
    sign_in_with(client, stub, "google")


@pytest.mark.parametrize("come", [by_password, by_mailed_code, by_reset, by_provider])
def test_SR17_every_entrance_leads_to_the_second_step(
    client: Client,
    secret: str,
    ana: User,
    stub: Stub,
    mailoutbox: list[EmailMessage],
    come: Callable[[Client, Stub, list[EmailMessage]], Any],
) -> None:
    come(client, stub, mailoutbox)
    assert not is_signed_in(client)
    assert client.get("/w/acme/conversations/").status_code == 302
    assert client.get("/w/acme/conversations/", headers={"Accept": "application/json"}).status_code == 401
    assert client.get(STEP).status_code == 200
    assert second_step(client, totp_code(secret)).status_code == 302
    assert client.get("/w/acme/conversations/").status_code == 200
