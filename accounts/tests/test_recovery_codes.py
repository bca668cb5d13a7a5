"""Recovery codes: shown once, each works once, and it is said when few are left."""

from __future__ import annotations

import re
from collections.abc import Callable

import pytest
from django.core.mail import EmailMessage
from django.test import Client

from accounts.factors import codes
from accounts.models import User
from accounts.tests.conftest import Clock
from accounts.tests.steps import confirm, is_signed_in, second_step, see_recovery_codes, set_up_app, sign_in

ANA = "ana@acme.test"
SHOW, NEW = "/accounts/2fa/recovery-codes/", "/accounts/2fa/recovery-codes/generate/"
Browser = Callable[[], Client]
pytestmark = pytest.mark.usefixtures("clock")


@pytest.fixture
def ten(ana_client: Client) -> list[str]:
    set_up_app(ana_client)
    return see_recovery_codes(ana_client)


def test_they_are_shown_once(ana_client: Client) -> None:
    set_up_app(ana_client)
    page = ana_client.get(SHOW)
    shown = re.findall(r"\d{4} \d{4}", page.context["sheet"])
    assert len(set(shown)) == 10
    assert all(code in page.content.decode() for code in shown)
    assert "download=" in page.content.decode() and "data-print" in page.content.decode()
    assert "no-store" in page["Cache-Control"]
    assert ana_client.get(SHOW).url == "/accounts/2fa/"
    assert shown[0] not in ana_client.get("/accounts/2fa/").content.decode()


def test_SR17_each_works_once(ten: list[str], browser: Browser) -> None:
    for works in (True, False):
        client = browser()
        sign_in(client, ANA)
        second_step(client, ten[0])
        assert is_signed_in(client) is works


def test_it_may_be_typed_without_the_space(ten: list[str], client: Client) -> None:
    sign_in(client, ANA)
    assert second_step(client, ten[3].replace(" ", "")).status_code == 302


def test_few_left_is_said_at_once_and_on_the_page(
    ten: list[str], ana: User, ana_client: Client, client: Client
) -> None:
    assert "notice-warn" not in ana_client.get("/accounts/2fa/").content.decode()
    for code in ten[: 10 - codes.FEW - 1]:
        assert codes.accept(ana, code)
    sign_in(client, ANA)
    second_step(client, ten[-1])
    said = [str(message) for message in client.get("/accounts/photo/").context["messages"]]
    assert any("3 recovery codes are left." in one and "Make new ones" in one for one in said)
    page = client.get("/accounts/2fa/").content.decode()
    assert "notice-warn" in page and "3 recovery codes are left." in page


@pytest.mark.django_db(transaction=True, serialized_rollback=True)
def test_a_new_set_ends_the_old_one(
    ten: list[str], ana_client: Client, client: Client, mailoutbox: list[EmailMessage]
) -> None:
    assert ana_client.post(NEW).url == SHOW
    assert "New recovery codes" in mailoutbox[-1].subject
    fresh_ones = see_recovery_codes(ana_client)
    assert len(fresh_ones) == 10
    sign_in(client, ANA)
    assert second_step(client, ten[0]).status_code == 422
    assert second_step(client, fresh_ones[0]).status_code == 302


def test_there_are_none_without_a_second_step(ana_client: Client) -> None:
    confirm(ana_client)
    assert ana_client.get(SHOW).url == "/accounts/2fa/"
    assert ana_client.post(NEW).status_code == 422


def test_SR17_seeing_and_making_them_takes_a_fresh_confirmation(
    ten: list[str], ana_client: Client, clock: Clock
) -> None:
    clock.forward(301)
    for address in (SHOW, NEW):
        assert ana_client.get(address).url.startswith("/accounts/reauthenticate/")
