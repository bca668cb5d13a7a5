"""Sign-in with a code that is mailed."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from allauth.account.models import EmailAddress
from django.core.mail import EmailMessage
from django.test import Client

from accounts import limits
from accounts.models import User
from accounts.tests.conftest import Clock
from accounts.tests.steps import (
    GOOD_PASSWORD,
    ask_for_code,
    code_of,
    enter_login_code,
    is_signed_in,
    sign_in,
    sign_up,
    wrong,
)
from notifications.models import OutgoingEmail
from workspaces.models import Workspace

ANA = "ana@acme.test"
HERE, ELSEWHERE = {"REMOTE_ADDR": "203.0.113.7"}, {"REMOTE_ADDR": "198.51.100.9"}
Browser = Callable[[], Client]
Mails = Callable[[str], list[EmailMessage]]


@pytest.fixture
def code(client: Client, acme: Workspace, clock: Clock, mailoutbox: list[EmailMessage]) -> str:
    """Ana has asked for a code and reads her mail."""
    assert ask_for_code(client, ANA).url == "/accounts/login/code/confirm/"
    clock.forward(15)
    return code_of(mailoutbox[-1])


def test_the_code_signs_in(client: Client, code: str) -> None:
    assert enter_login_code(client, code).url == "/w/"
    assert client.get("/w/").url.startswith("/w/acme/")


def test_the_sign_in_page_offers_it_and_keeps_where_one_was_going(
    client: Client, ana: User, mailoutbox: list[EmailMessage]
) -> None:
    assert 'href="/accounts/login/code/?next=%2Fw%2Facme%2F"' in client.get("/accounts/login/?next=/w/acme/").text
    on = client.post("/accounts/login/code/?next=/w/acme/", {"email": ANA, "next": "/w/acme/"}).url
    assert client.post(on, {"code": code_of(mailoutbox[0])}).url == "/w/acme/"


@pytest.mark.parametrize("evil", ["https://evil.example/", "//evil.example/", "javascript:alert(1)"])
def test_the_way_on_stays_on_our_site(client: Client, code: str, evil: str) -> None:
    answer = client.post(f"/accounts/login/code/confirm/?next={evil}", {"code": code, "next": evil})
    assert answer.url == "/w/"


def test_an_address_may_be_typed_in_any_form(client: Client, ana: User, mailoutbox: list[EmailMessage]) -> None:
    ask_for_code(client, " ANA@\uff41cme.test ")
    assert [mail.to for mail in mailoutbox] == [[ANA]]


def test_SR15_the_session_id_changes(client: Client, code: str) -> None:
    before = client.session.session_key
    enter_login_code(client, code)
    assert client.session.session_key != before
    assert not client.session.exists(before)


def test_SR16_three_wrong_codes_end_it(client: Client, code: str) -> None:
    for _ in range(3):
        last = enter_login_code(client, wrong(code))
    assert last.url == "/accounts/login/code/"
    enter_login_code(client, code)
    assert not is_signed_in(client)


@pytest.mark.parametrize(("minutes", "works"), [(14, True), (15, False)])
def test_SR16_a_code_lives_for_fifteen_minutes(
    client: Client, code: str, clock: Clock, minutes: int, works: bool
) -> None:
    clock.forward(minutes * 60)
    enter_login_code(client, code)
    assert is_signed_in(client) is works


def test_SR16_a_code_works_once_and_in_its_own_browser(client: Client, code: str, browser: Browser) -> None:
    other = browser()
    ask_for_code(other, ANA)
    assert enter_login_code(other, code).status_code == 422
    assert not is_signed_in(other)
    enter_login_code(client, code)
    client.post("/accounts/logout/")
    enter_login_code(client, code)
    assert not is_signed_in(client)


def test_SR16_a_code_dies_when_the_address_has_moved(client: Client, code: str, ana: User) -> None:
    User.objects.filter(pk=ana.pk).update(email="ana@new.test")
    assert enter_login_code(client, code).status_code == 422
    assert not is_signed_in(client)


def test_SR16_a_code_of_one_kind_is_no_code_of_another(client: Client, code: str) -> None:
    client.post("/accounts/confirm-email/", {"code": code})
    assert not is_signed_in(client)


def test_SR16_guesses_that_come_at_the_same_moment_are_counted(
    client: Client, code: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """They all read a session in which nobody has guessed yet."""
    monkeypatch.setattr(limits, "WRONG_PER_NETWORK", 1000)
    before = client.session["account_login"]
    statuses = []
    for _ in range(14):
        session = client.session
        session["account_login"] = before
        session.save()
        statuses.append(enter_login_code(client, wrong(code)).status_code)
    assert statuses == [422] * 12 + [429] * 2
    session["account_login"] = before
    session.save()
    assert enter_login_code(client, code).status_code == 429


def test_somebody_switched_off_gets_no_code(client: Client, ana: User, mails_to: Mails) -> None:
    User.objects.update(is_active=False)
    assert ask_for_code(client, ANA).url == "/accounts/login/code/confirm/"
    assert not mails_to(ANA)


def test_nobody_gets_no_code_and_no_guess_opens(client: Client, clock: Clock, db: None, settings: Any) -> None:
    settings.EMAIL_BACKEND = "notifications.backends.OutboxBackend"
    ask_for_code(client, "zoe@acme.test")
    clock.forward(15)
    client.post("/accounts/login/code/confirm/", {"action": "resend"})
    assert not OutgoingEmail.unscoped.exists()
    # allauth draws a code for nobody when one asks for another.
    code = str(client.session["account_login"]).partition("'code': '")[2][:6]
    assert enter_login_code(client, code or "000000").status_code == 422
    assert not User.objects.exists()


@pytest.mark.parametrize("typed", ["", "12345", "abcdef", "\x00", "9" * 10_000, "๑๒๓๔๕๖", "-"])
def test_what_is_no_code_is_a_wrong_code(client: Client, code: str, typed: str) -> None:
    assert enter_login_code(client, typed).status_code == 422
    assert enter_login_code(client, code).status_code == 302


@pytest.mark.parametrize("typed", ["", "no address", f"{'a' * 10_000}@x.test", "a\x00@x.test"])
def test_what_is_no_address_is_told(client: Client, db: None, mailoutbox: list[EmailMessage], typed: str) -> None:
    assert ask_for_code(client, typed).status_code == 422
    assert not mailoutbox


# --- How often --------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(("which", "mails"), [(0, 1), (1, 6), (2, 30)], ids=["ten seconds", "a quarter", "a day"])
def test_SR18_the_mails_to_one_address_are_few_whoever_asks(
    ana: User,
    clock: Clock,
    browser: Browser,
    mails_to: Mails,
    which: int,
    mails: int,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(limits, "CODES_PER_ACCOUNT", [limits.CODES_PER_ACCOUNT[which]])
    for network in range(35):
        answer = ask_for_code(browser(), ANA, REMOTE_ADDR=f"203.0.113.{network}")
        assert answer.status_code == (302 if network < mails else 429)
    assert len(mails_to(ANA)) == mails


def test_SR18_the_mails_of_one_network_are_few(db: None, clock: Clock, browser: Browser) -> None:
    for number in range(20):
        assert ask_for_code(browser(), f"{number}@x.test", **HERE).status_code == 302
    refused = ask_for_code(browser(), "21@x.test", **HERE)
    assert refused.status_code == 429
    assert int(refused["Retry-After"]) > 0


def test_SR18_a_browser_its_owner_has_used_gets_its_mail_while_strangers_use_theirs_up(
    ana: User, clock: Clock, browser: Browser, mailoutbox: list[EmailMessage], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(limits, "CODES_PER_ACCOUNT", [(6, limits.QUARTER)])
    known = browser()
    sign_in(known, ANA, **ELSEWHERE)
    known.post("/accounts/logout/")
    for network in range(6):
        ask_for_code(browser(), ANA, REMOTE_ADDR=f"203.0.113.{network}")
    assert ask_for_code(browser(), ANA, **ELSEWHERE).status_code == 429
    assert ask_for_code(known, ANA, **ELSEWHERE).status_code == 302
    assert enter_login_code(known, code_of(mailoutbox[-1]), **ELSEWHERE).status_code == 302


def test_SR18_wrong_codes_and_wrong_passwords_use_up_the_same_tries(
    client: Client, code: str, browser: Browser, clock: Clock
) -> None:
    for _ in range(2):
        assert enter_login_code(client, wrong(code), **HERE).status_code == 422
    for _ in range(3):
        assert sign_in(browser(), ANA, "a guess", **HERE).status_code == 422
    assert sign_in(browser(), ANA, **HERE).status_code == 429
    assert enter_login_code(client, code, **HERE).status_code == 429
    assert enter_login_code(client, code, **ELSEWHERE).status_code == 302


def test_SR18_guessing_at_the_password_does_not_close_the_way_by_code(
    client: Client, code: str, browser: Browser, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(limits, "WRONG_PER_ACCOUNT", 3)
    for network in range(3):
        sign_in(browser(), ANA, "a guess", REMOTE_ADDR=f"192.0.2.{network}")
    assert sign_in(browser(), ANA, **ELSEWHERE).status_code == 429
    assert enter_login_code(client, code, **ELSEWHERE).status_code == 302


# --- Addresses that nobody has proven ---------------------------------------------------------------------------------


def test_SR13_the_code_makes_a_waiting_sign_up_its_owners(
    browser: Browser, client: Client, clock: Clock, mailoutbox: list[EmailMessage]
) -> None:
    """A stranger typed Malee's address first; Malee asks for a code."""
    sign_up(browser(), "malee@flowers.test", "mine now, thank you", name="Evil")
    clock.forward(15)
    ask_for_code(client, "malee@flowers.test")
    assert enter_login_code(client, code_of(mailoutbox[-1])).status_code == 302
    assert is_signed_in(client)
    owner = User.objects.get(email="malee@flowers.test")
    assert owner.name == ""
    assert not owner.has_usable_password()
    assert EmailAddress.objects.get(user=owner).verified
    assert Workspace.objects.count() == 1


def test_the_code_leaves_a_proven_account_as_it_is(client: Client, code: str, ana: User) -> None:
    password = ana.password
    enter_login_code(client, code)
    ana.refresh_from_db()
    assert (ana.name, ana.password) == ("Ana Srisuk", password)


def test_without_the_code_a_waiting_sign_up_keeps_its_password(
    browser: Browser, client: Client, clock: Clock, mailoutbox: list[EmailMessage]
) -> None:
    sign_up(browser(), "malee@flowers.test")
    clock.forward(15)
    ask_for_code(client, "malee@flowers.test")
    enter_login_code(client, wrong(code_of(mailoutbox[-1])))
    assert User.objects.get().check_password(GOOD_PASSWORD)


def test_SR14_a_foreign_host_name_is_refused(client: Client, ana: User, settings: Any) -> None:
    settings.ALLOWED_HOSTS = ["testserver"]
    assert client.get("/accounts/login/code/", headers={"Host": "evil.example"}).status_code == 400
    answer = client.get("/accounts/login/code/", headers={"X-Forwarded-Host": "evil.example"})
    assert answer.status_code == 200
    assert "evil" not in answer.text
