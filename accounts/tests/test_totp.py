"""The authenticator app: set up with a picture or a key, each code works once, no session before it (SR-17)."""

from __future__ import annotations

import base64
import threading
from collections.abc import Callable
from typing import Any

import pytest
from allauth.mfa.models import Authenticator
from django.core.mail import EmailMessage
from django.db import connections
from django.test import Client
from django.urls import reverse

from accounts.factors import codes
from accounts.models import User
from accounts.tests.conftest import Clock
from accounts.tests.steps import (
    GOOD_PASSWORD,
    ask_for_reset,
    choose_password,
    confirm,
    is_signed_in,
    open_reset,
    path_of,
    second_step,
    set_up_app,
    sign_in,
    totp_code,
)
from conftest import signed_in

ANA = "ana@acme.test"
ACTIVATE = "/accounts/2fa/totp/activate/"
Browser = Callable[[], Client]
pytestmark = pytest.mark.usefixtures("clock")


@pytest.fixture
def secret(ana_client: Client, clock: Clock) -> str:
    """Ana has an app; half a minute has passed since."""
    secret = set_up_app(ana_client)
    clock.forward(60)
    return secret


@pytest.fixture
def half_way(secret: str, browser: Browser) -> Client:
    """A browser that has given Ana's password."""
    client = browser()
    assert sign_in(client, ANA).url == "/accounts/2fa/authenticate/"
    return client


# --- Setting it up ----------------------------------------------------------------------------------------------------


def test_the_page_has_a_picture_and_the_key_as_text(ana_client: Client, ana: User) -> None:
    confirm(ana_client)
    page = ana_client.get(ACTIVATE)
    source = page.context["totp_svg_data_uri"]
    assert source.startswith("data:image/svg+xml;base64,")
    assert b"<svg" in base64.b64decode(source.partition(",")[2])
    assert f'src="{source}"' in page.content.decode()
    assert page.context["secret"].replace(" ", "") in page.context["totp_url"]
    assert "issuer=MiniChat" in page.context["totp_url"]
    assert page["Cache-Control"] and "no-store" in page["Cache-Control"]


def test_SR17_the_secret_is_encrypted_in_the_database(ana: User, secret: str) -> None:
    kept = str(Authenticator.objects.get(user=ana, type="totp").data)
    assert secret.replace(" ", "") not in kept
    recovery = Authenticator.objects.get(user=ana, type="recovery_codes")
    assert all(code not in str(recovery.data) for code in recovery.wrap().get_unused_codes())


@pytest.mark.django_db(transaction=True, serialized_rollback=True)
def test_the_owner_is_told_when_it_comes_and_when_it_goes(ana_client: Client, mailoutbox: list[EmailMessage]) -> None:
    set_up_app(ana_client)
    ana_client.post("/accounts/2fa/totp/deactivate/")
    assert [mail.to for mail in mailoutbox] == [[ANA], [ANA]]
    assert "added" in mailoutbox[0].subject
    assert "removed" in mailoutbox[1].subject
    assert "127.0.0.1" in str(mailoutbox[0].body)


@pytest.mark.parametrize("typed", ["", "000000", "abc", "1" * 200, "\x00", "๑๒๓๔๕๖"])
def test_a_wrong_code_sets_nothing_up_and_keeps_the_key(ana_client: Client, ana: User, typed: str) -> None:
    confirm(ana_client)
    key = ana_client.get(ACTIVATE).context["secret"]
    answer = ana_client.post(ACTIVATE, {"code": typed})
    assert answer.status_code == 422
    assert answer.context["secret"] == key
    assert not Authenticator.objects.filter(user=ana).exists()


def test_setting_up_twice_is_once(ana_client: Client, ana: User, secret: str) -> None:
    confirm(ana_client)
    assert ana_client.post(ACTIVATE, {"code": totp_code(secret)}).status_code == 302
    assert Authenticator.objects.filter(user=ana, type="totp").count() == 1


def test_removing_it_takes_the_recovery_codes_along(ana_client: Client, ana: User, secret: str) -> None:
    confirm(ana_client)
    assert ana_client.post("/accounts/2fa/totp/deactivate/").status_code == 302
    assert not Authenticator.objects.filter(user=ana).exists()
    assert sign_in(Client(), ANA).url == "/w/"


# --- Signing in -------------------------------------------------------------------------------------------------------


def test_the_code_leads_in_and_to_where_one_wanted_to_go(secret: str, client: Client) -> None:
    client.post("/accounts/login/?next=/accounts/photo/", {"login": ANA, "password": "correct horse battery staple"})
    assert second_step(client, totp_code(secret)).url == "/accounts/photo/"
    assert is_signed_in(client)


def test_SR17_before_the_code_there_is_no_session(half_way: Client, acme: object) -> None:
    assert not is_signed_in(half_way)
    assert half_way.get("/w/acme/conversations/").status_code == 302
    assert half_way.post(reverse("logo", args=["acme"])).status_code == 401
    assert half_way.get("/accounts/2fa/").status_code == 302
    assert half_way.get("/accounts/email/").status_code == 302


def test_SR15_the_session_has_a_new_id_after_the_code(half_way: Client, secret: str) -> None:
    before = half_way.session.session_key
    second_step(half_way, totp_code(secret))
    assert is_signed_in(half_way)
    assert half_way.session.session_key != before


def test_SR17_a_code_works_once(half_way: Client, secret: str, browser: Browser) -> None:
    code = totp_code(secret)
    second_step(half_way, code)
    other = browser()
    sign_in(other, ANA)
    assert second_step(other, code).status_code == 422
    assert not is_signed_in(other)


