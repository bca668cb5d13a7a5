"""Which socket path leads where, and who is asked for a session on the way."""

from __future__ import annotations

import logging
from typing import Any, cast

import structlog
from channels.auth import AuthMiddlewareStack
from channels.routing import URLRouter
from django.urls import re_path

from chat import routing as chat
from minichat.health import state
from minichat.lib.bodies import App, Receive, Scope, Send
from minichat.lib.logs import request_id_of

logger = logging.getLogger(__name__)

NO_SUCH_PLACE = 4404
RESTARTING = 1012
# The process that takes over is up by then.
COME_BACK_MS = "1500"


async def nowhere(scope: Scope, receive: Receive, send: Send) -> None:
    """An unknown path. Accepted first: a close code reaches the browser only on an open socket."""
    await _close(receive, send, NO_SUCH_PLACE)


async def _close(receive: Receive, send: Send, code: int, reason: str = "") -> None:
    await receive()
    await send({"type": "websocket.accept"})
    await send({"type": "websocket.close", "code": code, "reason": reason})


# Django's types know views only; Channels routes applications.
_rest: Any = re_path("", cast(Any, nowhere))

# Only the members' socket looks at the session cookie; the visitor's never does (SR-35).
_members = AuthMiddlewareStack(URLRouter([*chat.operator_urlpatterns, _rest]))
_visitors = URLRouter([*chat.visitor_urlpatterns, _rest])


async def sockets(scope: Scope, receive: Receive, send: Send) -> None:
    """The socket side of the house: a request id for the logs, and no new guests while the server stops."""
    structlog.contextvars.clear_contextvars()
    structlog.contextvars.bind_contextvars(request_id=request_id_of(dict(scope["headers"]).get(b"x-request-id", b"")))
    if not state["accepting"]:
        await _close(receive, send, RESTARTING, COME_BACK_MS)
        return
    app: App = _members if scope["path"].startswith("/ws/w/") else _visitors
    await app(scope, receive, send)
