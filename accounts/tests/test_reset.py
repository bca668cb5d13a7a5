"""A new password by mail: the link proves the address, works once and for an hour, and goes nowhere else."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

import pytest
from django.contrib.auth.tokens import PasswordResetTokenGenerator
from django.core.mail import EmailMessage
from django.test import Client

from accounts.first_sign_in import one_time_url
from accounts.models import User
from accounts.tests.steps import (
    GOOD_PASSWORD,
    ask_for_reset,
    choose_password,
    is_signed_in,
    link_of,
    open_reset,
    path_of,
    sign_in,
    sign_up,
)
from conftest import PASSWORD

ANA = "ana@acme.test"
Browser = Callable[[], Client]


@pytest.fixture
def path(client: Client, ana: User, mailoutbox: list[EmailMessage]) -> str:
    """Ana has asked for a new password; the link of the mail."""
    assert ask_for_reset(client, ANA).url == "/accounts/password/reset/done/"
    assert mailoutbox[0].to == [ANA]
    return path_of(mailoutbox[0])


def test_the_link_leads_to_a_new_password(client: Client, path: str, ana: User) -> None:
    form = open_reset(client, path)
    assert client.get(form).status_code == 200
    assert choose_password(client, form).url == "/accounts/password/reset/key/done/"
    assert not is_signed_in(client)
    assert sign_in(client, ANA, GOOD_PASSWORD).url == "/w/"
    ana.refresh_from_db()
    assert not ana.check_password(PASSWORD)


def test_the_owner_is_told(client: Client, path: str, mailoutbox: list[EmailMessage]) -> None:
    choose_password(client, open_reset(client, path))
    assert [mail.to for mail in mailoutbox] == [[ANA], [ANA]]
    assert "link" in str(mailoutbox[1].body)


def test_SR16_the_link_works_once(client: Client, path: str, browser: Browser) -> None:
    other = browser()
    late = open_reset(other, path)
    choose_password(client, open_reset(client, path))
    assert open_reset(browser(), path) == ""
    choose_password(other, late, "another password 4711")
    assert not sign_in(browser(), ANA, "another password 4711").headers.get("Location")


@pytest.mark.parametrize(("minutes", "works"), [(59, True), (61, False)])
def test_SR16_the_link_lives_for_an_hour(
    client: Client, path: str, monkeypatch: pytest.MonkeyPatch, minutes: int, works: bool
) -> None:
    later = datetime.now() + timedelta(minutes=minutes)  # noqa: DTZ005  as the generator counts
    monkeypatch.setattr(PasswordResetTokenGenerator, "_now", lambda self: later)
    assert bool(open_reset(client, path)) is works


@pytest.mark.parametrize(
    "change",
    [
        {"email": "ana@new.test"},
        {"last_login": datetime.fromisoformat("2026-01-01T00:00:00+00:00")},
        {"password": "another"},
    ],
)
def test_SR16_the_link_dies_with_the_state_it_was_made_for(
    client: Client, path: str, ana: User, change: dict[str, Any]
) -> None:
    User.objects.filter(pk=ana.pk).update(**change)
    assert open_reset(client, path) == ""


def test_SR16_the_link_of_one_person_opens_nobody_elses_account(
    client: Client, path: str, gil: User, ana: User
) -> None:
    token = path.rstrip("/").rpartition("/")[2].partition("-")[2]
    stranger = one_time_url(gil).split("/key/")[1].partition("-")[0]
    assert open_reset(client, f"/accounts/password/reset/key/{stranger}-{token}/") == ""


@pytest.mark.parametrize(
    "broken",
    ["0-x", "1-set-password", "zzzzzzzzzzzzz-abc-def", "1-" + "a" * 5000, "1-%00", "1-ก-ข", "99999999999999-a-b"],
)
def test_a_broken_link_says_that_it_has_expired(client: Client, ana: User, broken: str) -> None:
    answer = client.get(f"/accounts/password/reset/key/{broken}/")
    assert answer.status_code == 200
    assert "expired" in answer.content.decode()


def test_the_form_without_its_link_changes_nothing(client: Client, path: str, browser: Browser, ana: User) -> None:
    form = open_reset(client, path)
    choose_password(browser(), form, "stolen by another browser 1")
    ana.refresh_from_db()
    assert ana.check_password(PASSWORD)


@pytest.mark.parametrize("password", ["short", "password", "12345678901", "", "\x00" * 9])
def test_a_bad_password_is_not_taken(client: Client, path: str, ana: User, password: str) -> None:
    assert choose_password(client, open_reset(client, path), password).status_code == 422
    ana.refresh_from_db()
    assert ana.check_password(PASSWORD)


def test_SR41_the_token_goes_nowhere_else(client: Client, path: str) -> None:
    redirect = client.get(path)
    token = path.rstrip("/").rpartition("-")[2]
    assert redirect.status_code == 302
    assert token not in redirect.url
    assert redirect["Referrer-Policy"] == "no-referrer"
    form = client.get(redirect.url)
    assert form["Referrer-Policy"] == "same-origin"
    assert token not in form.content.decode()
    assert "no-store" in redirect["Cache-Control"]
    assert "no-store" in form["Cache-Control"]


@pytest.mark.parametrize(
    "headers",
    [{"Host": "evil.example"}, {"X-Forwarded-Host": "evil.example"}, {"Forwarded": "host=evil.example"}],
)
def test_SR14_a_foreign_host_name_reaches_no_mail(
    client: Client, ana: User, settings: Any, mailoutbox: list[EmailMessage], headers: dict[str, str]
) -> None:
    """Even where somebody had opened ALLOWED_HOSTS to all."""
    settings.ALLOWED_HOSTS = ["*"]
    ask_for_reset(client, ANA, headers=headers)
    sign_up(client, "malee@flowers.test", headers=headers)
    sign_up(Client(), ANA, headers=headers)
    assert len(mailoutbox) == 3
    for mail in mailoutbox:
        everything = str(mail.message())
        assert "evil.example" not in everything
    assert link_of(mailoutbox[0]).startswith(f"{settings.BASE_URL}/")
    assert link_of(mailoutbox[2]).startswith(f"{settings.BASE_URL}/")


def test_SR14_a_foreign_host_name_is_refused(client: Client, ana: User, mailoutbox: list[EmailMessage]) -> None:
    assert ask_for_reset(client, ANA, headers={"Host": "evil.example"}).status_code == 400
    assert not mailoutbox


@pytest.mark.parametrize("typed", ["mia@stra\u00dfe.test", "mia@STRASSE.test", "mia@\u017ftrasse.test"])
def test_SR20_mail_goes_to_the_stored_address(
    client: Client, make_user: Callable[..., User], mailoutbox: list[EmailMessage], typed: str
) -> None:
    """straße.test and strasse.test are two domains, and the first may belong to whoever types it."""
    make_user("mia@strasse.test", "Mia")
    ask_for_reset(client, typed)
    assert [mail.to for mail in mailoutbox] == [["mia@strasse.test"]]


def test_somebody_switched_off_gets_no_link(client: Client, ana: User, mailoutbox: list[EmailMessage]) -> None:
    User.objects.update(is_active=False)
    assert ask_for_reset(client, ANA).status_code == 302
    assert [ANA] not in [mail.to for mail in mailoutbox]


def test_the_link_of_a_command_leads_to_a_password(client: Client, settings: Any, make_user: Any) -> None:
    """`create_owner` and `create_staff` print it: the first person gets in without working mail."""
    user = make_user("first@acme.test", "First")
    user.set_unusable_password()
    user.save()
    url = one_time_url(user)
    choose_password(client, open_reset(client, url.removeprefix(settings.BASE_URL)))
    assert sign_in(client, "first@acme.test", GOOD_PASSWORD).status_code == 302


@pytest.mark.parametrize("typed", ["", "no address", f"{'a' * 10_000}@x.test", "a\x00@x.test"])
def test_what_is_no_address_is_no_reset(client: Client, db: None, typed: str) -> None:
    assert ask_for_reset(client, typed).status_code == 422


def test_a_form_from_elsewhere_is_refused(ana: User, mailoutbox: list[EmailMessage]) -> None:
    assert ask_for_reset(Client(enforce_csrf_checks=True), ANA).status_code == 403
    assert not mailoutbox
