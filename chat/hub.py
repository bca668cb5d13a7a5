"""The process-local hub: one set of sockets per group, one subscription per process.

A push is made once per group and language and written to each socket as the same text. Between processes it travels
through the channel layer, one publish for all; a process without the layer (embedded mode) simply delivers to itself.
Delivery is at most once by design: the database is the truth, clients fill holes (`docs/protocol.md`).
"""

from __future__ import annotations

import asyncio
import logging
from collections import defaultdict, deque
from collections.abc import Callable, Iterable
from contextlib import suppress
from contextvars import Context
from dataclasses import dataclass
from typing import Any, Protocol
from uuid import uuid4

from asgiref.sync import async_to_sync
from channels.layers import get_channel_layer
from django.conf import settings

from chat import snapshots

logger = logging.getLogger(__name__)

LAYER_GROUP = "hub"
# A layer that hangs must not hold anything up.
LAYER_TIMEOUT = 1.0
# Over how long the clients of a stopping server spread their return.
SPREAD_MS = 3000


@dataclass(frozen=True, slots=True)
class Push:
    """Something to tell the sockets of `group`.

    `frame` names how the text is made (see `broadcasts.FRAMES`), `data` is its picture. Of several waiting pushes with
    the same `latest` key only the newest is delivered: they are states, not happenings.
    """

    group: str
    frame: str
    data: dict[str, Any]
    latest: str = ""


class Socket(Protocol):
    language: str

    async def deliver(self, text: str) -> None: ...

    async def shut(self, code: int, reason: str = "") -> None: ...


Draw = Callable[[str, dict[str, Any], str], str]


