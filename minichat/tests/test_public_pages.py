"""Landing, prices, privacy, terms, status: found in both languages, true to the table of plans, light."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any
from xml.etree import ElementTree

import brotli
import pytest
from django.conf import settings
from django.template.loader import render_to_string
from django.test import Client

from chat.models import Inbox
from minichat import health
from minichat.site import condition, offers
from workspaces.models import Plan

PAGES = ["/", "/pricing/", "/privacy/", "/terms/"]
LANGUAGES = ["en", "th"]
# design.md: the first view of the landing page, packed with brotli.
LANDING_BYTES = 120_000
_FILES = {"theme.js", "base.js", "prices.js", "public.css", "logo.svg", "sprite.svg", "inter-var-latin.woff2"}
LANDING_REQUESTS = {"en": _FILES, "th": _FILES | {"thai-var.woff2"}}


def get(path: str, client: Client | None = None, browser: str = "en", **query: str) -> str:
    answer = (client or Client()).get(path, query, headers={"Accept-Language": browser})
    assert answer.status_code == 200, path
    return answer.content.decode()


def links(html: str, rel: str) -> dict[str, str]:
    found = re.findall(rf'<link rel="{rel}"(?: hreflang="([\w-]+)")? href="([^"]+)"', html)
    return dict(found)


# --- Found ------------------------------------------------------------------------------------------------------------


@pytest.mark.django_db
@pytest.mark.parametrize("path", PAGES)
@pytest.mark.parametrize("language", LANGUAGES)
def test_a_page_says_what_and_where_it_is(path: str, language: str) -> None:
    html = get(path, browser=language)
    plain = f"{settings.BASE_URL}{path}"
    assert f'<html lang="{language}"' in html and "noindex" not in html
    assert links(html, "canonical") == {"": plain if language == "en" else f"{plain}?lang=th"}
    assert links(html, "alternate") == {"en": plain, "th": f"{plain}?lang=th", "x-default": plain}
    for name in ("og:title", "og:description", "og:image", "og:url"):
        assert re.search(rf'<meta property="{name}" content="[^"]+">', html), name
    assert re.search(r'<meta name="description" content="[^"]{20,}">', html)
    assert len(re.findall(r"<h1\b", html)) == 1


@pytest.mark.django_db
def test_a_page_speaks_the_language_of_its_address_and_so_does_the_next() -> None:
    client = Client()
    assert '<html lang="th"' in get("/pricing/", client, lang="th")
    assert '<html lang="th"' in get("/terms/", client)
    assert '<html lang="en"' in get("/pricing/", browser="en", lang="xx")


@pytest.mark.django_db
def test_the_language_switch_leads_to_the_plain_address() -> None:
    """A `lang` that came along would overrule what was just chosen."""
    assert '<input type="hidden" name="next" value="/pricing/">' in get("/pricing/", lang="th")


@pytest.mark.django_db
def test_SR14_no_host_header_gets_into_an_address(settings: Any) -> None:
    settings.ALLOWED_HOSTS = ["*"]
    for path in [*PAGES, "/sitemap.xml", "/robots.txt"]:
        assert "evil.example" not in Client().get(path, headers={"Host": "evil.example"}).content.decode()


@pytest.mark.django_db
def test_the_sitemap_holds_every_page_in_every_language() -> None:
    spaces = {"s": "http://www.sitemaps.org/schemas/sitemap/0.9", "x": "http://www.w3.org/1999/xhtml"}
    urls = ElementTree.fromstring(get("/sitemap.xml")).findall("s:url", spaces)  # noqa: S314
    places = [url.findtext("s:loc", "", spaces) for url in urls]
    assert len(set(places)) == len(PAGES) * len(LANGUAGES)
    for url, place in zip(urls, places, strict=True):
        html = get(place.removeprefix(settings.BASE_URL))
        assert links(html, "canonical") == {"": place}
        named = {link.get("hreflang"): link.get("href") for link in url.findall("x:link", spaces)}
        assert named == links(html, "alternate")


def test_robots_are_shown_the_sitemap_and_kept_out_of_the_rest() -> None:
    lines = get("/robots.txt").splitlines()
    assert f"Sitemap: {settings.BASE_URL}/sitemap.xml" in lines
    assert {"Disallow: /w/", "Disallow: /accounts/", "Disallow: /admin/", "Disallow: /widget/"} <= set(lines)
    assert "Disallow: /" not in lines


@pytest.mark.django_db
@pytest.mark.parametrize("path", [*PAGES, "/status/", "/accounts/login/", "/nowhere/"])
def test_every_public_page_leads_to_the_others(path: str) -> None:
    html = Client().get(path).content.decode()
    for place in ("/pricing/", "/privacy/", "/terms/", "/status/"):
        assert f'<a href="{place}"' in html, place


def test_a_new_account_is_offered_only_where_one_can_be_made() -> None:
    assert "/accounts/signup/" in render_to_string("pages/landing.html", {"SIGNUPS_OPEN": True})
    assert "/accounts/signup/" not in render_to_string("pages/landing.html", {"SIGNUPS_OPEN": False})


def test_the_demo_is_named_only_where_there_is_one() -> None:
    assert "omar@acme.test" in render_to_string("pages/landing.html", {"DEMO": True})
    assert "omar@acme.test" not in render_to_string("pages/landing.html", {"DEMO": False})


# --- Prices -----------------------------------------------------------------------------------------------------------


def shown(html: str) -> list[str]:
    return re.findall(r'data-price="[\w-]+"><b>([^<]+)</b>', html)


@pytest.mark.django_db
@pytest.mark.parametrize("path", ["/", "/pricing/"])
def test_the_switches_work_as_links(path: str) -> None:
    assert shown(get(path)) == ["฿0", "฿299", "฿999", "฿3,490"]
    assert shown(get(path, period="year")) == ["฿0", "฿2,990", "฿9,990", "฿34,900"]
    assert shown(get(path, currency="usd")) == ["$0", "$9", "$29", "$99"]
    assert shown(get(path, currency="usd", period="year")) == ["$0", "$90", "$290", "$990"]
    assert shown(get(path, currency="doge", period="<b>")) == ["฿0", "฿299", "฿999", "฿3,490"]


@pytest.mark.django_db
def test_each_switch_keeps_the_other() -> None:
    html = get("/pricing/", currency="usd", period="year")
    assert 'href="?currency=thb&amp;period=year#' in html and 'href="?currency=usd&amp;period=month#' in html
    assert html.count('aria-current="true">USD $') == 1


@pytest.mark.django_db
def test_the_list_is_the_table_of_plans() -> None:
    Plan.objects.filter(slug="pro").update(thb_month=1234, visitor_messages=4321, seats=1)
    Plan.objects.filter(slug="business").update(is_public=False)
    html = get("/pricing/")
    assert shown(html) == ["฿0", "฿299", "฿1,234"]
    assert "4,321 messages from visitors a month" in html and html.count("You and 1 colleague<") == 2
    assert "Business" not in html


@pytest.mark.django_db
def test_no_plans_at_all_is_said() -> None:
    Plan.objects.update(is_public=False)
    assert "There is no price list here" in get("/pricing/")
    assert offers.free_messages() is None and "costs nothing" not in get("/")


@pytest.mark.django_db
def test_unlimited_is_said_in_words() -> None:
    point = offers.offers(offers.chosen(_request()))[-1].points
    assert "You and all your colleagues" in point and "None" not in " ".join(point)


def _request() -> Any:
    from django.test import RequestFactory

    return RequestFactory().get("/pricing/")


# --- Status -----------------------------------------------------------------------------------------------------------


@pytest.fixture
def looks(monkeypatch: pytest.MonkeyPatch) -> dict[str, Any]:
    """What the probes answer; the database itself is out of reach in these tests."""
    answers: dict[str, Any] = {"database": True, "age": 0, "times": 0}

    def database() -> bool:
        answers["times"] += 1
        return answers["database"]

    monkeypatch.setattr(health, "database_answers", database)
    monkeypatch.setattr(health, "queue_age", lambda: answers["age"])
    monkeypatch.setattr(health, "cache_answers", lambda: True)
    condition.forget()
    yield answers
    condition.forget()


def test_all_well(looks: dict[str, Any]) -> None:
    html = get("/status/")
    assert "Everything works" in html and html.count("chip-ok") == 4


def test_the_page_is_drawn_when_the_database_is_away(looks: dict[str, Any]) -> None:
    looks["database"] = False
    client = Client()
    client.cookies[settings.SESSION_COOKIE_NAME] = "somebody"  # reading it would ask the database
    html = get("/status/", client)
    assert "MiniChat is down at the moment" in html and html.count("chip-bad") == 1 and "Unknown" in html


def test_late_mail_is_not_well(looks: dict[str, Any]) -> None:
    looks["age"] = condition.LATE_SECONDS
    assert "Something is not as it should be" in get("/status/") and "Late" in get("/status/")


def test_many_readers_cause_one_look(looks: dict[str, Any], monkeypatch: pytest.MonkeyPatch) -> None:
    for _ in range(3):
        get("/status/")
    assert looks["times"] == 1
    later = condition.time.monotonic() + condition.FRESH_SECONDS + 1
    monkeypatch.setattr(condition.time, "monotonic", lambda: later)
    get("/status/")
    assert looks["times"] == 2


# --- Weight -----------------------------------------------------------------------------------------------------------


@pytest.mark.django_db
@pytest.mark.parametrize("language", LANGUAGES)
def test_the_landing_page_is_light(language: str) -> None:
    """Bytes and requests of a first view, exactly: fonts and pictures as they are, all else as brotli sends it."""
    html = get("/", browser=language)
    files = requested(html)
    assert {path.name for path in files} == LANDING_REQUESTS[language]
    assert len(re.findall(r'<link rel="stylesheet"', html)) == 1
    total = packed(html.encode()) + sum(weight(path) for path in files)
    assert total <= LANDING_BYTES, total


@pytest.mark.django_db
def test_the_widget_can_be_tried_where_a_key_says_so(settings: Any, inbox: Inbox) -> None:
    tag = f'<script async src="/widget.js" data-key="{inbox.widget_key}"></script>'
    assert tag in get("/"), "the demo's, where there is one"
    settings.DEMO = False
    assert tag not in get("/") and "Try it right here" not in get("/")
    settings.LANDING_WIDGET_KEY = inbox.widget_key
    assert tag in get("/") and 'data-minichat="open"' in get("/")
    for gone in ("wk_unknown", ""):
        settings.LANDING_WIDGET_KEY = gone
        assert "Try it right here" not in get("/")


def requested(html: str) -> set[Path]:
    """What a browser fetches for this page: the fonts of its language too, which the stylesheet asks for."""
    html = re.sub(r'<(?:meta|a)\b[^>]*>|<link rel="apple-touch-icon"[^>]*>', "", html)
    return {Path(settings.BASE_DIR) / "static" / name for name in re.findall(r'(?:href|src)="/static/([^"#]+)', html)}


def weight(path: Path) -> int:
    return path.stat().st_size if path.suffix in {".woff2", ".png"} else packed(path.read_bytes())


def packed(content: bytes) -> int:
    return len(brotli.compress(content, quality=5))
