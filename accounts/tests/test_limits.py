"""How often one may try (S-03…S-05, AT-02…AT-04, SR-18): per network, per account, and never for good."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from django.core.mail import EmailMessage
from django.test import Client

from accounts import limits
from accounts.models import User
from accounts.tests.conftest import Clock
from accounts.tests.steps import (
    GOOD_PASSWORD,
    ask_for_reset,
    choose_password,
    is_signed_in,
    open_reset,
    path_of,
    sign_in,
    sign_up,
)
from conftest import PASSWORD

ANA, OMAR = "ana@acme.test", "omar@acme.test"
HERE, ELSEWHERE = {"REMOTE_ADDR": "203.0.113.7"}, {"REMOTE_ADDR": "198.51.100.9"}
Browser = Callable[[], Client]
pytestmark = pytest.mark.usefixtures("clock")


def networks(count: int) -> list[dict[str, str]]:
    return [{"REMOTE_ADDR": f"192.0.2.{number}"} for number in range(count)]


def fail(client: Client, email: str, times: int, **network: Any) -> None:
    for _ in range(times):
        assert sign_in(client, email, "a wrong password", **network).status_code == 422


# --- Wrong passwords --------------------------------------------------------------------------------------------------


def test_AT02_the_sixth_wrong_sign_in_waits_for_a_quarter(client: Client, ana: User, clock: Clock) -> None:
    fail(client, ANA, 5, **HERE)
    refused = sign_in(client, ANA, **HERE)
    assert refused.status_code == 429
    assert 0 < int(refused["Retry-After"]) <= 15 * 60
    assert "Too many wrong passwords" in refused.content.decode()
    assert 'href="/accounts/password/reset/"' in refused.content.decode()
    assert not is_signed_in(client)
    clock.forward(int(refused["Retry-After"]) + 1)
    assert sign_in(client, ANA, **HERE).status_code == 302


def test_AT04_what_succeeds_does_not_use_up_the_tries(ana: User, browser: Browser) -> None:
    for _ in range(12):
        assert sign_in(browser(), ANA, **HERE).status_code == 302
    fail(browser(), ANA, 5, **HERE)
    assert sign_in(browser(), ANA, **HERE).status_code == 429


def test_SR18_one_persons_success_does_not_clear_the_count(ana: User, omar: User, browser: Browser) -> None:
    fail(browser(), ANA, 4, **HERE)
    assert sign_in(browser(), OMAR, **HERE).status_code == 302
    fail(browser(), ANA, 1, **HERE)
    assert sign_in(browser(), ANA, **HERE).status_code == 429


def test_S04_another_network_is_not_kept_out(ana: User, browser: Browser) -> None:
    fail(browser(), ANA, 5, **HERE)
    assert sign_in(browser(), ANA, **ELSEWHERE).status_code == 302


def test_SR18_an_address_of_the_same_ipv6_network_counts_with_it(ana: User, browser: Browser) -> None:
    for last in range(5):
        fail(browser(), ANA, 1, REMOTE_ADDR=f"2001:db8:1:2::{last + 1}")
    assert sign_in(browser(), ANA, REMOTE_ADDR="2001:db8:1:2:ffff::9").status_code == 429
    assert sign_in(browser(), ANA, REMOTE_ADDR="2001:db8:1:3::1").status_code == 302


@pytest.mark.parametrize(("proxies", "status"), [(0, 429), (1, 302)])
def test_SR18_a_forwarded_address_counts_only_behind_our_proxies(
    ana: User, browser: Browser, settings: Any, proxies: int, status: int
) -> None:
    settings.TRUSTED_PROXIES = proxies
    for number in range(5):
        fail(browser(), ANA, 1, headers={"X-Forwarded-For": f"203.0.113.{number}"})
    answer = sign_in(browser(), ANA, headers={"X-Forwarded-For": "203.0.113.99"})
    assert answer.status_code == status


def test_SR18_behind_a_proxy_the_callers_own_word_is_not_believed(ana: User, browser: Browser, settings: Any) -> None:
    settings.TRUSTED_PROXIES = 1
    for number in range(5):
        fail(browser(), ANA, 1, headers={"X-Forwarded-For": f"10.0.0.{number}, 203.0.113.7"})
    assert sign_in(browser(), ANA, headers={"X-Forwarded-For": "10.9.9.9, 203.0.113.7"}).status_code == 429


def test_SR18_an_account_has_tries_over_all_networks_in_any_spelling(
    ana: User, browser: Browser, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(limits, "WRONG_PER_ACCOUNT", 6)
    spellings = [ANA, "ANA@acme.test", "ana@\uff41cme.test"] * 2
    for spelling, network in zip(spellings, networks(6), strict=True):
        fail(browser(), spelling, 1, **network)
    assert sign_in(browser(), ANA, **ELSEWHERE).status_code == 429
    assert sign_in(browser(), "zoe@acme.test", "wrong", **ELSEWHERE).status_code == 422


def test_SR18_a_limit_is_the_same_for_an_address_nobody_has(
    ana: User, browser: Browser, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(limits, "WRONG_PER_ACCOUNT", 3)
    for address in (ANA, "nobody@acme.test"):
        for network in networks(3):
            fail(browser(), address, 1, **network)
        assert sign_in(browser(), address, "wrong", **ELSEWHERE).status_code == 429


def test_a_limit_is_told_before_the_password_is_looked_at(client: Client, ana: User, hashes: list[str]) -> None:
    fail(client, ANA, 5, **HERE)
    hashes.clear()
    sign_in(client, ANA, **HERE)
    assert not hashes


# --- The owner always gets in -----------------------------------------------------------------------------------------


@pytest.fixture
def under_attack(ana: User, browser: Browser, monkeypatch: pytest.MonkeyPatch) -> Callable[[], None]:
    """Somebody with many networks uses Ana's tries up, as often as called."""
    monkeypatch.setattr(limits, "WRONG_PER_ACCOUNT", 6)

    def attack() -> None:
        for network in networks(6):
            sign_in(browser(), ANA, "a guess", **network)
        assert sign_in(browser(), ANA, **ELSEWHERE).status_code == 429

    return attack


