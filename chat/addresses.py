"""Where this server's sockets are, as the page that asks reached it."""

from __future__ import annotations

from django.conf import settings
from django.http import HttpRequest

from workspaces.models import Membership


def socket_url(request: HttpRequest) -> str:
    """The team's socket of the workspace whose page this is."""
    membership: Membership = request.membership  # type: ignore[attr-defined]
    return f"{socket_base(request)}/ws/w/{membership.workspace.slug}/"


def socket_base(request: HttpRequest) -> str:
    return f"{'wss' if request.is_secure() else 'ws'}://{request.get_host()}" if settings.LOCAL else _configured()


def _configured() -> str:
    return settings.BASE_URL.replace("http", "ws", 1)
