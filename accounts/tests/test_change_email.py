"""One address per person: a new one replaces the old one once its code was entered."""

from __future__ import annotations

import pytest
from allauth.account.models import EmailAddress
from django.core.mail import EmailMessage
from django.http import HttpResponse
from django.test import Client

from accounts.models import User
from accounts.tests.conftest import Clock
from accounts.tests.steps import code_of, enter_code, sign_in, wrong
from conftest import PASSWORD
from workspaces.models import Workspace

ANA, NEW = "ana@acme.test", "ana@new.test"


def confirm_who(client: Client) -> HttpResponse:
    return client.post("/accounts/reauthenticate/", {"password": PASSWORD})


def ask_for(client: Client, email: str) -> HttpResponse:
    return client.post("/accounts/email/", {"email": email, "action_add": ""})


def test_the_new_address_replaces_the_old_one(
    ana_client: Client, ana: User, client: Client, mailoutbox: list[EmailMessage]
) -> None:
    confirm_who(ana_client)
    assert ask_for(ana_client, NEW.upper()).url == "/accounts/confirm-email/"
    assert NEW in ana_client.get("/accounts/confirm-email/").content.decode()
    assert enter_code(ana_client, code_of(mailoutbox[0])).status_code == 302
    ana.refresh_from_db()
    assert ana.email == NEW
    address = EmailAddress.objects.get(user=ana)
    assert (address.email, address.verified, address.primary) == (NEW, True, True)
    assert sign_in(client, NEW).url == "/w/"
    assert sign_in(Client(), ANA).status_code == 422
    assert Workspace.objects.count() == 1


def test_the_old_address_is_told(ana_client: Client, mailoutbox: list[EmailMessage]) -> None:
    confirm_who(ana_client)
    ask_for(ana_client, NEW)
    enter_code(ana_client, code_of(mailoutbox[0]))
    assert [mail.to for mail in mailoutbox] == [[NEW], [ANA]]


def test_the_browser_stays_known_under_the_new_address(ana_client: Client, mailoutbox: list[EmailMessage]) -> None:
    confirm_who(ana_client)
    ask_for(ana_client, NEW)
    enter_code(ana_client, code_of(mailoutbox[0]))
    ana_client.post("/accounts/logout/")
    mailoutbox.clear()
    sign_in(ana_client, NEW)
    assert not mailoutbox


def test_SR17_it_takes_a_fresh_password(ana_client: Client, clock: Clock, mailoutbox: list[EmailMessage]) -> None:
    assert ask_for(ana_client, NEW).url.startswith("/accounts/reauthenticate/")
    assert not mailoutbox
    confirm_who(ana_client)
    clock.forward(301)
    assert ask_for(ana_client, NEW).url.startswith("/accounts/reauthenticate/")
    assert not mailoutbox


def test_SR17_whoever_has_no_password_is_asked_for_a_code_first(
    ana_client: Client, ana: User, mailoutbox: list[EmailMessage]
) -> None:
    """An open session alone must not move the account to another mailbox."""
    ana.set_unusable_password()
    ana.save()
    ana_client.force_login(ana)
    assert ana_client.get("/accounts/email/").status_code == 200
    assert ask_for(ana_client, NEW).url.startswith("/accounts/reauthenticate/mail/")
    assert not mailoutbox
    ana.refresh_from_db()
    assert ana.email == ANA


def test_what_was_asked_for_goes_on_after_the_password(ana_client: Client, mailoutbox: list[EmailMessage]) -> None:
    on = ask_for(ana_client, NEW).url
    answer = ana_client.post(on, {"password": PASSWORD})
    assert answer.url == "/accounts/confirm-email/"
    assert mailoutbox[0].to == [NEW]


def test_before_the_code_nothing_has_changed(ana_client: Client, ana: User, mailoutbox: list[EmailMessage]) -> None:
    confirm_who(ana_client)
    ask_for(ana_client, NEW)
    for _ in range(3):
        enter_code(ana_client, wrong(code_of(mailoutbox[0])))
    enter_code(ana_client, code_of(mailoutbox[0]))
    ana.refresh_from_db()
    assert ana.email == ANA
    assert EmailAddress.objects.get(user=ana).email == ANA


def test_SR12_somebody_elses_address_stays_theirs(
    ana_client: Client, ana: User, gil: User, mailoutbox: list[EmailMessage]
) -> None:
    confirm_who(ana_client)
    assert ask_for(ana_client, gil.email).url == "/accounts/confirm-email/"
    assert enter_code(ana_client, code_of(mailoutbox[0])).status_code == 422
    ana.refresh_from_db()
    assert ana.email == ANA
    assert User.objects.filter(email=gil.email).get() == gil


@pytest.mark.parametrize("typed", ["", "no address", ANA, "ANA@acme.test", f"{'a' * 10_000}@x.test", "a\x00@x.test"])
def test_bad_input_asks_nobody(ana_client: Client, mailoutbox: list[EmailMessage], typed: str) -> None:
    confirm_who(ana_client)
    assert ask_for(ana_client, typed).status_code == 422
    assert not mailoutbox


def test_a_wrong_password_confirms_nothing(ana_client: Client, mailoutbox: list[EmailMessage]) -> None:
    assert ana_client.post("/accounts/reauthenticate/", {"password": "wrong"}).status_code == 422
    assert ask_for(ana_client, NEW).url.startswith("/accounts/reauthenticate/")


def test_strangers_do_not_see_the_page(anonymous_client: Client) -> None:
    for path in ["email", "reauthenticate", "password/change", "password/set"]:
        assert anonymous_client.get(f"/accounts/{path}/").url.startswith("/accounts/login/")


def test_the_only_address_cannot_be_removed(ana_client: Client, ana: User) -> None:
    confirm_who(ana_client)
    ana_client.post("/accounts/email/", {"email": ANA, "action_remove": ""})
    assert EmailAddress.objects.get(user=ana).email == ANA
