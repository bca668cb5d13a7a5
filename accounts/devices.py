"""Browsers from which somebody has signed in before.

A stranger who guesses on purpose uses up the tries of an account. A browser that its owner has used has tries of its
own, so the guessing keeps the owner out of new browsers only, and choosing a new password by mail makes one known.
"""

from __future__ import annotations

from datetime import timedelta

from django.conf import settings
from django.core import signing
from django.http import HttpRequest, HttpResponse
from django.utils.crypto import constant_time_compare, get_random_string, salted_hmac

SALT = "accounts.device"
LIFETIME = timedelta(days=365)


def remember(request: HttpRequest, address: str) -> None:
    """Whoever sits at this browser has proven to own the account of `address`; the answer will carry the cookie."""
    request.device_of = address  # type: ignore[attr-defined]


def leave_cookie(request: HttpRequest, response: HttpResponse) -> None:
    address = getattr(request, "device_of", "")
    if not address:
        return
    value = signing.dumps({"of": _digest(address), "id": get_random_string(22)}, salt=SALT)
    response.set_cookie(
        cookie_name(),
        value,
        max_age=LIFETIME,
        secure=settings.SESSION_COOKIE_SECURE,
        httponly=True,
        samesite="Lax",
    )


def tries_key(request: HttpRequest, address: str) -> str:
    """Under which name the tries for `address` are counted: the account's, or this known browser's own."""
    try:
        device = signing.loads(request.COOKIES.get(cookie_name(), ""), salt=SALT, max_age=LIFETIME)
    except signing.BadSignature:
        return address
    if not constant_time_compare(device["of"], _digest(address)):
        return address
    return f"{address} on {device['id']}"


def cookie_name() -> str:
    return ("__Host-" if settings.SESSION_COOKIE_SECURE else "") + "minichat_device"


def _digest(address: str) -> str:
    return salted_hmac(SALT, address, algorithm="sha256").hexdigest()[:32]
