"""Websites of customers, and what their servers do: sign tokens for whoever is signed in there."""

from __future__ import annotations

import base64
import hashlib
import hmac
import json
import re
import threading
import time
from collections.abc import Callable, Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

import pytest
from playwright.sync_api import expect

from tests.browser.house import PASSWORD, House
from tests.browser.people import VisitorPage
from tests.browser.test_pages import inbox_of


class StrictSite:
    """A customer's page that lets nothing in but the widget: no style, no image, no string that becomes code."""

    def __init__(self, house: House) -> None:
        self.more = ""
        self.script = ""
        strict = self

        class Handler(BaseHTTPRequestHandler):
            def do_GET(self) -> None:
                policy = f"default-src 'none'; script-src {house.url}; frame-src {house.url}"
                self.send_response(200 if self.path == "/" else 404)
                self.send_header("Content-Type", "text/html; charset=utf-8")
                self.send_header("Content-Security-Policy", f"{policy}; require-trusted-types-for 'script'")
                self.end_headers()
                self.wfile.write(strict.html(house).encode() if self.path == "/" else b"")

            def log_message(self, format: str, *args: Any) -> None:
                pass

        self.server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.address = f"http://127.0.0.1:{self.server.server_address[1]}/"
        threading.Thread(target=self.server.serve_forever, daemon=True).start()

    def html(self, house: House) -> str:
        plain = f'<script async src="{house.url}/widget.js" data-key="{house.widget_key()}"{self.more}></script>'
        script = self.script or plain
        return (
            f'<!doctype html><html lang="en"><meta charset="utf-8"><title>A shop</title><h1>A shop</h1>{script}</html>'
        )


@pytest.fixture
def strict(house: House) -> Iterator[StrictSite]:
    site = StrictSite(house)
    yield site
    site.server.shutdown()


@pytest.fixture
def calm(visit: Any, house: House) -> Iterator[Callable[[StrictSite], VisitorPage]]:
    """A visitor whose browser may not say one word on its console, whatever the level."""
    said: list[str] = []

    def enter(site: StrictSite) -> VisitorPage:
        context = visit.context()
        context.on("console", lambda message: said.append(f"{message.text} {message.location['url']}"))
        return VisitorPage(context, site.address)

    yield enter
    # The page has no icon to give, and its policy would not let one in. A question that was on its way while the
    # credential was renewed is answered with 401, and asked again; nothing else may be.
    was_asked_before = re.compile(r"status of 401 .*/conversations/[0-9a-f-]{36}/(changes|marks)/")
    complaints = [text for text in said if "favicon" not in text and not was_asked_before.search(text)]
    assert not complaints, complaints


def signed(secret: str, kid: str, audience: str, sub: str, **claims: Any) -> str:
    """What the owner's server does, in any language."""

    def part(data: Any) -> str:
        return base64.urlsafe_b64encode(json.dumps(data).encode()).rstrip(b"=").decode()

    body = {"sub": sub, "aud": audience, "exp": int(time.time()) + 600, **claims}
    text = f"{part({'alg': 'HS256', 'kid': kid})}.{part(body)}"
    seal = hmac.new(secret.encode(), text.encode(), hashlib.sha256).digest()
    return f"{text}.{base64.urlsafe_b64encode(seal).rstrip(b'=').decode()}"


def make_secret(ana: Any, house: House) -> tuple[str, str]:
    """By the page for it, as an owner would."""
    page = ana.new_page()
    address = f"{house.url}/w/acme/settings/inboxes/{inbox_of(house)}/identity/"
    page.goto(address)
    page.locator("form[action$='/identity/keys/'] button").click()
    if "reauthenticate" in page.url:
        page.fill("[name=password]", PASSWORD)
        page.locator("form.form .btn-primary").click()
    expect(page.locator("#secret")).to_be_visible()
    secret, kid = page.locator("#secret").inner_text(), page.locator(".row-item b").last.inner_text()
    page.goto(address)
    expect(page.locator("#secret")).to_have_count(0)
    page.close()
    return secret, kid
