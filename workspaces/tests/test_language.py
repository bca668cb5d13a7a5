"""Person, then this device's choice, then workspace, then browser."""

from __future__ import annotations

from django.conf import settings
from django.test import Client

from accounts.models import User
from workspaces.models import Membership, Workspace

TEAM = "/w/acme/settings/team/"


def language(client: Client, browser: str = "en") -> str:
    page = client.get(TEAM, headers={"Accept-Language": browser}).content.decode()
    return page.partition('<html lang="')[2][:2]


def test_the_workspace_before_the_browser(omar_client: Client, acme: Workspace) -> None:
    assert language(omar_client, "th") == "en"
    Workspace.objects.filter(pk=acme.pk).update(locale="th")
    assert language(omar_client, "en") == "th"


def test_what_was_chosen_on_this_device_before_the_workspace(omar_client: Client, omar_member: Membership) -> None:
    omar_client.cookies[settings.LANGUAGE_COOKIE_NAME] = "th"
    assert language(omar_client) == "th"
    omar_client.cookies[settings.LANGUAGE_COOKIE_NAME] = "xx"
    assert language(omar_client) == "en"


def test_the_person_before_everything(omar_client: Client, omar: User) -> None:
    omar_client.cookies[settings.LANGUAGE_COOKIE_NAME] = "en"
    User.objects.filter(pk=omar.pk).update(locale="th")
    assert language(omar_client) == "th"
