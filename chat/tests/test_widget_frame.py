"""The frame and the loader: what a customer's page gets from us, and which page gets nothing."""

from __future__ import annotations

from typing import Any

import pytest
from django.test import Client

from chat.models import Inbox

pytestmark = pytest.mark.django_db


def frame(client: Client, inbox: Inbox, origin: str, **query: str) -> Any:
    return client.get(f"/widget/{inbox.widget_key}/", {"o": origin, **query})


def ancestors(answer: Any) -> str:
    return next(part for part in answer["Content-Security-Policy"].split("; ") if part.startswith("frame-ancestors"))


def test_SR36_an_allowed_page_may_show_it_and_no_other(anonymous_client: Client, inbox: Inbox) -> None:
    origin = inbox.allowed_origins[0]
    answer = frame(anonymous_client, inbox, origin, l="th")
    assert answer.status_code == 200 and ancestors(answer) == f"frame-ancestors {origin}"
    assert "X-Frame-Options" not in answer and not answer.cookies
    assert "require-trusted-types-for 'script'" in answer["Content-Security-Policy"]
    assert 'lang="th"' in answer.content.decode() and answer["Cache-Control"] == "no-store"


@pytest.mark.parametrize(
    "origin",
    [
        "",
        "null",
        "https://evil.example",
        "https://shop.acme.test.evil.example",
        "http://shop.acme.test",
        "https://shop.acme.test:8443",
        "https://shop.acme.test/path",
        "https://shop.acme.test *",
        "*",
        "'self'",
    ],
)
def test_SR36_any_other_page_gets_nothing(anonymous_client: Client, inbox: Inbox, origin: str) -> None:
    answer = frame(anonymous_client, inbox, origin)
    assert answer.status_code == 403 and ancestors(answer) == "frame-ancestors 'none'"
    assert "ticket" not in answer.content.decode()


def test_the_owner_is_told_who_was_refused(anonymous_client: Client, inbox: Inbox) -> None:
    for _ in range(3):
        frame(anonymous_client, inbox, "https://staging.acme.test")
    frame(anonymous_client, inbox, "not a site")
    row = inbox.refused_origins.get()
    assert (row.origin, row.count) == ("https://staging.acme.test", 3)


def test_a_flood_of_names_fills_no_table(anonymous_client: Client, inbox: Inbox) -> None:
    for number in range(55):
        frame(anonymous_client, inbox, f"https://n{number}.example")
    assert inbox.refused_origins.count() == 50


def test_an_unknown_key(anonymous_client: Client) -> None:
    answer = anonymous_client.get("/widget/wk_nothing/", {"o": "https://shop.acme.test"})
    assert answer.status_code == 404 and ancestors(answer) == "frame-ancestors 'none'"


def test_SR38_the_loader(anonymous_client: Client) -> None:
    answer = anonymous_client.get("/widget.js")
    assert answer["Content-Type"].startswith("text/javascript")
    assert answer["Cross-Origin-Resource-Policy"] == "cross-origin" and not answer.cookies
    assert "max-age=600" in answer["Cache-Control"] and "public" in answer["Cache-Control"]
    again = anonymous_client.get("/widget.js", headers={"If-None-Match": answer["ETag"]})
    assert again.status_code == 304 and again.content == b""
    packed = anonymous_client.get("/widget.js", headers={"Accept-Encoding": "gzip, br"})
    assert packed["Content-Encoding"] == "br" and len(packed.content) <= 5 * 1024
    assert "Accept-Encoding" in packed["Vary"]


def test_a_greeting_is_text(anonymous_client: Client, inbox: Inbox) -> None:
    inbox.greeting = "<img src=x onerror=alert(1)>"
    inbox.save(update_fields=["greeting"])
    assert "<img src=x" not in frame(anonymous_client, inbox, inbox.allowed_origins[0]).content.decode()
