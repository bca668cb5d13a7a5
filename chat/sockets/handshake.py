"""What a handshake says about itself (SR-29)."""

from __future__ import annotations

from typing import Any

from django.conf import settings

from minichat.lib.origins import is_loopback, is_origin


def header(scope: dict[str, Any], name: bytes) -> str:
    return dict(scope["headers"]).get(name, b"").decode("latin-1")


def chosen_language(scope: dict[str, Any]) -> str:
    """What the language switch left in this browser, if anything."""
    return scope.get("cookies", {}).get(settings.LANGUAGE_COOKIE_NAME, "")


def language(scope: dict[str, Any]) -> str:
    """What the browser would like to read, as far as we have it."""
    wanted = chosen_language(scope) or header(scope, b"accept-language")
    return wanted[:2] if wanted[:2] in dict(settings.LANGUAGES) else settings.LANGUAGE_CODE


def is_own_origin(scope: dict[str, Any]) -> bool:
    """Whether the page that opens the socket is ours: scheme, host and port are those of the configured address.

    In local mode both loopback names are ours, on the port the handshake came in on. A missing Origin is refused.
    """
    origin = header(scope, b"origin")
    if not origin:
        return False
    if settings.LOCAL:
        return origin == f"http://{header(scope, b'host')}" and is_origin(origin) and is_loopback(origin)
    return origin in {settings.BASE_URL, *settings.CSRF_TRUSTED_ORIGINS}
