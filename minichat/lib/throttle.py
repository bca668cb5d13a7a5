"""Limits for HTTP and sockets alike, counted in the shared cache by django-ratelimit."""

from __future__ import annotations

import ipaddress
import logging
from typing import Any

from django.conf import settings
from django.http import HttpRequest
from django_ratelimit.core import get_usage

from minichat.lib.errors import RateLimited, Unavailable

logger = logging.getLogger(__name__)


def hit(group: str, key: str, amount: int, seconds: int) -> None:
    """Count one attempt; raises `RateLimited` with the seconds to wait when `amount` in `seconds` is passed."""
    _judge(_usage(group, key, amount, seconds, increment=True))


def require_room(group: str, key: str, amount: int, seconds: int) -> None:
    """Raise `RateLimited` if the attempts counted so far leave no room for another; counts nothing."""
    usage = _usage(group, key, amount, seconds, increment=False)
    if usage["count"] >= usage["limit"]:
        raise RateLimited(retry_after=max(1, usage["time_left"]))


def _usage(group: str, key: str, amount: int, seconds: int, *, increment: bool) -> dict[str, Any]:
    rate = (amount * settings.THROTTLE_SCALE, seconds)
    try:
        usage = get_usage(None, group=group, key=lambda *_: key, rate=rate, increment=increment)
    except Exception as error:
        # Without the count we would let anybody guess passwords: sign-in waits until the cache is back (SR-65).
        logger.exception("the cache that counts attempts is away")
        raise Unavailable(retry_after=5) from error
    if not usage["limit"]:
        # What the library answers when the cache took the question and lost the count.
        raise Unavailable(retry_after=5)
    return usage


def _judge(usage: dict[str, Any]) -> None:
    if usage["should_limit"]:
        raise RateLimited(retry_after=max(1, usage["time_left"]))


def client_ip(asked: HttpRequest | dict[str, Any]) -> str:
    """The caller's network: an IPv4 address, or the /64 of an IPv6 one, of a request or of a socket's scope.

    X-Forwarded-For counts only for as many hops as there are configured proxies, from the right: what stands further
    left is the caller's own word.
    """
    address, forwarded = _addresses(asked)
    hops = [hop.strip() for hop in forwarded.split(",") if hop.strip()]
    if settings.TRUSTED_PROXIES and len(hops) >= settings.TRUSTED_PROXIES:
        address = hops[-settings.TRUSTED_PROXIES]
    return network(address)


def network(address: str) -> str:
    try:
        parsed = ipaddress.ip_address(address)
    except ValueError:
        return "0.0.0.0"  # noqa: S104  everybody without an address shares one
    if isinstance(parsed, ipaddress.IPv6Address):
        if parsed.ipv4_mapped:
            return str(parsed.ipv4_mapped)
        return str(ipaddress.ip_network((parsed, 64), strict=False))
    return str(parsed)


def _addresses(asked: HttpRequest | dict[str, Any]) -> tuple[str, str]:
    if isinstance(asked, HttpRequest):
        return asked.META.get("REMOTE_ADDR", ""), asked.headers.get("X-Forwarded-For", "")
    client = asked.get("client") or ("",)
    headers = dict(asked.get("headers", ()))
    return client[0], headers.get(b"x-forwarded-for", b"").decode("latin-1")