def test_SR17_the_code_that_set_it_up_is_used_up(ana_client: Client, browser: Browser) -> None:
    secret = set_up_app(ana_client)
    client = browser()
    sign_in(client, ANA)
    assert second_step(client, totp_code(secret)).status_code == 422
    assert second_step(client, totp_code(secret, 1)).status_code == 302


def test_SR17_an_older_code_is_dead_once_a_newer_one_was_used(half_way: Client, secret: str, browser: Browser) -> None:
    second_step(half_way, totp_code(secret))
    other = browser()
    sign_in(other, ANA)
    assert second_step(other, totp_code(secret, -1)).status_code == 422


@pytest.mark.parametrize(("steps", "works"), [(-2, False), (-1, True), (0, True), (1, True), (2, False)])
def test_a_clock_may_be_half_a_minute_off(half_way: Client, secret: str, steps: int, works: bool) -> None:
    second_step(half_way, totp_code(secret, steps))
    assert is_signed_in(half_way) is works


def test_spaces_do_not_matter(half_way: Client, secret: str) -> None:
    code = totp_code(secret)
    assert second_step(half_way, f" {code[:3]} {code[3:]} ").status_code == 302


def test_SR17_a_reset_by_mail_does_not_lead_around_it(
    secret: str, client: Client, mailoutbox: list[EmailMessage]
) -> None:
    ask_for_reset(client, ANA)
    choose_password(client, open_reset(client, path_of(mailoutbox[-1])))
    assert not is_signed_in(client)
    assert sign_in(client, ANA, GOOD_PASSWORD).url == "/accounts/2fa/authenticate/"
    assert not is_signed_in(client)


def test_the_page_without_a_password_before_it_leads_to_sign_in(client: Client, secret: str) -> None:
    assert client.get("/accounts/2fa/authenticate/").url == "/accounts/login/"
    assert second_step(client, totp_code(secret)).url == "/accounts/login/"


# --- How often --------------------------------------------------------------------------------------------------------


def test_SR18_wrong_codes_count_with_wrong_passwords(half_way: Client, secret: str) -> None:
    for _ in range(3):
        assert second_step(half_way, "000000").status_code == 422
    for _ in range(2):
        sign_in(Client(), ANA, "wrong")
    assert second_step(half_way, totp_code(secret)).status_code == 429
    assert sign_in(Client(), ANA).status_code == 429


def test_SR18_an_account_has_ten_tries_over_all_networks(
    half_way: Client, secret: str, clock: Clock, browser: Browser
) -> None:
    for number in range(10):
        assert second_step(half_way, "000000", REMOTE_ADDR=f"192.0.2.{number}").status_code == 422
    assert second_step(half_way, totp_code(secret), REMOTE_ADDR="198.51.100.1").status_code == 429
    clock.forward(16 * 60)
    assert second_step(half_way, totp_code(secret), REMOTE_ADDR="198.51.100.1").status_code == 302


def test_SR18_a_browser_the_owner_has_used_has_tries_of_its_own(
    half_way: Client, secret: str, browser: Browser, clock: Clock
) -> None:
    known = browser()
    sign_in(known, ANA)
    second_step(known, totp_code(secret))
    known.post("/accounts/logout/")
    clock.forward(60)
    for number in range(10):
        second_step(half_way, "000000", REMOTE_ADDR=f"192.0.2.{number}")
    sign_in(known, ANA, REMOTE_ADDR="198.51.100.1")
    assert second_step(known, totp_code(secret), REMOTE_ADDR="198.51.100.1").status_code == 302


# --- Another SECRET_KEY -----------------------------------------------------------------------------------------------


def test_a_new_key_of_the_house_reads_old_secrets_while_it_knows_the_old_key(
    half_way: Client, secret: str, settings: Any
) -> None:
    settings.SECRET_KEY_FALLBACKS = [settings.SECRET_KEY]
    settings.SECRET_KEY = "another-0123456789-abcdefghijklmnopqrstuv"
    second_step(half_way, totp_code(secret))
    assert is_signed_in(half_way)


def test_without_it_a_code_is_wrong_and_no_page_breaks(ana: User, secret: str, settings: Any) -> None:
    recovery = Authenticator.objects.get(user=ana, type="recovery_codes").wrap().get_unused_codes()[0]
    settings.SECRET_KEY = "another-0123456789-abcdefghijklmnopqrstuv"
    client = Client()
    sign_in(client, ANA)
    for code in (totp_code(secret), recovery):
        assert second_step(client, code).status_code == 422
    assert signed_in(ana).get("/accounts/2fa/").status_code == 200


# --- At the same moment -----------------------------------------------------------------------------------------------


@pytest.mark.django_db(transaction=True, serialized_rollback=True)
def test_SR17_a_code_works_once_also_at_the_same_moment(ana: User) -> None:
    from allauth.mfa.recovery_codes.internal.auth import RecoveryCodes
    from allauth.mfa.totp.internal.auth import TOTP, generate_totp_secret

    secret = generate_totp_secret()
    TOTP.activate(ana, secret)
    recovery = RecoveryCodes.activate(ana).get_unused_codes()[0]
    for code in (totp_code(secret), recovery):
        assert at_once(ana, code, 6).count(True) == 1


def at_once(user: User, code: str, people: int) -> list[bool]:
    taken: list[bool] = []
    barrier = threading.Barrier(people)

    def take() -> None:
        barrier.wait()
        taken.append(codes.accept(user, code) is not None)
        connections.close_all()

    threads = [threading.Thread(target=take) for _ in range(people)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return taken