class Hub:
    def __init__(self) -> None:
        self.groups: dict[str, set[Socket]] = defaultdict(set)
        self.sockets: set[Socket] = set()
        self.draw: Draw | None = None
        # Called for each push that reached somebody here.
        self.heard: list[Callable[[Push], None]] = []
        self._name = uuid4().hex
        self._loop: asyncio.AbstractEventLoop | None = None
        self._waiting: deque[tuple[Push, bool]] = deque()
        self._pump: asyncio.Task[None] | None = None
        self._listener: asyncio.Task[None] | None = None

    # --- Sockets ---------------------------------------------------------------------------------------------------

    def add(self, socket: Socket) -> None:
        self.start()
        self.sockets.add(socket)

    def remove(self, socket: Socket, groups: Iterable[str]) -> None:
        self.sockets.discard(socket)
        for group in groups:
            self.leave(group, socket)

    def join(self, group: str, socket: Socket) -> None:
        self.groups[group].add(socket)

    def leave(self, group: str, socket: Socket) -> None:
        members = self.groups.get(group)
        if members is not None:
            members.discard(socket)
            if not members:
                del self.groups[group]

    # --- Pushing ---------------------------------------------------------------------------------------------------

    def push(self, *pushes: Push) -> None:
        """Deliver after the caller's commit. Callable from any thread, and from processes that hold no socket."""
        if self._loop is not None and not self._loop.is_closed():
            # A context of its own: the caller's says "inside a sync thread", and database work started from it would refuse.
            self._loop.call_soon_threadsafe(self._accept, pushes, context=Context())
        elif settings.REDIS_URL:
            with suppress(Exception):
                async_to_sync(self._publish)(list(pushes))

    def _accept(self, pushes: Iterable[Push], from_here: bool = True) -> None:
        self._waiting.extend((push, from_here) for push in pushes)
        if self._pump is None or self._pump.done():
            self._pump = asyncio.get_running_loop().create_task(self._deliver_waiting())

    async def _deliver_waiting(self) -> None:
        while self._waiting:
            batch, self._waiting = self._waiting, deque()
            await self._deliver(_newest(push for push, _ in batch))
            ours = [push for push, from_here in batch if from_here]
            if ours and settings.REDIS_URL:
                await self._tell_other_processes(ours)

    async def _deliver(self, pushes: list[Push]) -> None:
        for push in pushes:
            sockets = list(self.groups.get(push.group, ()))
            texts: dict[str, str] = {}
            for socket in sockets:
                try:
                    await self._give(socket, push, texts)
                except Exception:
                    # One broken socket or picture must not cost the others theirs.
                    logger.exception("push %s was not delivered", push.frame)
            for listener in self.heard if sockets else ():
                listener(push)

    async def _give(self, socket: Socket, push: Push, texts: dict[str, str]) -> None:
        if push.frame == "close":
            await socket.shut(push.data["code"])
            return
        if socket.language not in texts:
            texts[socket.language] = self._text(push, socket.language)
        await socket.deliver(texts[socket.language])

    def _text(self, push: Push, language: str) -> str:
        assert self.draw is not None
        return self.draw(push.frame, push.data, language)

    # --- Between processes -----------------------------------------------------------------------------------------

    async def _tell_other_processes(self, pushes: list[Push]) -> None:
        try:
            await asyncio.wait_for(self._publish(pushes), LAYER_TIMEOUT)
        except Exception as error:
            # The rows are committed; the others' clients find the hole when the layer is back.
            logger.warning("the channel layer is away: %s", type(error).__name__)

    async def _publish(self, pushes: list[Push]) -> None:
        body = [[push.group, push.frame, push.data, push.latest] for push in pushes]
        message = {"type": "hub.pushes", "from": self._name, "pushes": snapshots.to_json(body)}
        await get_channel_layer().group_send(LAYER_GROUP, message)

    async def _listen(self) -> None:
        """Receive what other processes push, for as long as this process lives."""
        layer = get_channel_layer()
        layer.on_reconnect = self._layer_returned
        channel = await layer.new_channel("hub.")
        joined = False
        while True:
            try:
                if not joined:
                    await layer.group_add(LAYER_GROUP, channel)
                    joined = True
                message = await layer.receive(channel)
                if message["from"] != self._name:
                    self._accept((Push(*fields) for fields in snapshots.from_json(message["pushes"])), from_here=False)
            except asyncio.CancelledError:
                raise
            except Exception as error:
                logger.warning("listening to the channel layer failed: %s", type(error).__name__)
                joined = False
                await asyncio.sleep(0.5)

    def _layer_returned(self, *_: Any) -> None:
        """Pushes of other processes may be lost: tell every client here to look for holes."""
        self.resync_all()

    def resync_all(self) -> None:
        if self._loop is not None:
            self._loop.call_soon_threadsafe(lambda: self._loop.create_task(self._resync()))  # type: ignore[union-attr]

    async def _resync(self) -> None:
        for socket in list(self.sockets):
            with suppress(Exception):
                await socket.deliver('{"type":"resync"}')

    # --- Life ------------------------------------------------------------------------------------------------------

    def start(self) -> None:
        """Bind to the running loop; once per process, again when a test brings a new loop."""
        loop = asyncio.get_running_loop()
        if loop is self._loop:
            return
        self._loop = loop
        self._waiting.clear()
        self._pump = None
        self.groups.clear()
        self.sockets.clear()
        if settings.REDIS_URL:
            self._listener = loop.create_task(self._listen())

    async def astart(self) -> None:
        self.start()

    async def astop(self) -> None:
        """The server stops: everybody is sent away with a time to come back, then the hub falls silent."""
        await self.close_all(spread_ms=SPREAD_MS)
        await self.stop()

    async def stop(self) -> None:
        for task in (self._listener, self._pump):
            if task is not None and task.get_loop() is asyncio.get_running_loop():
                task.cancel()
                with suppress(asyncio.CancelledError, Exception):
                    await task
        self._listener = self._pump = self._loop = None

    async def close_all(self, *, spread_ms: int) -> None:
        """Close every socket with 1012, each with its own time to wait, so that they do not all come back at once."""
        sockets = list(self.sockets)
        for number, socket in enumerate(sockets):
            wait = 200 + spread_ms * number // max(1, len(sockets))
            with suppress(Exception):
                await socket.shut(1012, str(wait))


def _newest(pushes: Iterable[Push]) -> list[Push]:
    """Drop states that a later push of the same batch replaces."""
    kept: list[Push] = []
    seen: set[tuple[str, str]] = set()
    for push in reversed(list(pushes)):
        key = (push.group, push.latest)
        if push.latest and key in seen:
            continue
        seen.add(key)
        kept.append(push)
    kept.reverse()
    return kept


hub = Hub()
