"""Name, language, theme and time zone: true of the person, in every workspace."""

from __future__ import annotations

from typing import Any

import pytest
from allauth.usersessions.models import UserSession
from django.test import Client
from django.urls import reverse
from django.utils.timezone import datetime

from accounts.models import User
from workspaces.models import Workspace

PAGE = "/accounts/profile/"
GOOD = {"name": "Ana S.", "locale": "th", "theme": "dark", "timezone": "Europe/Berlin"}


def test_what_is_saved_is_saved_and_shown(ana_client: Client, ana: User) -> None:
    assert ana_client.post(PAGE, GOOD).url == PAGE
    ana.refresh_from_db()
    assert {name: getattr(ana, name) for name in GOOD} == GOOD
    page = ana_client.get(PAGE).text
    assert '<html lang="th"' in page
    assert 'data-theme-choice="dark"' in page
    assert '<option value="Europe/Berlin" selected>' in page
    assert ana_client.cookies["minichat_language"].value == "th"


def test_the_name_is_what_colleagues_see(ana_client: Client, acme: Workspace) -> None:
    ana_client.post(PAGE, GOOD)
    assert "Ana S." in ana_client.get(reverse("members", args=["acme"])).text


def test_everything_may_be_left_to_the_workspace(ana_client: Client, ana: User) -> None:
    ana_client.post(PAGE, GOOD)
    ana_client.post(PAGE, {"name": "", "locale": "", "theme": "", "timezone": ""})
    ana.refresh_from_db()
    assert (ana.name, ana.locale, ana.theme, ana.timezone) == ("", "", "", "")
    assert ana.display_name == "ana"
    assert '<html lang="en"' in ana_client.get(PAGE).text


@pytest.mark.parametrize(
    "change",
    [
        {"name": "x" * 81},
        {"locale": "xx"},
        {"theme": "pink"},
        {"timezone": "Mars/Olympus"},
        {"timezone": "../etc/passwd"},
        {"name": "a\x00b"},
    ],
    ids=str,
)
def test_bad_input_is_told_beside_it_and_nothing_typed_is_lost(
    ana_client: Client, ana: User, change: dict[str, str]
) -> None:
    answer = ana_client.post(PAGE, {**GOOD, **change})
    assert answer.status_code == 422
    assert 'class="err"' in answer.text
    assert '<option value="dark" selected>' in answer.text or "theme" in change
    ana.refresh_from_db()
    assert ana.name == "Ana Srisuk"


@pytest.mark.parametrize(
    "name",
    [
        "\u0e21\u0e32\u0e25\u0e35",
        "\u738b\u5c0f\u660e",
        "Zo\u00eb O'Neil-Sm\u00eeth",
        "\u0645\u0631\u064a\u0645",
        "<b>Ana</b>",
    ],
)
def test_names_are_of_any_script(ana_client: Client, ana: User, name: str) -> None:
    assert ana_client.post(PAGE, {**GOOD, "name": name}).status_code == 302
    ana.refresh_from_db()
    assert ana.name == name
    assert "<b>Ana" not in ana_client.get(PAGE).text


def test_only_these_four_can_be_written(ana_client: Client, ana: User) -> None:
    """SR-06: whoever posts more posts it in vain."""
    ana_client.post(PAGE, {**GOOD, "is_staff": "on", "email": "evil@x.test", "is_superuser": "1", "avatar": "x"})
    ana.refresh_from_db()
    assert (ana.email, ana.is_staff, ana.is_superuser, ana.avatar) == ("ana@acme.test", False, False, "")


def test_pages_of_ones_account_tell_ones_own_time(ana_client: Client, ana: User) -> None:
    UserSession.objects.update(created_at=datetime.fromisoformat("2026-01-15T20:00:00+00:00"))
    assert "03:00" in ana_client.get("/accounts/sessions/").text  # Bangkok
    User.objects.update(timezone="America/New_York")
    assert "15:00" in ana_client.get("/accounts/sessions/").text


def test_pages_of_ones_account_speak_ones_own_language_on_any_device(ana: User) -> None:
    User.objects.update(locale="th")
    client = Client(headers={"Accept-Language": "en"})
    client.force_login(ana)
    for page in ("profile", "sessions", "methods", "email", "photo", "password/change", "2fa"):
        assert '<html lang="th"' in client.get(f"/accounts/{page}/").text, page
    # The thread is its next caller's: nothing of Ana stays in it.
    assert '<html lang="en"' in Client(headers={"Accept-Language": "en"}).get("/accounts/login/").text


def test_it_takes_a_form_of_ours(ana: User) -> None:
    strict: Any = Client(enforce_csrf_checks=True)
    strict.force_login(ana)
    assert strict.post(PAGE, GOOD).status_code == 403
