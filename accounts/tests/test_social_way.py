"""The way to Google, GitHub and LINE and back: what is sent along, and answers that open nothing (SR-12)."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
import requests
from allauth.socialaccount.models import SocialAccount
from django.core.mail import EmailMessage
from django.test import Client

from accounts.models import User
from accounts.tests.conftest import Clock
from accounts.tests.providers import (
    PROVIDERS,
    Stub,
    begin,
    come_back,
    connected,
    says,
    sign_in_with,
    strangers_key,
)
from accounts.tests.steps import (
    is_signed_in,
)
from conftest import PASSWORD

ANA, MALEE = "ana@acme.test", "malee@flowers.test"
Browser = Callable[[], Client]
Mails = Callable[[str], list[EmailMessage]]

# --- Buttons ----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("page", ["login", "signup"])
def test_a_button_stands_there_once_its_provider_is_configured(
    client: Client, stub: Stub, page: str, settings: Any
) -> None:
    text = client.get(f"/accounts/{page}/").text
    for name in ("Google", "GitHub", "LINE"):
        assert f"Continue with {name}" in text
    del settings.SOCIALACCOUNT_PROVIDERS["github"]
    assert "GitHub" not in client.get(f"/accounts/{page}/").text
    settings.SOCIALACCOUNT_PROVIDERS = {}
    assert "Continue with" not in client.get(f"/accounts/{page}/").text


@pytest.mark.parametrize("provider", [*PROVIDERS, "facebook"])
def test_what_is_not_configured_does_not_exist(client: Client, ana_client: Client, provider: str) -> None:
    assert client.post(f"/accounts/{provider}/login/").status_code == 404
    assert client.get(f"/accounts/{provider}/login/callback/").status_code == 404
    ana_client.post("/accounts/reauthenticate/", {"password": PASSWORD})
    assert ana_client.post(f"/accounts/methods/{provider}/connect/").status_code == 404


def test_the_policy_lets_the_button_lead_there_and_nowhere_else(client: Client, stub: Stub, settings: Any) -> None:
    [policy] = [
        part for part in client.get("/accounts/login/")["Content-Security-Policy"].split("; ") if "form" in part
    ]
    assert policy == "form-action 'self' https://accounts.google.com https://github.com https://access.line.me"
    settings.SOCIALACCOUNT_PROVIDERS = {}
    assert "google" not in client.get("/accounts/login/")["Content-Security-Policy"]


def test_it_takes_a_form_of_ours(stub: Stub) -> None:
    assert Client(enforce_csrf_checks=True).post("/accounts/google/login/").status_code == 403
    assert Client().get("/accounts/google/login/").status_code == 405


# --- The way there and back -------------------------------------------------------------------------------------------


@pytest.mark.parametrize("provider", PROVIDERS)
def test_SR12_state_pkce_and_nonce_go_along(client: Client, stub: Stub, provider: str) -> None:
    query = dict(part.split("=", 1) for part in begin(client, provider).partition("?")[2].split("&"))
    assert len(query["state"]) >= 16
    assert query["code_challenge_method"] == "S256"
    assert len(query["code_challenge"]) == 43
    assert len(query["nonce"]) == 32


@pytest.mark.parametrize("provider", PROVIDERS)
def test_SR14_the_way_back_is_our_own_address_whatever_the_request_says(
    client: Client, stub: Stub, provider: str, settings: Any
) -> None:
    settings.ALLOWED_HOSTS = ["*"]
    location = begin(client, provider, headers={"Host": "evil.example"})
    assert f"redirect_uri=http%3A%2F%2F127.0.0.1%3A8000%2Faccounts%2F{provider}%2Flogin%2Fcallback%2F" in location
    assert "evil" not in location


def test_SR12_nobody_adds_to_what_is_asked_for(client: Client, stub: Stub) -> None:
    answer = client.post(
        "/accounts/github/login/?scope=repo&auth_params=redirect_uri%3Dhttps%3A//evil.example&process=redirect"
    )
    assert "repo" not in answer.url
    assert "evil" not in answer.url


@pytest.mark.parametrize("provider", PROVIDERS)
@pytest.mark.parametrize("state", ["", "forged", "x" * 4000, "\x00"])
def test_SR12_a_forged_state_opens_nothing(client: Client, ana: User, stub: Stub, provider: str, state: str) -> None:
    connected(ana, provider)
    answer = come_back(client, stub, begin(client, provider), state=state)
    assert answer.url == "/accounts/login/"
    assert not is_signed_in(client)
    assert not stub.asked


@pytest.mark.parametrize("provider", PROVIDERS)
def test_SR12_a_link_from_somebody_elses_sign_in_opens_nothing(
    client: Client, browser: Browser, ana: User, stub: Stub, provider: str
) -> None:
    """Login CSRF: the attacker's own code and state, opened in the victim's browser."""
    connected(ana, provider)
    begin(client, provider)
    path, query = stub.agree(begin(browser(), provider))
    assert client.get(path, query).url == "/accounts/login/"
    assert not is_signed_in(client)


def test_SR12_a_state_of_one_provider_is_none_of_another(client: Client, ana: User, stub: Stub) -> None:
    connected(ana, "github")
    _, query = stub.agree(begin(client, "google"))
    client.get("/accounts/github/login/callback/", query)
    assert not is_signed_in(client)


@pytest.mark.parametrize("provider", PROVIDERS)
def test_SR12_an_answer_works_once(client: Client, ana: User, stub: Stub, provider: str) -> None:
    connected(ana, provider)
    path, query = stub.agree(begin(client, provider))
    client.get(path, query)
    assert is_signed_in(client)
    client.post("/accounts/logout/")
    client.get(path, query)
    assert not is_signed_in(client)


def test_SR12_a_replayed_code_with_a_fresh_state_opens_nothing(client: Client, ana: User, stub: Stub) -> None:
    connected(ana)
    path, query = stub.agree(begin(client, "google"))
    client.get(path, query)
    client.post("/accounts/logout/")
    _, fresh = stub.agree(begin(client, "google"))
    client.get(path, {**fresh, "code": query["code"]})
    assert not is_signed_in(client)


def test_SR12_a_state_is_too_old_after_ten_minutes(client: Client, ana: User, stub: Stub, clock: Clock) -> None:
    connected(ana)
    location = begin(client, "google")
    clock.forward(601)
    come_back(client, stub, location)
    assert not is_signed_in(client)


def test_SR12_a_code_for_another_verifier_opens_nothing(
    client: Client, browser: Browser, ana: User, stub: Stub
) -> None:
    """PKCE: a code that leaked from another sign-in, with the thief's own state."""
    connected(ana)
    _, stolen = stub.agree(begin(browser(), "google"))
    path, own = stub.agree(begin(client, "google"))
    client.get(path, {**own, "code": stolen["code"]})
    assert not is_signed_in(client)


