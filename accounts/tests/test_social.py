"""Google, GitHub and LINE: an identity is provider and subject, and no address opens what it has not proven (SR-12)."""

from __future__ import annotations

import time
from collections.abc import Callable
from typing import Any

import pytest
from allauth.account.models import EmailAddress
from allauth.mfa.models import Authenticator
from allauth.socialaccount.models import SocialAccount, SocialLogin
from django.core.mail import EmailMessage
from django.db import IntegrityError
from django.test import Client

from accounts.models import User
from accounts.tests.conftest import Clock
from accounts.tests.providers import (
    PROVIDERS,
    Stub,
    begin,
    come_back,
    connected,
    nobody_new,
    says,
    sign_in_with,
)
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
from conftest import PASSWORD
from workspaces.models import Workspace

ANA, MALEE = "ana@acme.test", "malee@flowers.test"
Browser = Callable[[], Client]
Mails = Callable[[str], list[EmailMessage]]

# --- Somebody new -----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("provider", ["google", "github"])
def test_a_proven_address_is_an_account_at_once(client: Client, stub: Stub, provider: str, mails_to: Mails) -> None:
    says(stub, provider, MALEE.upper())
    assert sign_in_with(client, stub, provider).url == "/w/"
    user = User.objects.get()
    assert (user.email, user.name) == (MALEE, "Malee")
    assert not user.has_usable_password()
    assert EmailAddress.objects.get(user=user).verified
    assert Workspace.objects.count() == 1
    assert len(mails_to(MALEE)) == 1  # the welcome, and nothing about a new browser
    client.post("/accounts/logout/")
    sign_in_with(client, stub, provider)
    assert is_signed_in(client)
    assert User.objects.count() == 1


@pytest.mark.parametrize("provider", PROVIDERS)
@pytest.mark.parametrize("address", [MALEE, None])
def test_SR12_an_unproven_or_missing_address_takes_a_code(
    client: Client, stub: Stub, provider: str, address: str | None, mails_to: Mails
) -> None:
    says(stub, provider, address, proven=False)
    assert sign_in_with(client, stub, provider).url == "/accounts/social/signup/"
    assert not User.objects.exists()
    page = client.get("/accounts/social/signup/").text
    assert (f'value="{MALEE}"' in page) is (address is not None)
    assert client.post("/accounts/social/signup/", {"email": MALEE, "name": "Malee"}).url == "/accounts/confirm-email/"
    assert not is_signed_in(client)
    enter_code(client, code_of(mails_to(MALEE)[0]))
    assert is_signed_in(client)
    assert SocialAccount.objects.get().user.email == MALEE
    assert Workspace.objects.count() == 1


@pytest.mark.parametrize("value", [False, None, "true", "false", 1, [], "yes"])
def test_SR12_only_true_means_proven(client: Client, ana: User, stub: Stub, value: Any) -> None:
    says(stub, "google", ANA, hd="acme.test")
    stub.claims["email_verified"] = value
    assert sign_in_with(client, stub, "google").url == "/accounts/social/signup/"
    nobody_new(ana)
    stub.emails = [{"email": ANA, "primary": True, "verified": value}]
    assert sign_in_with(client, stub, "github").url == "/accounts/social/signup/"
    nobody_new(ana)


def test_line_never_proves_an_address(client: Client, ana: User, stub: Stub) -> None:
    says(stub, "line", ANA, proven=True)
    assert sign_in_with(client, stub, "line").url == "/accounts/social/signup/"
    nobody_new(ana)


@pytest.mark.parametrize(
    ("emails", "expected"),
    [
        (
            [
                {"email": "b@x.test", "primary": False, "verified": True},
                {"email": MALEE, "primary": True, "verified": True},
            ],
            MALEE,
        ),
        (
            [{"email": ANA, "primary": False, "verified": True}, {"email": MALEE, "primary": True, "verified": True}],
            MALEE,
        ),
        (
            [{"email": ANA, "primary": False, "verified": True}, {"email": MALEE, "primary": True, "verified": False}],
            None,
        ),
        ([{"email": ANA, "primary": False, "verified": True}], None),
        ([{"email": "1+malee@users.noreply.github.com", "primary": True, "verified": True}], None),
    ],
    ids=["the main one", "not the other", "not proven", "no main one", "no mailbox"],
)
def test_SR12_of_githubs_addresses_the_main_one_counts(
    client: Client, ana: User, stub: Stub, emails: list[dict[str, Any]], expected: str | None
) -> None:
    says(stub, "github", None, email=ANA)  # the public address of a profile, which anybody may write there
    stub.emails = emails
    sign_in_with(client, stub, "github")
    assert not SocialAccount.objects.filter(user=ana).exists()
    assert User.objects.exclude(pk=ana.pk).values_list("email", flat=True).first() == expected
    if expected:
        assert EmailAddress.objects.filter(user__email=expected).count() == 1


