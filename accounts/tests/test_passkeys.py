"""Passkeys: added, named, removed, used as the second step and alone. tests/browser walks it with a real browser."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

import pytest
from allauth.mfa.models import Authenticator
from django.core.mail import EmailMessage
from django.http import HttpResponse
from django.test import Client

from accounts.factors import forms
from accounts.models import User
from accounts.tests.passkey import Device
from accounts.tests.steps import confirm, is_signed_in, see_recovery_codes, set_up_app, sign_in, totp_code

ANA = "ana@acme.test"
ADD, LOGIN = "/accounts/2fa/webauthn/add/", "/accounts/2fa/webauthn/login/"
STEP, CONFIRM = "/accounts/2fa/authenticate/", "/accounts/2fa/webauthn/reauthenticate/"
HERE = {"SERVER_NAME": "localhost"}
pytestmark = pytest.mark.usefixtures("clock")


def browser_of(user: User) -> Client:
    client = Client(**HERE)
    client.force_login(user)
    return client


@pytest.fixture
def mine(ana: User, acme: object) -> Client:
    client = browser_of(ana)
    confirm(client)
    return client


def add(client: Client, device: Device, name: str = "Phone") -> HttpResponse:
    options = json.loads(client.get(ADD).context["options"])
    return client.post(ADD, {"name": name, "credential": device.create(options)})


@pytest.fixture
def device(mine: Client) -> Device:
    device = Device()
    assert add(mine, device).status_code == 302
    return device


def challenge(client: Client) -> dict[str, Any]:
    return client.get(LOGIN, headers={"Accept": "application/json"}).json()


# --- Keeping them -----------------------------------------------------------------------------------------------------


def test_adding_one_makes_recovery_codes_and_tells_the_owner(mine: Client, mailoutbox: list[EmailMessage]) -> None:
    assert add(mine, Device()).url == "/accounts/2fa/recovery-codes/"
    assert len(see_recovery_codes(mine)) == 10
    assert [(mail.to, "passkey was added" in mail.subject) for mail in mailoutbox] == [([ANA], True)]
    page = mine.get("/accounts/2fa/").content.decode()
    assert "Phone" in page


def test_it_is_kept_on_the_device_and_asks_who_is_there(mine: Client) -> None:
    asked = json.loads(mine.get(ADD).context["options"])["publicKey"]
    assert asked["authenticatorSelection"] == {
        "residentKey": "required",
        "requireResidentKey": True,
        "userVerification": "required",
    }
    assert asked["rp"] == {"id": "localhost", "name": "MiniChat"}
    assert asked["user"]["name"] == ANA


@pytest.mark.parametrize(
    ("typed", "kept"), [("  Ana's  phone ", "Ana's phone"), ("", "My passkey"), ("โทรศัพท์", "โทรศัพท์")]
)
def test_a_name_is_cleaned_and_a_missing_one_filled_in(mine: Client, typed: str, kept: str) -> None:
    add(mine, Device(), typed)
    assert str(Authenticator.objects.get(type="webauthn")) == kept


def test_renaming(mine: Client, device: Device) -> None:
    key = Authenticator.objects.get(type="webauthn")
    address = f"/accounts/2fa/webauthn/keys/{key.pk}/edit/"
    assert mine.post(address, {"name": " \u202e "}).status_code == 422
    assert mine.post(address, {"name": "Laptop"}).url == "/accounts/2fa/"
    key.refresh_from_db()
    assert str(key) == "Laptop"


def test_removing_the_last_one_takes_the_codes_along(
    mine: Client, device: Device, ana: User, mailoutbox: list[EmailMessage]
) -> None:
    key = Authenticator.objects.get(type="webauthn")
    address = f"/accounts/2fa/webauthn/keys/{key.pk}/remove/"
    assert "last second step" in mine.get(address).content.decode()
    assert mine.post(address).url == "/accounts/2fa/"
    assert not Authenticator.objects.filter(user=ana).exists()
    assert "removed" in mailoutbox[-1].subject


def test_somebody_elses_passkey_is_not_there(gil: User, device: Device) -> None:
    stranger = browser_of(gil)
    confirm(stranger)
    key = Authenticator.objects.get(type="webauthn")
    for number in (key.pk, 999_999):
        for what in ("edit", "remove"):
            address = f"/accounts/2fa/webauthn/keys/{number}/{what}/"
            assert stranger.get(address).status_code == 404
            assert stranger.post(address, {"name": "Mine"}).status_code == 404
    key.refresh_from_db()
    assert str(key) == "Phone"


def test_there_is_an_end_to_how_many(mine: Client, device: Device, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(forms, "PASSKEYS_PER_PERSON", 1)
    assert add(mine, Device()).status_code == 422
    assert Authenticator.objects.filter(type="webauthn").count() == 1


BROKEN = ["", "null", "[]", "5", "{", "{}", '"x"', '{"response": {}}', '{"id": 5, "response": 7}', "[" * 5000]


@pytest.mark.parametrize("credential", BROKEN)
def test_what_is_no_passkey_is_not_added(mine: Client, credential: str) -> None:
    mine.get(ADD)
    assert mine.post(ADD, {"name": "x", "credential": credential}).status_code == 422
    assert not Authenticator.objects.exists()


def test_a_challenge_is_answered_once_and_by_this_page_alone(mine: Client, gil: User) -> None:
    options = json.loads(mine.get(ADD).context["options"])
    answer = Device().create(options)
    stranger = browser_of(gil)
    confirm(stranger)
    stranger.get(ADD)
    assert stranger.post(ADD, {"name": "x", "credential": answer}).status_code == 422
    assert mine.post(ADD, {"name": "x", "credential": answer}).status_code == 302
    assert mine.post(ADD, {"name": "x", "credential": answer}).status_code == 422


def test_one_made_for_another_site_is_not_added(mine: Client) -> None:
    assert add(mine, Device("https://evil.example")).status_code == 422


def test_one_that_did_not_ask_who_is_there_is_not_added(mine: Client) -> None:
    assert add(mine, Device(asks=False)).status_code == 422


# --- Signing in -------------------------------------------------------------------------------------------------------


def test_a_passkey_alone_leads_in(device: Device) -> None:
    client = Client(**HERE)
    answer = client.post(LOGIN, {"credential": device.get(challenge(client)), "next": "/accounts/photo/"})
    assert answer.url == "/accounts/photo/"
    assert is_signed_in(client)


def test_a_passkey_is_the_second_step(device: Device) -> None:
    client = Client(**HERE)
    assert sign_in(client, ANA).url == STEP
    page = client.get(STEP)
    assert not is_signed_in(client)
    assert client.post(STEP, {"credential": device.get(json.loads(page.context["options"]))}).url == "/w/"
    assert is_signed_in(client)


def test_SR16_an_answer_works_once(device: Device) -> None:
    client = Client(**HERE)
    answer = device.get(challenge(client))
    client.post(LOGIN, {"credential": answer})
    client.post("/accounts/logout/")
    client.post(LOGIN, {"credential": answer})
    assert not is_signed_in(client)
    other = Client(**HERE)
    challenge(other)
    other.post(LOGIN, {"credential": answer})
    assert not is_signed_in(other)


@pytest.mark.parametrize(
    "spoil",
    [
        lambda device: setattr(device, "origin", "https://evil.example"),
        lambda device: setattr(device, "asks", False),
        lambda device: setattr(device, "id", b"another key"),
        lambda device: setattr(device, "key", Device().key),
        lambda device: setattr(device, "user_handle", "AAAA"),
        lambda device: setattr(device, "user_handle", None),
        lambda device: setattr(device, "user_handle", "enp6enp6enp6enp6enp6enp6enp6enp6"),
    ],
    ids=["site", "nobody there", "unknown key", "wrong key", "no such person", "no person", "a number too large"],
)
def test_an_answer_that_does_not_fit_leads_nowhere(device: Device, spoil: Callable[[Device], None]) -> None:
    client = Client(**HERE)
    asked = challenge(client)
    spoil(device)
    assert client.post(LOGIN, {"credential": device.get(asked)}).url == "/accounts/login/"
    assert not is_signed_in(client)
    assert "not accepted" in client.get("/accounts/login/").content.decode()


@pytest.mark.parametrize("credential", BROKEN)
def test_what_is_no_answer_leads_nowhere(ana: User, device: Device, credential: str) -> None:
    client = Client(**HERE)
    challenge(client)
    assert client.post(LOGIN, {"credential": credential}).url == "/accounts/login/"
    sign_in(client, ANA)
    client.get(STEP)
    assert client.post(STEP, {"credential": credential}).status_code == 422
    assert not is_signed_in(client)


def test_somebody_switched_off_stays_outside(ana: User, device: Device) -> None:
    User.objects.update(is_active=False)
    client = Client(**HERE)
    client.post(LOGIN, {"credential": device.get(challenge(client))})
    assert not is_signed_in(client)


def test_SR17_another_persons_passkey_is_not_my_second_step(device: Device, gil: User, globex: object) -> None:
    set_up_app(browser_of(gil))
    client = Client(**HERE)
    sign_in(client, gil.email)
    page = client.get(STEP)
    answer = device.get(json.loads(page.context["options"]))
    assert client.post(STEP, {"credential": answer}).status_code == 422
    assert not is_signed_in(client)


def test_SR18_answers_that_do_not_fit_are_counted(device: Device) -> None:
    client = Client(**HERE)
    for _ in range(5):
        client.post(LOGIN, {"credential": Device().get(challenge(client))})
    assert client.post(LOGIN, {"credential": device.get(challenge(client))}).status_code == 429


# --- Confirming that it is you ----------------------------------------------------------------------------------------


def test_a_passkey_opens_the_doors_that_ask_again(device: Device, ana: User) -> None:
    client = browser_of(ana)
    assert client.get(ADD).url.startswith("/accounts/reauthenticate/")
    options = json.loads(client.get(f"{CONFIRM}?next={ADD}").context["options"])
    assert client.post(CONFIRM, {"credential": Device().get(options), "next": ADD}).status_code == 422
    options = json.loads(client.get(f"{CONFIRM}?next={ADD}").context["options"])
    assert client.post(CONFIRM, {"credential": device.get(options), "next": ADD}).url == ADD
    assert client.get(ADD).status_code == 200


def test_under_a_bare_address_the_page_says_why_there_are_none(ana_client: Client) -> None:
    ana_client.defaults["SERVER_NAME"] = "127.0.0.1"
    page = ana_client.get("/accounts/2fa/").content.decode()
    assert "bare address" in page
    assert ADD not in page


def test_an_app_works_beside_it(device: Device, mine: Client) -> None:
    secret = set_up_app(mine)
    client = Client(**HERE)
    sign_in(client, ANA)
    assert client.post(STEP, {"code": totp_code(secret, 1)}).url == "/w/"
