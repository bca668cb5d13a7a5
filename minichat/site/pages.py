"""What every public page says about itself: its language, its address in each language, and that it may be found."""

from __future__ import annotations

import functools
from collections.abc import Callable
from typing import Any

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import translation
from django.utils.cache import patch_vary_headers
from django.views.decorators.http import require_safe

from accounts.preferences import keep_language

View = Callable[..., HttpResponse]
# The language a search engine is shown that asks for none; its pages carry no `?lang=`.
PLAIN = settings.LANGUAGE_CODE
# In the order of the sitemap.
INDEXED = ("home", "pricing", "privacy", "terms")


def public(view: View) -> View:
    """A page in the language of its address (`?lang=th`), else the reader's own.

    Each language has an address of its own, so that a search engine finds both; readers mostly see the plain one.
    """

    @functools.wraps(view)
    @require_safe
    def wrapper(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        named = request.GET.get("lang", "")
        named = named if named in dict(settings.LANGUAGES) else ""
        language = named or translation.get_language() or PLAIN
        with translation.override(language):
            response = view(request, *args, **kwargs)
            response["Content-Language"] = language
        patch_vary_headers(response, ["Accept-Language", "Cookie"])
        if named:
            # The next page speaks it too. Nobody's stored choice is touched: this was a link, not a wish.
            keep_language(response, named)
        return response

    return wrapper


def page(request: HttpRequest, template: str, name: str, **context: Any) -> HttpResponse:
    return render(request, template, {**context, "head": head(name), "here": reverse(name)})


def head(name: str) -> dict[str, Any]:
    language = translation.get_language() or PLAIN
    return {
        "canonical": address(name, language),
        "alternates": alternates(name),
        "plain": address(name, PLAIN),
        "picture": f"img/og-{language}.png",
        "locale": {"en": "en_US", "th": "th_TH"}.get(language, language),
    }


def alternates(name: str) -> list[tuple[str, str]]:
    return [(code, address(name, code)) for code, _ in settings.LANGUAGES]


def address(name: str, language: str) -> str:
    """Built from BASE_URL, never from the Host header: whoever sends one cannot make us point elsewhere."""
    return f"{settings.BASE_URL}{reverse(name)}" + ("" if language == PLAIN else f"?lang={language}")
