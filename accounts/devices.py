"""Browsers from which somebody has signed in before.

A stranger who guesses on purpose uses up the tries of an account. A browser that its owner has used has tries of its
own, so the guessing keeps the owner out of new browsers only, and choosing a new password by mail makes one known.
"""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from django.conf import settings
from django.core import signing
from django.http import HttpRequest, HttpResponse
from django.utils.crypto import constant_time_compare, get_random_string, salted_hmac

SALT = "accounts.device"
LIFETIME = timedelta(days=365)
# A browser that a family or a shop shares remembers the last few who proved themselves there.
PEOPLE = 5


def remember(request: HttpRequest, address: str) -> None:
    """Whoever sits at this browser has proven to own the account of `address`; the answer will carry the cookie."""
    request.device_of = address  # type: ignore[attr-defined]


def leave_cookie(request: HttpRequest, response: HttpResponse) -> None:
    address = getattr(request, "device_of", "")
    if not address:
        return
    people = [_digest(address), *(one for one in _people(request) if one != _digest(address))][:PEOPLE]
    value = signing.dumps({"of": people, "id": get_random_string(22)}, salt=SALT)
    response.set_cookie(
        cookie_name(),
        value,
        max_age=LIFETIME,
        secure=settings.SESSION_COOKIE_SECURE,
        httponly=True,
        samesite="Lax",
    )


def is_known(request: HttpRequest, address: str) -> bool:
    return any(constant_time_compare(one, _digest(address)) for one in _people(request))


def tries_key(request: HttpRequest, address: str) -> str:
    """Under which name the tries for `address` are counted: the account's, or this known browser's own."""
    return f"{address} on {_read(request)['id']}" if is_known(request, address) else address


def cookie_name() -> str:
    return ("__Host-" if settings.SESSION_COOKIE_SECURE else "") + "minichat_device"


def _digest(address: str) -> str:
    return salted_hmac(SALT, address, algorithm="sha256").hexdigest()[:32]


def _people(request: HttpRequest) -> list[str]:
    people = _read(request).get("of", [])
    return people if isinstance(people, list) else [people]


def _read(request: HttpRequest) -> dict[str, Any]:
    try:
        return signing.loads(request.COOKIES.get(cookie_name(), ""), salt=SALT, max_age=LIFETIME)
    except signing.BadSignature:
        return {}
