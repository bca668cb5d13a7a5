from __future__ import annotations

from contextlib import suppress
from datetime import date
from xml.sax.saxutils import escape

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from chat.models import Inbox
from chat.views.demo_shop import demo_inbox
from chat.widget import access, loaders
from minichat.lib.errors import Forbidden, NotFound
from minichat.site import condition, offers
from minichat.site.pages import INDEXED, PLAIN, address, alternates, page, public

# The day from which the present wording holds. Change it with the wording.
EFFECTIVE = date(2026, 12, 1)
# What a search engine has no business with; the pages say `noindex` too.
NOT_CRAWLED = ("/w/", "/accounts/", "/admin/", "/widget/", "/media/", "/dev/")


@public
def home(request: HttpRequest) -> HttpResponse:
    choice = offers.chosen(request)
    return page(
        request,
        "pages/landing.html",
        "home",
        free=offers.free_messages(),
        offers=offers.offers(choice),
        switches=offers.switches(choice),
        try_widget=_widget(),
        loader_kb=-(-len(loaders.current().packed.forms["br"]) // 1000),
    )


def _widget() -> Inbox | None:
    """The inbox whose widget can be tried here, if there is one and it is open."""
    key = settings.LANDING_WIDGET_KEY
    if key:
        with suppress(NotFound, Forbidden):
            return access.inbox_for(key)
    return demo_inbox() if settings.DEMO else None


@public
def pricing(request: HttpRequest) -> HttpResponse:
    choice = offers.chosen(request)
    return page(
        request, "pages/pricing.html", "pricing", offers=offers.offers(choice), switches=offers.switches(choice)
    )


@public
def privacy(request: HttpRequest) -> HttpResponse:
    return page(request, "pages/privacy.html", "privacy", effective=EFFECTIVE)


@public
def terms(request: HttpRequest) -> HttpResponse:
    return page(request, "pages/terms.html", "terms", effective=EFFECTIVE)


@never_cache
@public
def status(request: HttpRequest) -> HttpResponse:
    """Drawn without asking who looks: it has to work when the database does not."""
    return render(request, "pages/status.html", {"condition": condition.condition()})


@require_safe
def robots(request: HttpRequest) -> HttpResponse:
    lines = [
        "User-agent: *",
        *(f"Disallow: {path}" for path in NOT_CRAWLED),
        "",
        f"Sitemap: {settings.BASE_URL}/sitemap.xml",
    ]
    return HttpResponse("\n".join(lines) + "\n", content_type="text/plain; charset=utf-8")


@require_safe
def sitemap(request: HttpRequest) -> HttpResponse:
    """Every page in every language, each with the addresses of its translations."""
    urls = "".join(_url(name, code) for name in INDEXED for code, _ in settings.LANGUAGES)
    body = (
        '<?xml version="1.0" encoding="UTF-8"?>\n'
        '<urlset xmlns="http://www.sitemaps.org/schemas/sitemap/0.9" xmlns:xhtml="http://www.w3.org/1999/xhtml">\n'
        f"{urls}</urlset>\n"
    )
    return HttpResponse(body, content_type="application/xml; charset=utf-8")


def _url(name: str, language: str) -> str:
    links = [*alternates(name), ("x-default", address(name, PLAIN))]
    return (
        f"<url><loc>{escape(address(name, language))}</loc>"
        + "".join(f'<xhtml:link rel="alternate" hreflang="{code}" href="{escape(url)}"/>' for code, url in links)
        + "</url>\n"
    )
