"""How large a request may be. Refused before it is read, and while it is read when nobody said how long it is."""

from __future__ import annotations

import json
from collections.abc import Awaitable, Callable
from typing import Any

# As the ASGI specification has them; libraries type them each in their own way.
Scope = dict[str, Any]
Message = dict[str, Any]
Receive = Callable[[], Awaitable[Any]]
Send = Callable[[Any], Awaitable[None]]
App = Callable[[Scope, Any, Any], Awaitable[None]]

TOO_LARGE = json.dumps(
    {"type": "about:blank", "title": "That is too large.", "status": 413, "code": "too_large"}, separators=(",", ":")
).encode()
# No template and no Django here: this answer is given before either has seen the request.
TOO_LARGE_HEADERS = [
    (b"content-type", b"application/problem+json"),
    (b"content-length", str(len(TOO_LARGE)).encode()),
    (b"cache-control", b"no-store"),
    (b"content-security-policy", b"default-src 'none'; frame-ancestors 'none'"),
    (b"cross-origin-resource-policy", b"same-origin"),
    (b"referrer-policy", b"no-referrer"),
    (b"x-content-type-options", b"nosniff"),
    (b"connection", b"close"),
]


class BodyLimit:
    """ASGI middleware: answers 413 to a body over `limit` bytes; the application sees a caller that went away."""

    def __init__(self, app: App, limit: int) -> None:
        self.app = app
        self.limit = limit

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self.app(scope, receive, send)
        elif declared_length(scope) > self.limit:
            await refuse(send)
        else:
            await self._count(scope, receive, send)

    async def _count(self, scope: Scope, receive: Receive, send: Send) -> None:
        taken, refused = 0, False

        async def counting() -> Message:
            nonlocal taken, refused
            message = await receive()
            taken += len(message.get("body", b""))
            if taken <= self.limit:
                return message
            if not refused:
                refused = True
                await refuse(send)
            return {"type": "http.disconnect"}

        async def unless_refused(message: Message) -> None:
            if not refused:
                await send(message)

        await self.app(scope, counting, unless_refused)


def declared_length(scope: Scope) -> int:
    value = dict(scope["headers"]).get(b"content-length", b"0")
    return int(value) if value.isdigit() else 0


async def refuse(send: Send) -> None:
    await send({"type": "http.response.start", "status": 413, "headers": TOO_LARGE_HEADERS})
    await send({"type": "http.response.body", "body": TOO_LARGE})
