"""What both sockets share: frames in through one registry, pushes out with a bounded debt, the close codes."""

from __future__ import annotations

import logging
import time
from collections import deque
from collections.abc import Awaitable, Callable, Mapping
from contextlib import suppress
from dataclasses import dataclass
from typing import Any, ClassVar

from channels.consumer import get_handler_name
from channels.exceptions import StopConsumer
from channels.generic.websocket import AsyncWebsocketConsumer
from django.utils import translation

from chat import snapshots
from chat.frames import MAX_FRAME_BYTES, Malformed, Reader, number, parse, read
from chat.hub import hub
from minichat.lib.errors import Forbidden, MiniChatError, RateLimited, Unavailable
from workspaces.roles import Role

logger = logging.getLogger(__name__)

# A reader that owes more than this is closed with 4008; it comes back and fills the gap (RF-10).
MAX_DEBT_BYTES = 1024 * 1024
MAX_DEBT_FRAMES = 200
DEBT_PATIENCE = 10.0
SILENCE = 90.0


Receive = Callable[[], Awaitable[dict[str, Any]]]
Send = Callable[[dict[str, Any]], Awaitable[None]]


@dataclass(frozen=True)
class Action:
    """A frame that a client may send: who may, its fields, and the method that answers it.

    `paced`: it costs of the sender's allowance, also when its fields are refused.
    """

    run: Callable[..., Awaitable[None]]
    fields: Mapping[str, Reader]
    role: Role | None = None
    paced: bool = False


class BaseSocket(AsyncWebsocketConsumer):
    actions: ClassVar[dict[str, Action]] = {}
    language = "en"

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.groups_joined: set[str] = set()
        self.heard_at = time.monotonic()
        self.sent = 0
        self.counted = 0
        self.debt: deque[int] = deque()
        self.debt_bytes = 0
        self.behind_since: float | None = None
        self.is_shut = False

    async def __call__(self, scope: dict[str, Any], receive: Receive, send: Send) -> None:
        """Channels' own loop without its task per frame and its hop into a thread that closes old connections.

        There is no channel of the layer to listen to (the hub delivers), and what reads the database closes its own.
        """
        self.scope, self.base_send = scope, send
        self.channel_layer = None
        with suppress(StopConsumer):
            while True:
                event = await receive()
                await getattr(self, get_handler_name(event))(event)

    # --- In --------------------------------------------------------------------------------------------------------

    async def receive(self, text_data: str | None = None, bytes_data: bytes | None = None) -> None:
        self.heard_at = time.monotonic()
        if self.is_shut:
            return
        if bytes_data is not None and len(bytes_data) > MAX_FRAME_BYTES or text_data and _too_big(text_data):
            await self.shut(4413)
            return
        try:
            await self.dispatch_frame(parse(text_data or ""))
        except Malformed:
            logger.info("malformed frame")
            await self.shut(4400)

    async def dispatch_frame(self, frame: dict[str, Any]) -> None:
        kind = frame.get("type")
        action = self.actions.get(kind) if isinstance(kind, str) else None
        if action is None:
            raise Malformed
        with translation.override(self.language):
            try:
                await self.run(action, frame)
            except Malformed:
                raise
            except MiniChatError as error:
                await self.refuse(error, frame.get("client_id"))
            except Exception:
                # Ours, not theirs: the client keeps the text and sends it again.
                logger.exception("frame %s failed", kind)
                await self.refuse(Unavailable(retry_after=2), frame.get("client_id"))

    async def run(self, action: Action, frame: dict[str, Any]) -> None:
        if action.role is not None and not self.may(action.role):
            raise Forbidden
        if action.paced:
            self.spend()
        await action.run(self, **read(frame, action.fields))

    def may(self, role: Role) -> bool:
        return False

    def spend(self) -> None:
        """Take one from the sender's allowance, or raise `RateLimited`."""

    async def refuse(self, error: MiniChatError, client_id: Any) -> None:
        client_id = _echo(client_id)
        if isinstance(error, RateLimited):
            await self.say(type="slow_down", client_id=client_id, retry_after=error.retry_after)
            return
        await self.say(
            type="error",
            client_id=client_id,
            code=error.code,
            message=error.detail,
            retry_after=error.retry_after,
            **_extra(error),
        )

    # --- Out -------------------------------------------------------------------------------------------------------

    async def say(self, **frame: Any) -> None:
        """A frame for this socket alone."""
        await self.deliver(snapshots.to_json(frame))

    async def deliver(self, text: str) -> None:
        if self.is_shut:
            return
        self.sent += 1
        size = _size(text)
        self.debt.append(size)
        self.debt_bytes += size
        if self.debt_bytes > MAX_DEBT_BYTES:
            await self.shut(4008)
            return
        if len(self.debt) > MAX_DEBT_FRAMES and self.behind_since is None:
            self.behind_since = time.monotonic()
        await self.base_send({"type": "websocket.send", "text": text})

    async def count_seen(self, count: int) -> None:
        """The client has read `count` frames of this socket so far."""
        for _ in range(min(count, self.sent) - self.counted):
            self.debt_bytes -= self.debt.popleft()
        self.counted = max(self.counted, min(count, self.sent))
        if len(self.debt) <= MAX_DEBT_FRAMES:
            self.behind_since = None

    async def pong(self) -> None:
        await self.say(type="pong")

    # --- Life ------------------------------------------------------------------------------------------------------

    def join(self, *groups: str) -> None:
        for group in groups:
            self.groups_joined.add(group)
            hub.join(group, self)

    def leave(self, group: str) -> None:
        self.groups_joined.discard(group)
        hub.leave(group, self)

    async def shut(self, code: int, reason: str = "") -> None:
        if self.is_shut:
            return
        self.is_shut = True
        hub.remove(self, self.groups_joined)
        await self.close(code, reason or None)

    def overdue(self, now: float) -> int | None:
        """The close code this socket has earned by being silent or slow, if any."""
        if now - self.heard_at > SILENCE:
            return 4409
        if self.behind_since is not None and now - self.behind_since > DEBT_PATIENCE:
            return 4008
        return None

    async def websocket_disconnect(self, message: Any) -> None:
        self.is_shut = True
        hub.remove(self, self.groups_joined)
        try:
            await self.gone()
        except Exception:
            logger.exception("leaving failed")
        raise StopConsumer

    async def gone(self) -> None:
        """The socket has closed, whoever closed it."""


def common_actions() -> dict[str, Action]:
    return {
        "seen": Action(BaseSocket.count_seen, {"count": number}),
        "ping": Action(BaseSocket.pong, {}),
    }


def _too_big(text: str) -> bool:
    return len(text) > MAX_FRAME_BYTES or (len(text) * 4 > MAX_FRAME_BYTES and _size(text) > MAX_FRAME_BYTES)


def _size(text: str) -> int:
    """In bytes of UTF-8: a Thai letter is three."""
    return len(text) if text.isascii() else len(text.encode())


def _echo(client_id: Any) -> str | None:
    """The sender's own name for its message, unless it is something that could not be sent back."""
    return client_id if isinstance(client_id, str) and client_id.isascii() and len(client_id) <= 64 else None


def _extra(error: MiniChatError) -> dict[str, Any]:
    return {
        key: value for key, value in error.fields.items() if key in {"errors", "form", "used", "limit", "resets_at"}
    }
