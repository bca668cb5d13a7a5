from __future__ import annotations

import asyncio
import contextlib
import uuid
from collections.abc import AsyncIterator, Callable
from typing import Any

import pytest
import pytest_asyncio
from asgiref.sync import sync_to_async
from channels.testing import WebsocketCommunicator
from django.test import Client

from chat import pace
from chat.hub import hub
from chat.models import Inbox
from chat.widget.access import issue_ticket
from minichat.asgi import application

HOST = "127.0.0.1:8000"
ORIGIN = f"http://{HOST}"


class Line(WebsocketCommunicator):
    """A socket with the words of the contract."""

    def __init__(self, path: str, *, origin: str | None = ORIGIN, cookies: str = "") -> None:
        headers = [(b"host", HOST.encode())]
        if origin is not None:
            headers.append((b"origin", origin.encode()))
        if cookies:
            headers.append((b"cookie", cookies.encode()))
        super().__init__(application, path, headers=headers)
        self.frames: list[dict[str, Any]] = []

    async def say(self, **frame: Any) -> None:
        await self.send_json_to(frame)

    async def hear(self, kind: str, seconds: float = 3) -> dict[str, Any]:
        """The next frame of this type; those before it are kept in `frames`."""
        while True:
            frame = await self.receive_json_from(timeout=seconds)
            self.frames.append(frame)
            if frame["type"] == kind:
                return frame

    async def hears_nothing_of(self, word: str, seconds: float = 0.4) -> None:
        """Everything that still comes in this time is read, and none of it holds `word`."""
        while not await self.receive_nothing(timeout=seconds):
            self.frames.append(await self.receive_json_from())
        assert word not in str(self.frames)

    async def closed_with(self, seconds: float = 3) -> int:
        while True:
            event = await self.receive_output(timeout=seconds)
            if event["type"] == "websocket.close":
                return event["code"]

    async def post(self, body: str, **more: Any) -> dict[str, Any]:
        await self.say(type="message", client_id=str(uuid.uuid4()), body=body, **more)
        return await self.hear("ack")


@pytest.fixture(autouse=True)
def whole_database(transactional_db: None, django_db_serialized_rollback: None) -> None:
    """Sockets have threads of their own: they see committed rows only."""


@pytest.fixture(autouse=True)
def fresh_pace() -> None:
    pace.visitors.forget()
    pace.members.forget()
    pace.new_visitors.forget()


@pytest_asyncio.fixture
async def lines() -> AsyncIterator[list[Line]]:
    opened: list[Line] = []
    yield opened
    for line in opened:
        with contextlib.suppress(asyncio.CancelledError):
            await line.disconnect()
    await hub.stop()


Connect = Callable[..., Any]


@pytest.fixture
def visitor_line(lines: list[Line], inbox: Inbox, vic_token: str) -> Connect:
    """Connect as a visitor: Vic by default, or with `token=None` somebody new."""

    async def connect(token: str | None = vic_token, *, hello: bool = True, **options: Any) -> Line:
        line = Line(f"/ws/widget/{inbox.widget_key}/", **options)
        connected, _ = await line.connect()
        lines.append(line)
        if connected and hello:
            ticket = issue_ticket(inbox, inbox.allowed_origins[0])
            await line.say(type="hello", v=1, token=token, ticket=ticket, lang="en", page={"url": "https://a.b/"})
            line.welcome = await line.hear("welcome")  # type: ignore[attr-defined]
        line.connected = connected  # type: ignore[attr-defined]
        return line

    return connect


@pytest.fixture
def operator_line(lines: list[Line]) -> Connect:
    """Connect as the person signed in with this client."""

    async def connect(client: Client | None, slug: str = "acme", **options: Any) -> Line:
        cookies = "; ".join(f"{name}={one.value}" for name, one in client.cookies.items()) if client else ""
        line = Line(f"/ws/w/{slug}/", cookies=cookies, **options)
        line.connected, _ = await line.connect()  # type: ignore[attr-defined]
        lines.append(line)
        return line

    return connect


@pytest.fixture
def in_thread() -> Callable[[Callable[[], Any]], Any]:
    """Run ORM code from a test that is a coroutine."""
    return lambda work: sync_to_async(work)()