@pytest.mark.parametrize("address", ["no address", "a@b", "x" * 300 + "@x.test", "a\x00@x.test", 7, ["a@x.test"]])
def test_what_is_no_address_is_asked_for(client: Client, stub: Stub, address: Any) -> None:
    says(stub, "google", None)
    stub.claims.update({"email": address, "email_verified": True})
    assert sign_in_with(client, stub, "google").url == "/accounts/social/signup/"
    assert client.get("/accounts/social/signup/").status_code == 200


def test_a_name_is_cleaned_and_cut(client: Client, stub: Stub) -> None:
    says(stub, "google", "malee@gmail.com", name="\u202eM\x00a\n" + "x" * 200)
    sign_in_with(client, stub, "google")
    name = User.objects.get().name
    assert len(name) == 80
    assert "\n" not in name
    assert "\x00" not in name


def test_closed_sign_up_is_closed_here_too(client: Client, ana: User, stub: Stub, settings: Any) -> None:
    settings.SIGNUPS = "invited"
    says(stub, "google", "malee@gmail.com")
    assert "by invitation" in sign_in_with(client, stub, "google").text
    says(stub, "line", None)
    assert "by invitation" in sign_in_with(client, stub, "line").text
    nobody_new(ana)
    connected(ana)
    sign_in_with(client, stub, "google")
    assert is_signed_in(client)


def vouch_for(client: Client, address: str) -> None:
    session = client.session
    session["vouched_address"] = {"address": address, "until": time.time() + 60}
    session.save()


def test_SR19_an_invited_address_comes_in_by_a_provider_and_no_other_does(
    browser: Browser, stub: Stub, settings: Any
) -> None:
    settings.SIGNUPS = "invited"
    client = browser()
    vouch_for(client, "malee@gmail.com")
    says(stub, "google", "friend@gmail.com", sub="friend")
    assert "by invitation" in sign_in_with(client, stub, "google").text
    assert not User.objects.exists()
    says(stub, "google", "malee@gmail.com", sub="malee")
    sign_in_with(client, stub, "google")
    assert [user.email for user in User.objects.all()] == ["malee@gmail.com"]


def test_SR19_an_invitation_opens_a_closed_house_for_its_address_and_no_other(
    client: Client, stub: Stub, settings: Any
) -> None:
    settings.SIGNUPS = "invited"
    client.get("/accounts/login/")
    session = client.session
    session["vouched_address"] = {"address": "malee@gmail.com", "until": 9e9}
    session.save()
    client.cookies[settings.SESSION_COOKIE_NAME] = session.session_key
    says(stub, "google", "evil@gmail.com", sub="another")
    assert "by invitation" in sign_in_with(client, stub, "google").text
    says(stub, "line", "evil@gmail.com")
    assert sign_in_with(client, stub, "line").url == "/accounts/social/signup/"
    assert 'value="malee@gmail.com"' in client.get("/accounts/social/signup/").text
    assert client.post("/accounts/social/signup/", {"email": "evil@gmail.com"}).status_code == 422
    assert not User.objects.exists()
    says(stub, "google", "malee@gmail.com")
    assert sign_in_with(client, stub, "google").url == "/w/"
    assert User.objects.get().email == "malee@gmail.com"


def test_SR18_sign_ups_are_counted_whichever_door_they_take(browser: Browser, stub: Stub, clock: Clock) -> None:
    for number in range(3):
        says(stub, "google", f"{number}@gmail.com", sub=f"s{number}")
        sign_in_with(browser(), stub, "google")
    says(stub, "google", "4@gmail.com", sub="s4")
    assert sign_in_with(browser(), stub, "google").status_code == 429
    assert sign_up(browser(), MALEE).status_code == 429
    assert User.objects.count() == 3


def test_the_form_without_a_provider_leads_to_sign_in(client: Client, stub: Stub) -> None:
    assert client.get("/accounts/social/signup/").url == "/accounts/login/"
    assert client.post("/accounts/social/signup/", {"email": MALEE}).url == "/accounts/login/"


