from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from allauth.account.models import EmailAddress
from django.core.mail import EmailMessage
from django.test import Client

from accounts.models import User
from accounts.tests.steps import code_of, enter_code, is_signed_in, sign_in
from conftest import PASSWORD
from workspaces.models import Workspace

ANA = "ana@acme.test"


def test_signing_in_leads_to_the_own_workspace(client: Client, acme: Workspace) -> None:
    answer = sign_in(client, ANA)
    assert answer.url == "/w/"
    assert client.get("/w/").url.startswith("/w/acme/")


def test_SR20_an_address_may_be_typed_in_any_form(client: Client, ana: User) -> None:
    for typed in [" ANA@Acme.TEST ", "ana@\uff41cme.test"]:
        sign_in(client, typed)
        assert is_signed_in(client), typed
        client.logout()
    # No second address was made of what was typed.
    assert EmailAddress.objects.get(user=ana).email == ANA


def test_SR15_the_session_id_changes_and_the_old_one_is_dead(client: Client, ana: User) -> None:
    client.get("/accounts/login/")
    client.session["from before"] = True
    client.post("/i18n/setlang/", {"language": "th"})
    session = client.session
    session["from before"] = True
    session.save()
    before = session.session_key
    sign_in(client, ANA)
    assert client.session.session_key != before
    assert not client.session.exists(before)


@pytest.mark.parametrize("password", ["wrong", "", "\x00", "x" * 10_000, PASSWORD.upper(), f" {PASSWORD}"])
def test_a_wrong_password_does_not_open(client: Client, ana: User, password: str) -> None:
    assert sign_in(client, ANA, password).status_code == 422
    assert not is_signed_in(client)


@pytest.mark.parametrize("address", ["", "ana", "ana\x00@acme.test", f"{'a' * 10_000}@acme.test", "ana@@acme.test"])
def test_what_is_no_address_does_not_open(client: Client, ana: User, address: str) -> None:
    assert sign_in(client, address).status_code == 422
    assert not is_signed_in(client)


def test_S09_without_a_confirmed_address_a_code_comes_first(
    client: Client, ana: User, mailoutbox: list[EmailMessage]
) -> None:
    EmailAddress.objects.update(verified=False)
    assert sign_in(client, ANA).url == "/accounts/confirm-email/"
    assert not is_signed_in(client)
    enter_code(client, code_of(mailoutbox[0]))
    assert is_signed_in(client)


def test_somebody_switched_off_stays_outside(client: Client, ana: User) -> None:
    User.objects.update(is_active=False)
    assert sign_in(client, ANA).url == "/accounts/inactive/"
    assert not is_signed_in(client)


def test_somebody_without_a_password_cannot_guess_it(client: Client, make_user: Callable[..., User]) -> None:
    user = make_user("new@acme.test", "New")
    user.set_unusable_password()
    user.save()
    for password in ["", "!", user.password, "None"]:
        sign_in(client, "new@acme.test", password)
        assert not is_signed_in(client)


@pytest.mark.parametrize(
    ("wanted", "reached"),
    [
        ("/w/acme/settings/", "/w/acme/settings/"),
        ("https://evil.example/", "/w/"),
        ("//evil.example/", "/w/"),
        ("/\\evil.example", "/w/"),
        ("javascript:alert(1)", "/w/"),
    ],
)
def test_the_way_on_stays_on_our_site(client: Client, ana: User, wanted: str, reached: str) -> None:
    answer = client.post("/accounts/login/", {"login": ANA, "password": PASSWORD, "next": wanted})
    assert answer.url == reached


def test_signing_out_takes_a_post(ana_client: Client) -> None:
    assert ana_client.get("/accounts/logout/").status_code == 200
    assert is_signed_in(ana_client)
    key = ana_client.session.session_key
    assert ana_client.post("/accounts/logout/").url == "/"
    assert not is_signed_in(ana_client)
    assert not ana_client.session.exists(key)


def test_a_form_from_elsewhere_is_refused(ana: User) -> None:
    strict = Client(enforce_csrf_checks=True)
    assert sign_in(strict, ANA).status_code == 403
    assert not is_signed_in(strict)


def test_staff_sign_in_on_the_same_page(client: Client, stella: User) -> None:
    assert client.get("/admin/").url.startswith("/admin/login/")
    assert client.get("/admin/login/?next=/admin/").url.startswith("/accounts/login/")


@pytest.mark.parametrize(
    "path",
    ["signup/passkey/", "phone/verify/", "2fa/trust/"],
)
def test_doors_we_do_not_use_do_not_exist(ana_client: Client, anonymous_client: Client, path: str) -> None:
    for visitor in (ana_client, anonymous_client):
        assert visitor.get(f"/accounts/{path}").status_code == 404


def test_SR65_without_the_count_nobody_signs_in(client: Client, ana: User, monkeypatch: pytest.MonkeyPatch) -> None:
    def away(*args: Any, **kwargs: Any) -> None:
        raise ConnectionError("cache")

    monkeypatch.setattr("django.core.cache.backends.base.BaseCache.get", away, raising=False)
    monkeypatch.setattr("minichat.lib.throttle.get_usage", away)
    for path in ["login", "signup", "password/reset"]:
        answer = client.get(f"/accounts/{path}/")
        assert answer.status_code == 503
        assert int(answer["Retry-After"]) > 0
    assert sign_in(client, ANA).status_code == 503
    assert not is_signed_in(client)
