"""The loader and the frame: the two things a customer's page gets from us."""

from __future__ import annotations

import json

from csp.constants import NONE, SELF
from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import translation
from django.views.decorators.cache import cache_control
from django.views.decorators.clickjacking import xframe_options_exempt
from django.views.decorators.http import condition, require_safe

from chat import actions, presence
from chat.addresses import socket_base
from chat.look import COLOR, DEFAULT, STYLES, stylesheet
from chat.models import Handler, Inbox
from chat.widget import access, loaders
from minichat.lib.errors import NotFound
from minichat.lib.origins import is_origin

FRAME_POLICY = {
    "script-src": [SELF],
    "img-src": [SELF, "data:", "blob:"],
    "frame-src": [NONE],
    "worker-src": [NONE],
    "require-trusted-types-for": ["'script'"],
}


@require_safe
# Weak: the same file in another packing.
@condition(etag_func=lambda request: f'W/"{loaders.current().digest[:32]}"')
@cache_control(public=True, max_age=600, stale_while_revalidate=86400)
def loader(request: HttpRequest) -> HttpResponse:
    return _script(request, loaders.current())


@require_safe
@cache_control(public=True, max_age=31_536_000, immutable=True)
def pinned_loader(request: HttpRequest, digest: str) -> HttpResponse:
    """One version for ever, for pages that have the browser check its hash."""
    version = loaders.find(digest)
    if version is None:
        raise Http404
    return _script(request, version)


def _script(request: HttpRequest, version: loaders.Version) -> HttpResponse:
    response = version.packed.response(request, "text/javascript; charset=utf-8")
    # Customers' pages load it from their own origin, and a browser that checks hashes asks with CORS.
    response["Cross-Origin-Resource-Policy"] = "cross-origin"
    response["Access-Control-Allow-Origin"] = "*"
    return response


@require_safe
@xframe_options_exempt
def frame(request: HttpRequest, key: str) -> HttpResponse:
    """The chat itself. Only a page of an allowed origin may show it; the header says so to the browser (SR-36)."""
    try:
        inbox = access.inbox_to_show(key)
    except NotFound as error:
        raise Http404 from error
    origin = request.GET.get("o", "")
    with translation.override(inbox.language or _language(request)):
        if not access.may_embed(inbox, origin):
            return _refused(request, inbox, origin)
        if inbox.installed_at is None and not access.is_own(origin) and not _is_here(request, origin):
            actions.note_installed(inbox, origin)
        response = render(request, "chat/widget/frame.html", _context(request, inbox, origin))
    response["Cache-Control"] = "no-store"
    response["Cross-Origin-Resource-Policy"] = "cross-origin"
    return allow_frame(response, [origin])


@require_safe
@cache_control(public=True, max_age=31_536_000, immutable=True)
def theme(request: HttpRequest, color: str) -> HttpResponse:
    """The colours of a widget, and the rules of its preset: "1f5fbf", "1f5fbf-minimal". The address says all there is
    to say, so that it is drawn once and kept for ever."""
    color, _, style = color.partition("-")
    if not COLOR.fullmatch(f"#{color}") or style not in STYLES:
        raise Http404
    return HttpResponse(stylesheet(f"#{color}", style), content_type="text/css; charset=utf-8")


def theme_address(color: str, style: str) -> str:
    """Empty where the widget's own sheet says everything."""
    if not color and not style:
        return ""
    name = (color or DEFAULT).removeprefix("#") + (f"-{style}" if style else "")
    return reverse("widget-theme", args=[name])


def _is_here(request: HttpRequest, origin: str) -> bool:
    """Local mode has two names: the trial page under either is not somebody's website."""
    return origin == f"{request.scheme}://{request.get_host()}"


def allow_frame(response: HttpResponse, ancestors: list[str]) -> HttpResponse:
    """`ancestors` are canonical origins of the inbox, never text from the request."""
    # Not the decorator of django-csp: it writes after the view has answered, and would take this away again.
    response._csp_replace = {**FRAME_POLICY, "frame-ancestors": ancestors}  # type: ignore[attr-defined]
    return response


def _refused(request: HttpRequest, inbox: Inbox, origin: str) -> HttpResponse:
    if is_origin(origin):
        actions.note_refused_origin(inbox, origin)
    return render(request, "chat/widget/refused.html", {"origin": origin}, status=403)


def _context(request: HttpRequest, inbox: Inbox, origin: str) -> dict[str, object]:
    rests = not inbox.workspace.is_active or inbox.closed_at is not None
    faces = [] if rests else presence.faces(inbox)
    looks = inbox.looks
    language = translation.get_language() or "en"
    words = inbox.words(language)
    return {
        "inbox": inbox,
        "looks": looks,
        "words": words,
        "rules": "" if rests else _rules(inbox, language),
        "theme": theme_address(inbox.color, looks.style),
        # Only where it may be the preview: customers' pages never ask for it.
        "is_preview": access.is_own(origin) or _is_here(request, origin),
        "workspace": inbox.workspace,
        "lang": translation.get_language(),
        "origin": origin,
        "ticket": access.issue_ticket(inbox, origin),
        "socket_url": f"{socket_base(request)}/ws/widget/{inbox.widget_key}/",
        "api_url": f"/widget/{inbox.widget_key}/",
        "operators": faces,
        "logo": inbox.logo_url(),
        "online": bool(faces),
        "opens_at": None if rests else presence.opens_at(inbox),
        "rests": rests,
        "assistant": not rests and inbox.answered_by == Handler.AI,
        "branding": looks.branding or not inbox.workspace.entitlements.removes_branding,
    }


def _rules(inbox: Inbox, language: str) -> str:
    """Empty where there are none: then their module is not even named."""
    rules = [rule.told(language) for rule in inbox.rules]
    return json.dumps(rules, ensure_ascii=False) if rules else ""


def _language(request: HttpRequest) -> str:
    wanted = request.GET.get("l", "")
    return wanted if wanted in dict(settings.VISITOR_LANGUAGES) else translation.get_language() or "en"
