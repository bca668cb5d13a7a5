"""A new password ends everything that was opened with the old one (SR-15)."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any
from unittest.mock import ANY

import pytest
from asgiref.sync import sync_to_async
from django.core.mail import EmailMessage
from django.test import Client

from accounts.models import User
from accounts.tests.steps import GOOD_PASSWORD, ask_for_reset, choose_password, open_reset, path_of, sign_in
from chat.sockets.watch import Watch
from conftest import PASSWORD
from workspaces.models import Membership

ANA = "ana@acme.test"
FORM = {"oldpassword": PASSWORD, "password1": GOOD_PASSWORD, "password2": GOOD_PASSWORD}
Change = Callable[[Client], object]


def by_form(client: Client) -> object:
    return client.post("/accounts/password/change/", FORM)


def opens(client: Client) -> bool:
    return client.get("/w/", follow=True).redirect_chain[-1][0].startswith("/w/acme/")


def test_the_new_password_works_and_the_browser_stays_signed_in(ana_client: Client, client: Client) -> None:
    before = ana_client.session.session_key
    assert by_form(ana_client).status_code == 302  # type: ignore[attr-defined]
    assert opens(ana_client)
    assert ana_client.session.session_key != before
    assert sign_in(client, ANA, GOOD_PASSWORD).status_code == 302


def test_SR15_the_other_sessions_end(ana_client: Client, ana: User) -> None:
    other = Client()
    other.force_login(ana)
    assert opens(other)
    by_form(ana_client)
    assert not opens(other)


def test_SR15_a_reset_ends_all_sessions(ana_client: Client, client: Client, mailoutbox: list[EmailMessage]) -> None:
    ask_for_reset(client, ANA)
    choose_password(client, open_reset(client, path_of(mailoutbox[0])))
    assert not opens(ana_client)


def test_the_owner_is_told(ana_client: Client, mailoutbox: list[EmailMessage]) -> None:
    by_form(ana_client)
    [mail] = mailoutbox
    assert mail.to == [ANA]
    assert "127.0.0.1" in str(mail.body)


@pytest.mark.parametrize(
    "change", [{"oldpassword": "wrong"}, {"password1": "short", "password2": "short"}, {"password2": "other"}]
)
def test_a_form_with_mistakes_changes_nothing(ana_client: Client, ana: User, change: dict[str, str]) -> None:
    assert ana_client.post("/accounts/password/change/", {**FORM, **change}).status_code == 422
    ana.refresh_from_db()
    assert ana.check_password(PASSWORD)


def test_it_takes_a_session_and_a_form_of_ours(anonymous_client: Client, ana: User) -> None:
    assert anonymous_client.post("/accounts/password/change/", FORM).status_code == 302
    strict = Client(enforce_csrf_checks=True)
    strict.force_login(ana)
    assert strict.post("/accounts/password/change/", FORM).status_code == 403
    ana.refresh_from_db()
    assert ana.check_password(PASSWORD)


class Socket:
    """As much of an operator's socket as the watch looks at."""

    is_shut = False
    inboxes = ANY

    def __init__(self, user: User, membership: Membership, session_key: str) -> None:
        self.scope: dict[str, Any] = {"user": user}
        self.membership, self.session_key = membership, session_key
        self.closed: list[int] = []

    async def shut(self, code: int) -> None:
        self.closed.append(code)


@pytest.mark.django_db(transaction=True, serialized_rollback=True)
async def test_SR15_the_sockets_of_the_other_browsers_are_closed(ana_client: Client, ana_member: Membership) -> None:
    other = Client()
    user = await User.objects.aget(email=ANA)
    await sync_to_async(other.force_login)(user)
    socket = Socket(user, ana_member, await sync_to_async(key_of)(other))
    await Watch()._check_members([socket])
    assert socket.closed == []
    await sync_to_async(by_form)(ana_client)
    await Watch()._check_members([socket])
    assert socket.closed == [4401]


def key_of(client: Client) -> str:
    return str(client.session.session_key)
