"""The first person gets in without working mail, also when sign-up is closed."""

from __future__ import annotations

import re
from io import StringIO
from typing import Any
from urllib.parse import urlsplit

import pytest
from allauth.account.models import EmailAddress
from django.core.management import CommandError, call_command
from django.test import Client

from accounts.models import User
from workspaces.models import Workspace
from workspaces.roles import Role

pytestmark = pytest.mark.django_db
NEW = "a much better password 7"


def run(*arguments: str) -> str:
    out = StringIO()
    call_command("create_owner", *arguments, stdout=out)
    return out.getvalue()


def link_in(text: str) -> str:
    return urlsplit(re.search(r"https?://\S+", text)[0]).path  # type: ignore[index]


def choose_password(client: Client, path: str) -> int:
    """Follow the link as a browser does: the token moves into the session, then the form is sent."""
    form = client.get(path, follow=True)
    if not form.redirect_chain:
        return form.status_code
    client.post(form.redirect_chain[-1][0], {"password1": NEW, "password2": NEW})
    return client.get(path, follow=True).status_code


def test_the_link_is_on_our_own_address(settings: Any) -> None:
    settings.BASE_URL = "https://chat.example.com"
    assert "https://chat.example.com/accounts/" in run("boss@example.com")


@pytest.mark.parametrize("signups", ["open", "invited"])
def test_the_person_gets_in_and_owns_a_workspace(client: Client, settings: Any, signups: str) -> None:
    settings.SIGNUPS = signups
    choose_password(client, link_in(run("Boss@Example.com", "--workspace", "ร้านของเรา")))
    user = User.objects.get(email="boss@example.com")
    assert user.check_password(NEW)
    assert user.memberships.get().role == Role.OWNER
    assert Workspace.objects.get().name == "ร้านของเรา"
    assert EmailAddress.objects.get(user=user).verified


def test_the_link_works_once(client: Client) -> None:
    path = link_in(run("boss@example.com"))
    choose_password(client, path)
    before = User.objects.get().password
    assert User.objects.get().check_password(NEW)
    second = Client()
    page = second.get(path, follow=True)
    second.post(
        page.redirect_chain[-1][0] if page.redirect_chain else path, {"password1": "x" * 12, "password2": "x" * 12}
    )
    assert User.objects.get().password == before


def test_running_it_again_makes_nothing_twice() -> None:
    run("boss@example.com", "--workspace", "Shop")
    run("boss@example.com", "--workspace", "Shop")
    run("boss@example.com")
    assert (User.objects.count(), Workspace.objects.count()) == (1, 1)
    run("boss@example.com", "--workspace", "Second shop")
    assert Workspace.objects.count() == 2


def test_an_address_that_is_none_is_refused() -> None:
    with pytest.raises(CommandError, match="not an address"):
        run("not an address")
    assert not User.objects.exists()