def test_two_tabs_that_come_back_at_once_make_one_account(
    client: Client, stub: Stub, monkeypatch: pytest.MonkeyPatch
) -> None:
    says(stub, "google", "malee@gmail.com")

    def other_was_first(*args: Any, **kwargs: Any) -> None:
        raise IntegrityError

    monkeypatch.setattr(SocialLogin, "save", other_was_first)
    assert sign_in_with(client, stub, "google").url == "/accounts/login/"
    assert not User.objects.exists()


# --- Addresses that somebody has already ------------------------------------------------------------------------------


@pytest.mark.parametrize("provider", PROVIDERS)
def test_SR12_an_unproven_address_of_an_account_opens_nothing(
    client: Client, ana: User, stub: Stub, provider: str, mails_to: Mails
) -> None:
    """Not by itself, not by typing it, and the answer is the same as for an address nobody has."""
    says(stub, provider, ANA, proven=False)
    assert sign_in_with(client, stub, provider).url == "/accounts/social/signup/"
    assert client.post("/accounts/social/signup/", {"email": ANA, "name": "Evil"}).url == "/accounts/confirm-email/"
    nobody_new(ana)
    [mail] = mails_to(ANA)
    assert "/accounts/password/reset/" in mail.body
    assert enter_code(client, "000000").status_code == 422
    assert not is_signed_in(client)


@pytest.mark.parametrize(
    ("provider", "address", "claims"),
    [("google", "ana@gmail.com", {}), ("google", ANA, {"hd": "acme.test"}), ("github", ANA, {})],
    ids=["gmail", "workspace", "github"],
)
def test_SR12_an_address_proven_on_both_sides_opens_its_account_and_its_owner_is_told(
    client: Client, ana: User, stub: Stub, provider: str, address: str, claims: Any, mails_to: Mails
) -> None:
    User.objects.update(email=address)
    EmailAddress.objects.update(email=address)
    says(stub, provider, address, **claims)
    assert sign_in_with(client, stub, provider).url == "/w/"
    assert client.session["_auth_user_id"] == str(ana.pk)
    assert SocialAccount.objects.get().user == ana
    ana.refresh_from_db()
    assert ana.check_password(PASSWORD)
    assert any("has been connected to your account" in mail.subject for mail in mails_to(address))


@pytest.mark.parametrize(
    ("claims", "change"),
    [
        ({}, lambda: None),
        ({"hd": "evil.test"}, lambda: None),
        ({"hd": "acme.test"}, lambda: User.objects.update(is_staff=True)),
        ({"hd": "acme.test"}, lambda: User.objects.update(is_superuser=True)),
        ({"hd": "acme.test"}, lambda: User.objects.update(is_active=False)),
        ({"hd": "acme.test"}, lambda: EmailAddress.objects.all().delete()),
        ({"hd": "acme.test"}, lambda: Authenticator.objects.create(user=User.objects.get(), type="totp", data={})),
    ],
    ids=[
        "not Google's mailbox",
        "another domain",
        "staff",
        "superuser",
        "switched off",
        "not proven here",
        "second step",
    ],
)
def test_SR12_else_its_owner_signs_in_and_connects_by_hand(
    client: Client, ana: User, stub: Stub, claims: Any, change: Callable[[], Any]
) -> None:
    change()
    says(stub, "google", ANA, **claims)
    answer = sign_in_with(client, stub, "google")
    assert answer.url == "/accounts/login/"
    assert "then connect Google" in client.get("/accounts/login/").text
    assert not is_signed_in(client)
    nobody_new(ana)


def test_SR12_the_subject_decides_not_the_address(client: Client, ana: User, gil: User, stub: Stub) -> None:
    """Ana's identity, which now carries Gil's proven address."""
    connected(ana, "github")
    says(stub, "github", gil.email)
    sign_in_with(client, stub, "github")
    assert client.session["_auth_user_id"] == str(ana.pk)
    ana.refresh_from_db()
    assert ana.email == ANA
    assert not SocialAccount.objects.filter(user=gil).exists()


def test_SR12_an_address_that_has_changed_at_the_provider_changes_nothing_here(
    client: Client, ana: User, stub: Stub
) -> None:
    connected(ana)
    says(stub, "google", "ana@gmail.com")
    sign_in_with(client, stub, "google")
    assert client.session["_auth_user_id"] == str(ana.pk)
    ana.refresh_from_db()
    assert ana.email == ANA
    assert EmailAddress.objects.get(user=ana).email == ANA