def test_SR18_a_browser_its_owner_has_used_has_tries_of_its_own(
    browser: Browser, under_attack: Callable[[], None]
) -> None:
    known = browser()
    sign_in(known, ANA, **ELSEWHERE)
    known.post("/accounts/logout/")
    under_attack()
    assert sign_in(known, ANA, **ELSEWHERE).status_code == 302


def test_SR18_a_known_browser_may_not_guess_for_ever_either(
    browser: Browser, ana: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(limits, "WRONG_PER_ACCOUNT", 3)
    known = browser()
    sign_in(known, ANA, **ELSEWHERE)
    known.post("/accounts/logout/")
    for network in networks(3):
        fail(known, ANA, 1, **network)
    assert sign_in(known, ANA, **ELSEWHERE).status_code == 429
    assert sign_in(browser(), ANA, **ELSEWHERE).status_code == 302


def test_SR18_a_browser_of_one_person_is_no_known_browser_of_another(
    browser: Browser, omar: User, under_attack: Callable[[], None]
) -> None:
    omars = browser()
    sign_in(omars, OMAR, **ELSEWHERE)
    omars.post("/accounts/logout/")
    under_attack()
    assert sign_in(omars, ANA, **ELSEWHERE).status_code == 429


@pytest.mark.parametrize("cookie", ["", "x", "a:b:c", "\x00", "x" * 4000])
def test_a_made_up_cookie_makes_no_known_browser(
    browser: Browser, under_attack: Callable[[], None], cookie: str
) -> None:
    forger = browser()
    forger.cookies["minichat_device"] = cookie
    under_attack()
    assert sign_in(forger, ANA, **ELSEWHERE).status_code == 429


def test_SR18_the_reset_by_mail_leads_in_while_the_attack_goes_on(
    browser: Browser, under_attack: Callable[[], None], mailoutbox: list[EmailMessage]
) -> None:
    owner = browser()
    under_attack()
    ask_for_reset(owner, ANA, **ELSEWHERE)
    choose_password(owner, open_reset(owner, path_of(mailoutbox[-1])))
    assert sign_in(owner, ANA, GOOD_PASSWORD, **ELSEWHERE).status_code == 302


# --- Sign-ups, resets, calls ------------------------------------------------------------------------------------------


def test_AT03_the_fourth_sign_up_of_a_network_waits(db: None, browser: Browser, clock: Clock) -> None:
    for number in range(3):
        assert sign_up(browser(), f"{number}@flowers.test", **HERE).status_code == 302
    refused = sign_up(browser(), "4@flowers.test", **HERE)
    assert refused.status_code == 429
    assert 0 < int(refused["Retry-After"]) <= 60 * 60
    assert User.objects.count() == 3
    assert sign_up(browser(), "4@flowers.test", **ELSEWHERE).status_code == 302
    clock.forward(60 * 60 + 1)
    assert sign_up(browser(), "5@flowers.test", **HERE).status_code == 302


def test_S05_a_form_with_mistakes_is_no_sign_up(db: None, browser: Browser) -> None:
    for _ in range(5):
        assert sign_up(browser(), "no address", **HERE).status_code == 422
    assert sign_up(browser(), "malee@flowers.test", **HERE).status_code == 302


def test_AT03_the_101st_anonymous_call_waits(db: None, clock: Clock) -> None:
    paths = ["/accounts/login/", "/accounts/signup/", "/accounts/password/reset/", "/accounts/login/?next=/w/"]
    for number in range(100):
        assert Client().get(paths[number % 4], **HERE).status_code == 200
    refused = Client().get("/accounts/login/", **HERE)
    assert refused.status_code == 429
    assert 0 < int(refused["Retry-After"]) <= 15 * 60
    assert Client().get("/accounts/login/", **ELSEWHERE).status_code == 200
    assert Client().get("/", **HERE).status_code == 200
    assert Client().get("/health", **HERE).status_code == 200


def test_S03_somebody_signed_in_is_not_counted_with_strangers(ana: User) -> None:
    client = Client()
    client.force_login(ana)
    for _ in range(101):
        assert client.get("/accounts/password/change/", **HERE).status_code == 200


def test_SR18_resets_of_an_account_are_few_in_any_spelling(
    ana: User, browser: Browser, mailoutbox: list[EmailMessage]
) -> None:
    spellings = [ANA, "ANA@acme.test", "ana@\uff41cme.test"] * 2
    for spelling, network in zip(spellings[:5], networks(5), strict=True):
        assert ask_for_reset(browser(), spelling, **network).status_code == 302
    refused = ask_for_reset(browser(), spellings[5], **ELSEWHERE)
    assert refused.status_code == 429
    assert len(mailoutbox) == 5


def test_SR18_resets_of_a_network_are_few(db: None, browser: Browser) -> None:
    for number in range(20):
        assert ask_for_reset(browser(), f"{number}@x.test", **HERE).status_code == 302
    assert ask_for_reset(browser(), "21@x.test", **HERE).status_code == 429


def test_SR18_an_open_session_is_no_place_to_guess_the_password(ana_client: Client) -> None:
    form = {"oldpassword": "a guess", "password1": GOOD_PASSWORD, "password2": GOOD_PASSWORD}
    for _ in range(5):
        assert ana_client.post("/accounts/password/change/", form).status_code == 422
    right = {**form, "oldpassword": PASSWORD}
    assert ana_client.post("/accounts/password/change/", right).status_code == 429
    assert ana_client.post("/accounts/reauthenticate/", {"password": PASSWORD}).status_code == 429


def test_benchmarks_may_stretch_every_limit(ana: User, browser: Browser, settings: Any) -> None:
    settings.THROTTLE_SCALE = 2
    fail(browser(), ANA, 10, **HERE)
    assert sign_in(browser(), ANA, **HERE).status_code == 429


def test_the_wait_is_told_in_the_readers_language(client: Client, ana: User) -> None:
    client.cookies["minichat_language"] = "th"
    fail(client, ANA, 5, **HERE)
    page = sign_in(client, ANA, **HERE).content.decode()
    assert "Too many" not in page


def test_a_machine_is_told_in_its_own_way(client: Client, ana: User) -> None:
    fail(client, ANA, 5, **HERE)
    refused = sign_in(client, ANA, headers={"Accept": "application/json"}, **HERE)
    assert refused.json()["code"] == "rate_limited"
    assert int(refused["Retry-After"]) > 0
