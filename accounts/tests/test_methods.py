"""The page "Sign-in methods": what is connected, connecting and disconnecting (SR-12)."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from allauth.socialaccount.models import SocialAccount
from django.core.mail import EmailMessage
from django.test import Client

from accounts import actions
from accounts.models import User
from accounts.tests.conftest import Clock
from accounts.tests.providers import PROVIDERS, Stub, come_back, connected, says
from conftest import PASSWORD
from workspaces.models import Workspace

ANA = "ana@acme.test"
PAGE = "/accounts/methods/"
Mails = Callable[[str], list[EmailMessage]]


@pytest.fixture
def fresh(ana_client: Client) -> Client:
    """Ana has just confirmed that it is her."""
    ana_client.post("/accounts/reauthenticate/", {"password": PASSWORD})
    return ana_client


def connect(client: Client, stub: Stub, provider: str) -> Any:
    answer = client.post(f"{PAGE}{provider}/connect/")
    assert answer.status_code == 302
    return come_back(client, stub, answer.url)


@pytest.mark.parametrize("provider", PROVIDERS)
def test_connecting_and_disconnecting(
    fresh: Client, ana: User, acme: Workspace, stub: Stub, provider: str, mails_to: Mails
) -> None:
    says(stub, provider, "another@mailbox.test", proven=False)
    assert connect(fresh, stub, provider).url == PAGE
    assert SocialAccount.objects.get().user == ana
    page = fresh.get(PAGE).text
    assert "is connected." in page
    assert f"Disconnect {'GitHub' if provider == 'github' else provider.capitalize()}".lower() in page.lower()
    assert fresh.post(f"{PAGE}{provider}/disconnect/").url == PAGE
    assert not SocialAccount.objects.exists()
    subjects = [mail.subject for mail in mails_to(ANA)]
    assert len([subject for subject in subjects if "has been connected" in subject]) == 1
    assert len([subject for subject in subjects if "has been disconnected" in subject]) == 1
    ana.refresh_from_db()
    assert ana.email == ANA


def test_SR12_connecting_takes_a_fresh_confirmation(ana_client: Client, stub: Stub, clock: Clock, ana: User) -> None:
    assert ana_client.post(f"{PAGE}google/connect/").url.startswith("/accounts/reauthenticate/")
    ana_client.post("/accounts/reauthenticate/", {"password": PASSWORD})
    location = ana_client.post(f"{PAGE}google/connect/").url
    # The person lets five minutes pass at the provider.
    clock.forward(301)
    assert come_back(ana_client, stub, location).url == "/accounts/reauthenticate/"
    assert not SocialAccount.objects.exists()
    assert ana_client.post("/accounts/reauthenticate/", {"password": PASSWORD}).url == PAGE
    assert SocialAccount.objects.get().user == ana


def test_what_was_asked_for_goes_on_after_the_password(ana_client: Client, stub: Stub) -> None:
    on = ana_client.post(f"{PAGE}google/connect/").url
    answer = ana_client.post(on, {"password": PASSWORD})
    assert answer.url.startswith("https://accounts.google.com/")
    # The button is on a page that lets its form lead there.
    assert "https://accounts.google.com" in ana_client.get(on)["Content-Security-Policy"]
    come_back(ana_client, stub, answer.url)
    assert SocialAccount.objects.exists()


def test_SR12_disconnecting_takes_a_fresh_confirmation(ana_client: Client, ana: User, stub: Stub) -> None:
    connected(ana)
    assert ana_client.post(f"{PAGE}google/disconnect/").url.startswith("/accounts/reauthenticate/")
    assert SocialAccount.objects.exists()


def test_SR12_an_identity_of_somebody_else_stays_theirs(fresh: Client, gil: User, stub: Stub) -> None:
    SocialAccount.objects.create(user=gil, provider="google", uid="subject-1")
    connect(fresh, stub, "google")
    assert SocialAccount.objects.get().user == gil
    assert "connected to another MiniChat account" in fresh.get(PAGE).text


def test_SR12_an_address_of_somebody_else_does_not_matter_when_connecting(
    fresh: Client, ana: User, gil: User, stub: Stub
) -> None:
    says(stub, "github", gil.email)
    connect(fresh, stub, "github")
    assert SocialAccount.objects.get().user == ana


def test_SR12_a_link_from_the_attackers_own_connecting_connects_nothing(
    fresh: Client, gil_client: Client, gil: User, stub: Stub
) -> None:
    """Or the attacker's identity would open the victim's account."""
    gil_client.post("/accounts/reauthenticate/", {"password": PASSWORD})
    path, query = stub.agree(gil_client.post(f"{PAGE}google/connect/").url)
    assert fresh.get(path, query).url == PAGE
    assert not SocialAccount.objects.exists()


def test_connecting_twice_is_connecting_once(fresh: Client, stub: Stub) -> None:
    connect(fresh, stub, "google")
    connect(fresh, stub, "google")
    assert SocialAccount.objects.count() == 1
    assert "was connected already" in fresh.get(PAGE).text


def test_who_cancels_is_back_on_the_page(fresh: Client, stub: Stub) -> None:
    _, query = stub.agree(fresh.post(f"{PAGE}line/connect/").url)
    answer = fresh.get("/accounts/line/login/callback/", {"error": "access_denied", "state": query["state"]})
    assert answer.url == PAGE


def test_the_sign_in_button_of_an_old_page_connects_nothing(ana_client: Client, stub: Stub) -> None:
    assert ana_client.post("/accounts/google/login/").url == "/w/"


# --- The last way in --------------------------------------------------------------------------------------------------


@pytest.fixture
def without_password(ana: User) -> User:
    ana.set_unusable_password()
    ana.save()
    return ana


def test_the_last_way_in_stays(client: Client, without_password: User, stub: Stub) -> None:
    connected(without_password)
    client.force_login(without_password)
    page = client.get(PAGE).text
    assert "choose a password first" in page
    assert "/google/disconnect/" not in page
    with pytest.raises(actions.LastWayIn):
        actions.disconnect(without_password, provider="google")
    assert SocialAccount.objects.exists()


def test_of_two_one_may_go(without_password: User, stub: Stub) -> None:
    connected(without_password, "google")
    connected(without_password, "line")
    assert actions.disconnect(without_password, provider="google") is not None
    with pytest.raises(actions.LastWayIn):
        actions.disconnect(without_password, provider="line")


def test_what_is_not_connected_is_disconnected(ana: User, gil: User) -> None:
    connected(gil)
    assert actions.disconnect(ana, provider="google") is None
    assert SocialAccount.objects.get().user == gil


@pytest.mark.django_db(transaction=True, serialized_rollback=True)
def test_two_disconnected_at_once_are_not_the_last_two(make_user: Callable[..., User]) -> None:
    from concurrent.futures import ThreadPoolExecutor
    from threading import Barrier

    from django.db import connections

    user = make_user("two@acme.test", "Two")
    user.set_unusable_password()
    user.save()
    for provider in ("google", "line"):
        SocialAccount.objects.create(user=user, provider=provider, uid="1")
    barrier = Barrier(2)

    def disconnect(provider: str) -> bool:
        barrier.wait()
        try:
            return actions.disconnect(user, provider=provider) is not None
        except actions.LastWayIn:
            return False
        finally:
            connections.close_all()

    with ThreadPoolExecutor(2) as pool:
        assert sorted(pool.map(disconnect, ["google", "line"])) == [False, True]
    assert SocialAccount.objects.count() == 1