@pytest.mark.parametrize(
    ("error", "say"), [("access_denied", "You have cancelled"), ("server_error", "could not tell us")]
)
def test_who_cancels_is_back_at_sign_in(client: Client, stub: Stub, error: str, say: str) -> None:
    _, query = stub.agree(begin(client, "line"))
    answer = client.get("/accounts/line/login/callback/", {"error": error, "state": query["state"]}, follow=True)
    assert answer.redirect_chain == [("/accounts/login/", 302)]
    assert say in answer.text


@pytest.mark.parametrize(
    "wanted", ["https://evil.example/", "//evil.example/", "/\\evil.example", "javascript:alert(1)"]
)
def test_SR12_the_way_on_stays_on_our_site(client: Client, ana: User, stub: Stub, wanted: str) -> None:
    connected(ana)
    assert come_back(client, stub, begin(client, "google", wanted)).url == "/w/"


def test_the_way_on_is_kept(client: Client, ana: User, stub: Stub) -> None:
    connected(ana)
    assert come_back(client, stub, begin(client, "google", "/w/acme/members/")).url == "/w/acme/members/"


# --- Tokens that are not for us ---------------------------------------------------------------------------------------


@pytest.mark.parametrize("provider", ["google", "line"])
@pytest.mark.parametrize(
    "claims",
    [
        {"aud": "somebody-else"},
        {"aud": None},
        {"iss": "https://evil.example"},
        {"iss": None},
        {"nonce": "x" * 32},
        {"nonce": None},
        {"nonce": ["a"]},
        {"sub": None},
        {"sub": ""},
        {"sub": 7},
        {"sub": "x" * 500},
        {"sub": "a\x00b"},
        {"exp": 1},
    ],
    ids=str,
)
def test_SR12_an_id_token_that_is_not_for_us_opens_nothing(
    client: Client, ana: User, stub: Stub, provider: str, claims: dict[str, Any]
) -> None:
    says(stub, provider, ANA, **claims)
    connected(ana, provider)
    assert sign_in_with(client, stub, provider).url == "/accounts/login/"
    assert not is_signed_in(client)
    assert User.objects.count() == 1