def test_SR12_the_same_number_at_another_provider_is_another_person(client: Client, ana: User, stub: Stub) -> None:
    connected(ana, "line", "subject-1")
    says(stub, "google", "malee@gmail.com")
    sign_in_with(client, stub, "google")
    assert client.session["_auth_user_id"] != str(ana.pk)


def test_somebody_switched_off_stays_outside(client: Client, ana: User, stub: Stub) -> None:
    connected(ana)
    User.objects.update(is_active=False)
    assert sign_in_with(client, stub, "google").url == "/accounts/inactive/"
    assert not is_signed_in(client)


def test_SR15_the_session_id_changes(client: Client, ana: User, stub: Stub) -> None:
    connected(ana)
    location = begin(client, "google")
    before = client.session.session_key
    come_back(client, stub, location)
    assert client.session.session_key != before
    assert not client.session.exists(before)


# --- Whoever came first (SR-13) ---------------------------------------------------------------------------------------


def squat_through_line(client: Client, stub: Stub) -> None:
    says(stub, "line", MALEE, sub="the-stranger")
    sign_in_with(client, stub, "line")
    client.post("/accounts/social/signup/", {"email": MALEE, "name": "Evil"})
    assert SocialAccount.objects.get().user.email == MALEE


def by_sign_up(client: Client, stub: Stub, mails: Mails) -> None:
    sign_up(client, MALEE)
    enter_code(client, code_of(mails(MALEE)[-1]))


def by_reset(client: Client, stub: Stub, mails: Mails) -> None:
    ask_for_reset(client, MALEE)
    choose_password(client, open_reset(client, path_of(mails(MALEE)[-1])))
    sign_in(client, MALEE, GOOD_PASSWORD)


def by_login_code(client: Client, stub: Stub, mails: Mails) -> None:
    client.post("/accounts/login/code/", {"email": MALEE})
    client.post("/accounts/login/code/confirm/", {"code": code_of(mails(MALEE)[-1])})


def by_google(client: Client, stub: Stub, mails: Mails) -> None:
    says(stub, "google", MALEE, sub="the-owner")
    sign_in_with(client, stub, "google")


def by_github(client: Client, stub: Stub, mails: Mails) -> None:
    says(stub, "github", MALEE)
    sign_in_with(client, stub, "github")


@pytest.mark.parametrize("arrive", [by_sign_up, by_reset, by_login_code, by_google, by_github])
def test_SR13_whoever_typed_the_address_through_a_provider_gains_nothing(
    client: Client, browser: Browser, stub: Stub, clock: Clock, mails_to: Mails, arrive: Callable[..., None]
) -> None:
    stranger = browser()
    squat_through_line(stranger, stub)
    clock.forward(20)
    arrive(client, stub, mails_to)
    assert is_signed_in(client)
    owner = User.objects.get()
    assert owner.name != "Evil"
    assert not SocialAccount.objects.filter(provider="line").exists()
    stranger.get("/accounts/confirm-email/")
    assert not is_signed_in(stranger)
    says(stub, "line", MALEE, sub="the-stranger")
    sign_in_with(stranger, stub, "line")
    assert not is_signed_in(stranger)


@pytest.mark.parametrize("provider", ["google", "github"])
def test_SR13_a_sign_up_with_a_password_gives_way_to_a_proven_address(
    client: Client, browser: Browser, stub: Stub, provider: str
) -> None:
    sign_up(browser(), MALEE, "mine now, thank you", name="Evil")
    says(stub, provider, MALEE)
    assert sign_in_with(client, stub, provider).url == "/w/"
    owner = User.objects.get()
    assert owner.name == "Malee"
    assert not owner.has_usable_password()


def test_somebody_of_line_who_left_before_the_code_goes_on_with_it(
    client: Client, browser: Browser, stub: Stub, clock: Clock, mails_to: Mails
) -> None:
    says(stub, "line", None)
    sign_in_with(client, stub, "line")
    client.post("/accounts/social/signup/", {"email": MALEE})
    clock.forward(20)
    later = browser()
    assert sign_in_with(later, stub, "line").url == "/accounts/confirm-email/"
    enter_code(later, code_of(mails_to(MALEE)[-1]))
    assert is_signed_in(later)
    assert User.objects.count() == 1
