"""Language and theme: true of the person, in every workspace."""

from __future__ import annotations

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.views.decorators.http import require_POST
from django.views.i18n import set_language as django_set_language

from minichat.lib.errors import Invalid, Unauthenticated

THEMES = {"light", "dark", "system"}


@require_POST
def set_language(request: HttpRequest) -> HttpResponse:
    """Django's switch (a cookie, then back to a page of ours); somebody signed in is remembered on every device."""
    language = request.POST.get("language", "")
    if request.user.is_authenticated and language in dict(settings.LANGUAGES):
        request.user.locale = language
        request.user.save(update_fields=["locale"])
    return django_set_language(request)


def keep_language(response: HttpResponse, language: str) -> None:
    """On this device, as Django's switch does."""
    response.set_cookie(settings.LANGUAGE_COOKIE_NAME, language, secure=settings.LANGUAGE_COOKIE_SECURE, samesite="Lax")


@require_POST
def set_theme(request: HttpRequest) -> HttpResponse:
    if not request.user.is_authenticated:
        raise Unauthenticated
    theme = request.POST.get("theme", "")
    if theme not in THEMES:
        raise Invalid
    request.user.theme = "" if theme == "system" else theme
    request.user.save(update_fields=["theme"])
    return HttpResponse(status=204)