@pytest.mark.parametrize("provider", ["google", "line"])
def test_SR12_an_id_token_with_a_strangers_signature_opens_nothing(
    client: Client, ana: User, stub: Stub, provider: str
) -> None:
    connected(ana, provider)
    stub.signing = strangers_key()
    assert sign_in_with(client, stub, provider).url == "/accounts/login/"
    assert not is_signed_in(client)
    stub.signing = None
    sign_in_with(client, stub, provider)
    assert is_signed_in(client)


@pytest.mark.parametrize(
    ("algorithm", "signing"), [("HS256", "the public key is no secret, so this one is known"), ("none", "")]
)
def test_SR12_no_weaker_signature_is_taken(client: Client, ana: User, stub: Stub, algorithm: str, signing: str) -> None:
    connected(ana)
    stub.algorithm, stub.signing = algorithm, signing
    sign_in_with(client, stub, "google")
    assert not is_signed_in(client)


BROKEN = {
    "an error": (500, {"error": "x"}),
    "no JSON": (200, "<html>"),
    "a list": (200, []),
    "a word": (200, '"access_token id_token"'),
    "nothing": (200, ""),
    "nothing in it": (200, {"access_token": ""}),
    "a time-out": requests.Timeout(),
    "no connection": requests.ConnectionError(),
}


@pytest.mark.parametrize(
    ("provider", "path"),
    [
        ("google", "/token"),
        ("google", "/certs"),
        ("github", "/access_token"),
        ("github", "/user"),
        ("github", "/emails"),
        ("line", "/token"),
        ("line", "/verify"),
    ],
)
@pytest.mark.parametrize("what", BROKEN)
def test_a_broken_answer_is_a_sentence_not_a_crash(
    client: Client, stub: Stub, provider: str, path: str, what: str
) -> None:
    says(stub, provider, MALEE)
    stub.broken[path] = BROKEN[what]
    answer = sign_in_with(client, stub, provider)
    assert answer.status_code == 302
    assert not is_signed_in(client)
    if path == "/emails" and answer.url == "/accounts/social/signup/":
        return  # an empty list of addresses is an answer
    assert answer.url == "/accounts/login/"
    assert "could not tell us who you are" in client.get("/accounts/login/").text


def test_no_token_of_theirs_is_kept(client: Client, ana: User, stub: Stub) -> None:
    says(stub, "google", "malee@gmail.com", locale="th", picture="https://x.test/y.png")
    sign_in_with(client, stub, "google")
    account = SocialAccount.objects.get()
    assert account.extra_data == {"email": "malee@gmail.com", "name": "Malee"}
    assert not account.socialtoken_set.exists()
