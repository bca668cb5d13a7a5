"""“Check my site”: what is said of a page, and that it is asked for through the one client."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
from django.test import Client

from chat import sitecheck
from chat.actions import set_allowed_origins
from chat.models import Inbox
from chat.views import install
from minichat.lib import http
from minichat.lib.tests.test_http import Site
from minichat.lib.tests.test_http import page as answer
from workspaces.models import Membership

pytestmark = pytest.mark.django_db
OURS = "https://chat.example.com"


@pytest.fixture(autouse=True)
def base(settings: Any) -> None:
    settings.BASE_URL, settings.LOCAL = OURS, False


@pytest.fixture
def shop(inbox: Inbox, ana_member: Membership) -> Iterator[Site]:
    site = Site()
    set_allowed_origins(inbox, origins=[f"http://127.0.0.1:{site.port}"], by=ana_member)
    inbox.refresh_from_db()
    yield site
    site.listener.close()


def checked(site: Site, inbox: Inbox, html: str, *headers: str) -> sitecheck.Finding:
    site.answers = [answer(html.encode(), *headers)]
    limits = http.Limits(ports=frozenset({site.port}), may_reach=lambda address: address.is_loopback)
    return sitecheck.check(inbox, f"http://127.0.0.1:{site.port}/", limits=limits)


def tag(inbox: Inbox, more: str = "") -> str:
    return f'<body><script async src="{OURS}/widget.js" data-key="{inbox.widget_key}"{more}></script>'


def test_everything_is_fine(shop: Site, inbox: Inbox) -> None:
    assert checked(shop, inbox, tag(inbox)).is_fine
    pinned = tag(inbox).replace("/widget.js", "/widget/v1/0123.js")
    assert checked(shop, inbox, pinned).has_ours


def test_the_line_is_not_there_or_is_another_ones(shop: Site, inbox: Inbox) -> None:
    missing = checked(shop, inbox, "<p>Shop</p><script src=/app.js></script>")
    assert (missing.is_reached, missing.has_ours, missing.keys) == (True, False, [])
    other = checked(shop, inbox, f'<script src="{OURS}/widget.js" data-key="wk_other"></script>')
    assert (other.has_ours, other.keys) == (False, ["wk_other"])
    gtm = checked(shop, inbox, "<script>(function(w){x='https://www.googletagmanager.com/gtm.js?id='})()</script>")
    assert gtm.has_tag_manager
    commented = checked(shop, inbox, f"<!-- {tag(inbox)} -->")
    assert not commented.has_ours


@pytest.mark.parametrize(
    ("policy", "missing"),
    [
        ("default-src 'self'", ["script-src", "frame-src"]),
        ("default-src 'none'; script-src https://chat.example.com; frame-src https://chat.example.com", []),
        ("script-src 'self' https:; frame-src *", []),
        ("script-src https://*.example.com", []),
        ("script-src *.example.com; child-src 'none'", ["frame-src"]),
        ("script-src https://chat.example.com:8443", ["script-src"]),
        ("script-src http://chat.example.com", []),
        ("script-src 'nonce-abc'", ["script-src"]),
        ("script-src-elem https://chat.example.com; script-src 'none'", []),
        ("img-src 'none'", []),
        ("script-src 'strict-dynamic' https://chat.example.com", ["script-src"]),
    ],
)
def test_a_policy_that_would_refuse_it(shop: Site, inbox: Inbox, policy: str, missing: list[str]) -> None:
    assert checked(shop, inbox, tag(inbox), f"Content-Security-Policy: {policy}").missing == missing
    in_the_page = f'<meta http-equiv="Content-Security-Policy" content="{policy}">{tag(inbox)}'
    assert checked(shop, inbox, in_the_page).missing == missing


def test_a_nonce_on_the_tag_is_enough(shop: Site, inbox: Inbox) -> None:
    html = tag(inbox, ' nonce="abc"')
    policy = "Content-Security-Policy: script-src 'strict-dynamic' 'nonce-abc'"
    assert checked(shop, inbox, html, policy).missing == []


def test_the_site_is_not_allowed_yet(shop: Site, inbox: Inbox, ana_member: Membership) -> None:
    set_allowed_origins(inbox, origins=[], by=ana_member)
    found = checked(shop, inbox, tag(inbox))
    assert found.has_ours and not found.is_allowed and found.origin == f"http://127.0.0.1:{shop.port}"


def test_a_page_that_is_not_there(shop: Site, inbox: Inbox) -> None:
    shop.answers = [answer(b"gone", status="404 Not Found")]
    limits = http.Limits(ports=frozenset({shop.port}), may_reach=lambda address: address.is_loopback)
    found = sitecheck.check(inbox, f"http://127.0.0.1:{shop.port}/", limits=limits)
    assert (found.is_reached, found.status) == (False, 404)


# --- The page ---------------------------------------------------------------------------------------------------------


def test_SR49_without_the_tests_own_limits_this_machine_is_not_there(
    ana_client: Client, inbox_page: Any, shop: Site
) -> None:
    sentences = set()
    for address in (f"http://127.0.0.1:{shop.port}/", "http://127.0.0.1:1/", "http://10.0.0.1/", "http://localhost/"):
        page = ana_client.post(f"{inbox_page('install')}check/", {"address": address}).content.decode()
        assert "could not be reached" in page
        sentences.add(page.count("could not be reached"))
    assert shop.asked == [] and len(sentences) == 1


def test_what_is_said_in_words(
    ana_client: Client, inbox_page: Any, inbox: Inbox, monkeypatch: pytest.MonkeyPatch
) -> None:
    def says(**found: Any) -> str:
        finding = sitecheck.Finding("https://x.example/", status=200, origin="https://x.example", **found)
        monkeypatch.setattr(install.sitecheck, "check", lambda *args: finding)
        place = f"{inbox_page('install')}check/"
        return ana_client.post(place, {"address": "x.example"}, headers={"HX-Request": "true"}).content.decode()

    fine = says(has_ours=True, is_allowed=True)
    assert "Everything is in place" in fine and "<html" not in fine
    bad = says(missing=["script-src", "frame-src"])
    assert "is not on this page" in bad and f"script-src {OURS}" in bad and f"frame-src {OURS}" in bad
    assert "may not show the chat yet" in bad and 'value="https://x.example"' in bad
    assert "wk_other" in says(keys=["wk_other"])
    assert "Tag Manager" in says(has_tag_manager=True)


def test_an_address_that_is_none_is_said_beside_it(ana_client: Client, inbox_page: Any) -> None:
    page = ana_client.post(f"{inbox_page('install')}check/", {"address": "not an address"})
    assert page.status_code == 422 and "not an address" in page.content.decode()


def test_not_too_often(ana_client: Client, inbox_page: Any, inbox: Inbox, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(install.sitecheck, "check", lambda *args: sitecheck.Finding("x", problem="unreachable"))
    place = f"{inbox_page('install')}check/"
    codes = [ana_client.post(place, {"address": "x.example"}).status_code for _ in range(install.CHECKS + 1)]
    assert codes[-2:] == [200, 429]
