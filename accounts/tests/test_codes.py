"""The six digits: three tries, fifteen minutes, one session."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from django.core.mail import EmailMessage
from django.test import Client

from accounts.models import User
from accounts.tests.conftest import Clock
from accounts.tests.steps import GOOD_PASSWORD, code_of, enter_code, is_signed_in, resend_code, sign_in, sign_up, wrong

MALEE = "malee@flowers.test"
Browser = Callable[[], Client]


@pytest.fixture
def code(client: Client, db: None, clock: Clock, mailoutbox: list[EmailMessage]) -> str:
    """Malee has signed up and reads her mail."""
    sign_up(client, MALEE)
    clock.forward(20)
    return code_of(mailoutbox[0])


def test_S09_a_wrong_code_says_so_and_the_right_one_still_works(client: Client, code: str) -> None:
    assert enter_code(client, wrong(code)).status_code == 422
    assert enter_code(client, wrong(code)).status_code == 422
    assert enter_code(client, code).status_code == 302
    assert is_signed_in(client)


def test_SR16_three_wrong_codes_end_it(client: Client, code: str) -> None:
    for _ in range(3):
        last = enter_code(client, wrong(code))
    assert last.url == "/accounts/login/"
    assert enter_code(client, code).url == "/accounts/login/"
    assert not is_signed_in(client)


def test_signing_in_after_three_wrong_codes_mails_a_new_one(
    client: Client, code: str, mailoutbox: list[EmailMessage]
) -> None:
    for _ in range(3):
        enter_code(client, wrong(code))
    assert sign_in(client, MALEE, GOOD_PASSWORD).url == "/accounts/confirm-email/"
    assert enter_code(client, code_of(mailoutbox[-1])).status_code == 302
    assert is_signed_in(client)


@pytest.mark.parametrize(("minutes", "works"), [(14, True), (15, False)])
def test_SR16_a_code_lives_for_fifteen_minutes(
    client: Client, code: str, clock: Clock, minutes: int, works: bool
) -> None:
    clock.forward(minutes * 60)
    enter_code(client, code)
    assert is_signed_in(client) is works


def test_SR16_a_code_belongs_to_one_session(client: Client, code: str, browser: Browser) -> None:
    other = browser()
    assert enter_code(other, code).url == "/accounts/login/"
    assert not is_signed_in(other)
    sign_in(other, MALEE, GOOD_PASSWORD)
    assert enter_code(other, code).status_code == 422
    assert not is_signed_in(other)


def test_SR16_a_code_works_once(client: Client, code: str) -> None:
    enter_code(client, code)
    client.post("/accounts/logout/")
    assert enter_code(client, code).url == "/accounts/login/"
    assert not is_signed_in(client)


def test_a_new_code_replaces_the_old_one(client: Client, code: str, mailoutbox: list[EmailMessage]) -> None:
    assert resend_code(client).status_code == 302
    new = code_of(mailoutbox[-1])
    if new != code:
        assert enter_code(client, code).status_code == 422
    assert enter_code(client, new).status_code == 302


def test_a_new_code_gives_no_new_tries(client: Client, code: str, clock: Clock, mailoutbox: list[EmailMessage]) -> None:
    enter_code(client, wrong(code))
    enter_code(client, wrong(code))
    resend_code(client)
    assert enter_code(client, wrong(code_of(mailoutbox[-1]))).url == "/accounts/login/"


def test_SR18_two_more_codes_can_be_asked_for(
    client: Client, code: str, clock: Clock, mailoutbox: list[EmailMessage]
) -> None:
    for _ in range(5):
        resend_code(client)
        clock.forward(20)
    assert len(mailoutbox) == 3
    assert b'value="resend"' not in client.get("/accounts/confirm-email/").content


def test_SR18_codes_are_not_mailed_in_quick_succession(
    client: Client, code: str, clock: Clock, mailoutbox: list[EmailMessage]
) -> None:
    resend_code(client)
    refused = resend_code(client)
    assert refused.status_code == 429
    assert int(refused["Retry-After"]) > 0
    assert len(mailoutbox) == 2


def test_SR18_the_mails_to_one_address_are_few_whoever_asks(
    code: str, clock: Clock, browser: Browser, mailoutbox: list[EmailMessage]
) -> None:
    """Each mail is three guesses: without a bound somebody patient would confirm an address that is not theirs."""
    for network in range(40):
        sign_in(browser(), MALEE, GOOD_PASSWORD, REMOTE_ADDR=f"203.0.113.{network}")
        clock.forward(15)
    assert len(mailoutbox) == 6
    for _ in range(6):
        clock.forward(16 * 60)
        for network in range(10):
            sign_in(browser(), MALEE, GOOD_PASSWORD, REMOTE_ADDR=f"203.0.114.{network}")
            clock.forward(15)
    assert len(mailoutbox) == 30


@pytest.mark.parametrize("typed", ["", "12345", "1234567", "abcdef", "\x00", "9" * 10_000, "๑๒๓๔๕๖"])
def test_what_is_no_code_is_a_wrong_code(client: Client, code: str, typed: str) -> None:
    assert enter_code(client, typed).status_code == 422
    assert enter_code(client, code).status_code == 302


def test_the_page_without_a_sign_up_leads_to_sign_in(client: Client, db: None) -> None:
    assert client.get("/accounts/confirm-email/").url == "/accounts/login/"
    assert enter_code(client, "123456").url == "/accounts/login/"
    assert not User.objects.exists()
