"""How large a request may be. Refused before it is read, and while it is read when nobody said how long it is."""

from __future__ import annotations

import json
from collections.abc import Awaitable, Callable
from typing import Any, TypeVar

from django.conf import settings
from django.urls import Resolver404, resolve

# As the ASGI specification has them; libraries type them each in their own way.
Scope = dict[str, Any]
Message = dict[str, Any]
Receive = Callable[[], Awaitable[Any]]
Send = Callable[[Any], Awaitable[None]]
App = Callable[[Scope, Any, Any], Awaitable[None]]
View = TypeVar("View", bound=Callable[..., Any])

# What a form around a file may take.
FORM_BYTES = 64 * 1024

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


def takes_files(view: View) -> View:
    """Mark a view whose address takes a body as large as a file; all others keep to BODY_LIMIT (SR-48)."""
    return takes_many_files(1)(view)


def takes_many_files(most: int) -> Callable[[View], View]:
    """The same for `most` files in one form."""

    def mark(view: View) -> View:
        view.takes_files = most  # type: ignore[attr-defined]
        return view

    return mark


def limit_at(path: str) -> int:
    """How large a body may be at this address: asked only about bodies that are over BODY_LIMIT."""
    try:
        view = resolve(path).func
    except Resolver404:
        return settings.BODY_LIMIT
    files = getattr(view, "takes_files", 0)
    return files * settings.UPLOAD_LIMIT + FORM_BYTES if files else settings.BODY_LIMIT


class BodyLimit:
    """ASGI middleware: answers 413 to a body over `limit` bytes; the application sees a caller that went away.

    `limit_at` is asked about a body over it: some addresses take more.
    """

    def __init__(self, app: App, limit: int, limit_at: Callable[[str], int] = limit_at) -> None:
        self.app = app
        self.limit = limit
        self.limit_at = limit_at

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self.app(scope, receive, send)
        elif (length := declared_length(scope)) > self.limit and length > self.limit_at(scope["path"]):
            await refuse(send)
        else:
            await self._count(scope, receive, send)

    async def _count(self, scope: Scope, receive: Receive, send: Send) -> None:
        taken, limit, refused = 0, self.limit, False

        async def counting() -> Message:
            nonlocal taken, limit, refused
            message = await receive()
            taken += len(message.get("body", b""))
            if taken > limit == self.limit:
                limit = self.limit_at(scope["path"])
            if taken <= limit:
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
