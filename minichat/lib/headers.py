"""Headers on every answer, errors and static files included (SR-41)."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from csp.constants import SELF
from csp.middleware import CSPMiddleware, PolicyParts
from django.conf import settings
from django.core.exceptions import DisallowedHost
from django.http import HttpRequest, HttpResponse

PERMISSIONS = "camera=(), geolocation=(), microphone=(), payment=(), usb=(), interest-cohort=()"


class SecurityHeadersMiddleware:
    """The headers Django has no setting for."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        response = self.get_response(request)
        response.headers.setdefault("Cross-Origin-Resource-Policy", "same-origin")
        response.headers.setdefault("Permissions-Policy", PERMISSIONS)
        return response


class PolicyMiddleware(CSPMiddleware):
    """The content security policy, with our own socket address wherever `connect-src` has 'self'.

    Older Safari does not count ws://host as 'self' of http://host.
    """

    def get_policy_parts(self, request: HttpRequest, response: Any, report_only: bool = False) -> PolicyParts:
        parts: PolicyParts = super().get_policy_parts(request, response, report_only)
        socket = None if report_only else socket_origin(request)
        if socket and SELF in _sources(parts, "connect-src"):
            update = parts.update or {}
            parts.update = {**update, "connect-src": [*_list(update.get("connect-src")), socket]}
        return parts


def socket_origin(request: HttpRequest) -> str | None:
    try:
        return f"{'wss' if request.is_secure() else 'ws'}://{request.get_host()}"
    except DisallowedHost:
        return None


def _sources(parts: PolicyParts, directive: str) -> list[str]:
    """What the page's own policy says about `directive`: replaced by the view, else configured."""
    config = parts.config if parts.config is not None else settings.CONTENT_SECURITY_POLICY["DIRECTIVES"]
    return _list({**config, **(parts.replace or {})}.get(directive))


def _list(value: Any) -> list[str]:
    if value is None:
        return []
    return [value] if isinstance(value, str) else list(value)
