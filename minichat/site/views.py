from __future__ import annotations

from datetime import date
from xml.sax.saxutils import escape

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from chat.widget.views.pages import loader_source
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
        loader_kb=-(-len(loader_source()[0].forms["br"]) // 1000),
    )


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
