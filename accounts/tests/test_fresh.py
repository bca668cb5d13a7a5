"""The doors that ask again who is there (SR-17)."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from allauth.mfa.models import Authenticator
from django.core.mail import EmailMessage
from django.http import HttpRequest, HttpResponse
from django.test import Client, RequestFactory
from django.urls import reverse

from accounts import limits
from accounts.fresh import NotFresh, fresh
from accounts.models import User
from accounts.tests.conftest import Clock
from accounts.tests.steps import code_of, confirm, sign_in, wrong
from conftest import PASSWORD, signed_in
from minichat.tests.test_matrix import routes

APP = "/accounts/2fa/totp/activate/"
pytestmark = pytest.mark.usefixtures("clock")

# These change nothing that a thief of a session could use, or are the question itself.
OPEN = {
    "mfa_index",
    "mfa_authenticate",
    "mfa_reauthenticate",
    "mfa_login_webauthn",
    "mfa_reauthenticate_webauthn",
}


@pytest.mark.parametrize("name", sorted({name for where, name in routes() if "2fa/" in where} - OPEN))
def test_SR17_every_page_of_factors_asks_again(name: str, ana_client: Client) -> None:
    address = reverse(name, args=[1] if name in ("mfa_edit_webauthn", "mfa_remove_webauthn") else [])
    for answer in (ana_client.get(address), ana_client.post(address, {"code": "x", "name": "x"})):
        assert answer.status_code == 302
        assert answer.url.startswith("/accounts/reauthenticate/?next=")


def test_SR17_it_holds_for_five_minutes(ana_client: Client, clock: Clock) -> None:
    assert ana_client.get(APP).status_code == 302
    assert confirm(ana_client).status_code == 302
    clock.forward(299)
    assert ana_client.get(APP).status_code == 200
    clock.forward(2)
    assert ana_client.get(APP).status_code == 302


def test_SR17_signing_in_a_moment_ago_is_not_enough(client: Client, ana: User, acme: object) -> None:
    sign_in(client, ana.email)
    assert client.get(APP).url.startswith("/accounts/reauthenticate/")


def test_it_leads_back(ana_client: Client) -> None:
    question = ana_client.get(APP).url
    assert ana_client.post(question, {"password": "wrong"}).status_code == 422
    assert ana_client.post(question, {"password": PASSWORD, "next": APP}).url == APP


def test_the_confirmation_of_one_person_is_none_of_the_next(ana_client: Client, gil: User) -> None:
    confirm(ana_client)
    ana_client.post("/accounts/logout/")
    ana_client.force_login(gil)
    assert ana_client.get(APP).status_code == 302


def test_a_script_is_told_and_htmx_is_led_there(ana: User, rf: RequestFactory) -> None:
    door = fresh(lambda request: HttpResponse("inside"))

    def ask(**headers: str) -> HttpResponse:
        request: HttpRequest = rf.post("/x/", headers=headers)
        request.user, request.session = ana, {}  # type: ignore[assignment]
        return door(request)

    with pytest.raises(NotFresh):
        ask(Accept="application/json")
    led = ask(**{"HX-Request": "true"})
    assert led.status_code == 204
    assert led["HX-Redirect"].startswith("/accounts/reauthenticate/?next=")


# --- People with neither password nor factor --------------------------------------------------------------------------


@pytest.fixture
def bare(make_user: Callable[..., User]) -> User:
    user = make_user("mail@only.test", "Malee")
    user.set_unusable_password()
    user.save()
    return user


MAIL = "/accounts/reauthenticate/mail/"


def test_SR17_without_a_password_it_is_a_code_by_mail(bare: User, mailoutbox: list[EmailMessage]) -> None:
    client = signed_in(bare)
    question = client.get(APP).url
    assert question == f"{MAIL}?next=%2Faccounts%2F2fa%2Ftotp%2Factivate%2F"
    assert client.get(question).status_code == 200
    assert not mailoutbox
    client.post(question, {"next": APP})
    [mail] = mailoutbox
    assert mail.to == [bare.email]
    assert client.post(MAIL, {"code": code_of(mail), "next": APP}).url == APP
    assert client.get(APP).status_code == 200


def test_SR16_the_code_works_once_in_one_session_for_a_quarter_with_three_tries(
    bare: User, mailoutbox: list[EmailMessage], clock: Clock
) -> None:
    client, other = signed_in(bare), signed_in(bare)

    def sent() -> str:
        client.post(MAIL)
        return code_of(mailoutbox[-1])

    code = sent()
    other.post(MAIL)
    assert other.post(MAIL, {"code": code}).status_code == 422
    for _ in range(3):
        assert client.post(MAIL, {"code": wrong(code)}).status_code == 422
    assert client.post(MAIL, {"code": code}).status_code == 422
    code = sent()
    clock.forward(15 * 60 + 1)
    assert client.post(MAIL, {"code": code}).status_code == 422
    code = sent()
    assert client.post(MAIL, {"code": code}).status_code == 302
    assert client.post(MAIL, {"code": code}).status_code == 422


def test_SR16_guesses_at_it_that_come_at_the_same_moment_are_counted(
    bare: User, mailoutbox: list[EmailMessage], monkeypatch: pytest.MonkeyPatch
) -> None:
    """They all read a session in which nobody has guessed yet."""
    monkeypatch.setattr(limits, "WRONG_PER_NETWORK", 1000)
    client = signed_in(bare)
    client.post(MAIL)
    code = code_of(mailoutbox[-1])
    before = client.session["accounts.mail_code"]
    statuses = []
    for guess in [wrong(code)] * 13 + [code]:
        session = client.session
        session["accounts.mail_code"] = before
        session.save()
        statuses.append(client.post(MAIL, {"code": guess}).status_code)
    assert statuses == [422] * 12 + [429] * 2


def test_SR18_the_mails_are_few(bare: User, mailoutbox: list[EmailMessage]) -> None:
    client = signed_in(bare)
    assert [client.post(MAIL).status_code for _ in range(6)] == [200] * 5 + [429]
    assert len(mailoutbox) == 5


def test_SR17_a_mailbox_is_not_enough_for_who_has_more(ana_client: Client, mailoutbox: list[EmailMessage]) -> None:
    assert ana_client.post(MAIL).url.startswith("/accounts/reauthenticate/")
    assert not mailoutbox


def test_who_has_a_factor_but_no_password_uses_the_factor(bare: User) -> None:
    Authenticator.objects.create(user=bare, type="totp", data={"secret": "x"})
    assert signed_in(bare).get(APP).url.startswith("/accounts/2fa/reauthenticate/")
