"""The demo shop embeds the widget from the other name of this machine, under a strict policy and without cookies."""

from __future__ import annotations

import os
import subprocess
import sys
from typing import Any

import pytest
from django.test import Client

from chat.models import Inbox


@pytest.fixture
def shop(settings: Any, inbox: Inbox) -> Client:
    settings.ALLOWED_HOSTS = ["localhost", "127.0.0.1", "[::1]"]
    return Client()


@pytest.mark.parametrize(
    ("host", "widget"),
    [
        ("localhost:8000", "http://127.0.0.1:8000"),
        ("127.0.0.1:8000", "http://localhost:8000"),
        ("[::1]:8000", "http://localhost:8000"),
        ("localhost", "http://127.0.0.1"),
    ],
)
def test_the_widget_comes_from_the_other_name(shop: Client, inbox: Inbox, host: str, widget: str) -> None:
    answer = shop.get("/demo/", headers={"Host": host})
    assert f'src="{widget}/widget.js" data-key="{inbox.widget_key}"' in answer.content.decode()
    policy = dict(part.strip().split(" ", 1) for part in answer["Content-Security-Policy"].split(";"))
    assert policy["script-src"] == policy["frame-src"] == widget
    assert policy["default-src"] == "'none'"
    assert policy["frame-ancestors"] == "'none'"


def test_no_session_and_no_cookie(shop: Client, ana_client: Client, django_assert_num_queries: Any) -> None:
    shop.cookies = ana_client.cookies
    with django_assert_num_queries(2):  # the workspace and its inbox; no session, nobody's name
        answer = shop.get("/demo/", headers={"Host": "localhost"})
    assert not answer.cookies
    assert "Cookie" not in answer.headers.get("Vary", "")


@pytest.mark.parametrize(
    ("query", "browser", "language"),
    [
        ("", "th", "th"),
        ("", "en-GB", "en"),
        ("?lang=th", "en", "th"),
        ("?lang=en", "th", "en"),
        ("?lang=xx", "th", "th"),
    ],
)
def test_its_language(shop: Client, query: str, browser: str, language: str) -> None:
    page = shop.get(f"/demo/{query}", headers={"Host": "localhost", "Accept-Language": browser}).content.decode()
    assert f'<html lang="{language}">' in page
    assert f'data-lang="{language}"' in page


def test_without_demo_data_it_says_so(db: None) -> None:
    answer = Client().get("/demo/")
    assert answer.status_code == 404
    assert "demo data" in answer.content.decode()


LOOK = """
import django
django.setup()
from django.urls import NoReverseMatch, reverse
print(reverse("home"))
try:
    print(reverse("demo-shop"))
except NoReverseMatch:
    print("no shop")
"""


@pytest.mark.pure
@pytest.mark.parametrize(("mode", "shop"), [("local", "/demo/"), ("selfhost", "no shop")])
def test_the_shop_exists_in_local_mode_only(mode: str, shop: str) -> None:
    """In a process of its own: which pages exist is decided when the project starts."""
    environment = {
        **os.environ,
        "MINICHAT_MODE": mode,
        "SECRET_KEY": "0123456789-for-this-one-question-abcdefghijk",
        "BASE_URL": "http://127.0.0.1:8000",
        "ALLOWED_HOSTS": "127.0.0.1",
        "DJANGO_SETTINGS_MODULE": "minichat.settings",
        "REDIS_URL": "",
        "DATABASE_URL": "sqlite://:memory:",
    }
    done = subprocess.run([sys.executable, "-c", LOOK], env=environment, capture_output=True, text=True, timeout=60)
    assert done.stdout.split("\n")[:2] == ["/", shop], done.stderr
