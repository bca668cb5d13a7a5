"""The loader and the frame: the two things a customer's page gets from us."""

from __future__ import annotations

import hashlib
from functools import lru_cache
from pathlib import Path

from csp.constants import NONE, SELF
from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import translation
from django.views.decorators.cache import cache_control
from django.views.decorators.clickjacking import xframe_options_exempt
from django.views.decorators.http import condition, require_safe

from chat import actions, presence
from chat.addresses import socket_base
from chat.look import COLOR, stylesheet
from chat.models import Inbox
from chat.widget import access
from minichat.lib.errors import NotFound
from minichat.lib.origins import is_origin
from minichat.lib.packing import Packed

FRAME_POLICY = {
    "script-src": [SELF],
    "img-src": [SELF, "data:"],
    "frame-src": [NONE],
    "worker-src": [NONE],
    "require-trusted-types-for": ["'script'"],
}

LOADER = Path(settings.BASE_DIR) / "static" / "dist" / "widget.js"


@lru_cache(maxsize=1)
def loader_source() -> tuple[Packed, str]:
    source = LOADER.read_bytes()
    return Packed(source), hashlib.sha256(source).hexdigest()


@require_safe
# Weak: the same file in another packing.
@condition(etag_func=lambda request: f'W/"{loader_source()[1][:32]}"')
@cache_control(public=True, max_age=600, stale_while_revalidate=86400)
def loader(request: HttpRequest) -> HttpResponse:
    response = loader_source()[0].response(request, "text/javascript; charset=utf-8")
    # Customers' pages load it from their own origin.
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
    """The colours of a widget. The address says all there is to say, so that it is drawn once and kept for ever."""
    if not COLOR.fullmatch(f"#{color}"):
        raise Http404
    return HttpResponse(stylesheet(f"#{color}"), content_type="text/css; charset=utf-8")


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
    rests = not inbox.workspace.is_active
    faces = [] if rests else presence.faces(inbox)
    return {
        "inbox": inbox,
        "workspace": inbox.workspace,
        "lang": translation.get_language(),
        "origin": origin,
        "ticket": access.issue_ticket(inbox, origin),
        "socket_url": f"{socket_base(request)}/ws/widget/{inbox.widget_key}/",
        "api_url": f"/widget/{inbox.widget_key}/",
        "operators": faces,
        "logo": inbox.workspace.logo_url(),
        "online": bool(faces),
        "rests": rests,
        "branding": not inbox.workspace.entitlements.removes_branding,
    }


def _language(request: HttpRequest) -> str:
    wanted = request.GET.get("l", "")
    return wanted if wanted in dict(settings.VISITOR_LANGUAGES) else translation.get_language() or "en"
