"""Language and theme follow the person."""

from __future__ import annotations

import pytest
from django.conf import settings
from django.test import Client

from accounts.models import User
from accounts.tests.steps import sign_in


def test_a_language_is_kept_on_the_device_and_with_the_person(ana_client: Client, ana: User) -> None:
    answer = ana_client.post("/i18n/setlang/", {"language": "th", "next": "/w/"})
    assert answer.url == "/w/"
    assert answer.cookies[settings.LANGUAGE_COOKIE_NAME].value == "th"
    ana.refresh_from_db()
    assert ana.locale == "th"


def test_somebody_signed_out_keeps_it_on_the_device(anonymous_client: Client) -> None:
    answer = anonymous_client.post("/i18n/setlang/", {"language": "th", "next": "/"})
    assert answer.cookies[settings.LANGUAGE_COOKIE_NAME].value == "th"


def test_a_language_comes_along_to_a_new_device(anonymous_client: Client, ana: User) -> None:
    """Also to pages that look at nobody's session, such as the status page."""
    User.objects.filter(pk=ana.pk).update(locale="th")
    anonymous_client.cookies[settings.LANGUAGE_COOKIE_NAME] = "en"
    sign_in(anonymous_client, ana.email)
    assert anonymous_client.cookies[settings.LANGUAGE_COOKIE_NAME].value == "th"
    assert '<html lang="th"' in anonymous_client.get("/status/").content.decode()


@pytest.mark.parametrize("language", ["fr", "xx", "", "../th", "th" * 100])
def test_a_language_we_do_not_speak_changes_nothing(ana_client: Client, ana: User, language: str) -> None:
    ana_client.post("/i18n/setlang/", {"language": language, "next": "/"})
    ana.refresh_from_db()
    assert ana.locale == ""


def test_the_way_back_is_on_our_own_site(ana_client: Client) -> None:
    answer = ana_client.post("/i18n/setlang/", {"language": "en", "next": "https://evil.example/"})
    assert answer.url == "/"


@pytest.mark.parametrize(("posted", "stored"), [("dark", "dark"), ("light", "light"), ("system", "")])
def test_a_theme_is_kept_with_the_person(ana_client: Client, ana: User, posted: str, stored: str) -> None:
    User.objects.filter(pk=ana.pk).update(theme="dark")
    assert ana_client.post("/theme/", {"theme": posted}).status_code == 204
    ana.refresh_from_db()
    assert ana.theme == stored


def test_a_theme_needs_somebody_and_a_name(anonymous_client: Client, ana_client: Client) -> None:
    assert anonymous_client.post("/theme/", {"theme": "dark"}).status_code == 401
    assert ana_client.post("/theme/", {"theme": "purple"}).status_code == 422


@pytest.mark.parametrize("path", ["/theme/", "/i18n/setlang/"])
def test_nothing_changes_by_looking(ana_client: Client, path: str) -> None:
    assert ana_client.get(path).status_code == 405
