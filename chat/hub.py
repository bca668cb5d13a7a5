"""The process-local hub: one set of sockets per group, one subscription per process.

A push is made once per group and language and written to each socket as the same text. Between processes it travels
through the channel layer, one publish for all; a process without the layer (embedded mode) simply delivers to itself.
Delivery is at most once by design: the database is the truth, clients fill holes (`docs/protocol.md`).
"""

from __future__ import annotations

import asyncio
import logging
import os
from collections import defaultdict, deque
from collections.abc import Callable, Iterable, Sequence
from contextlib import suppress
from contextvars import Context
from dataclasses import dataclass
from typing import Any, Protocol, TypeGuard
from uuid import uuid4

from channels.layers import get_channel_layer
from django.conf import settings

from chat import snapshots
from minichat.lib import loop as loops

logger = logging.getLogger(__name__)

LAYER_GROUP = "hub"
# A layer that hangs must not hold anything up.
LAYER_TIMEOUT = 1.0
PULSE_SECONDS = 1.0
DEAF_AFTER = 3
CANCEL_AGAIN_AFTER = 0.5
# So many pushes in a row, then the others have their turn.
TURN = 20
# Over how long the clients of a stopping server spread their return.
SPREAD_MS = 3000


@dataclass(frozen=True, slots=True)
class Push:
    """Something to tell the sockets of `group`.

    `frame` names how the text is made (see `drawing.FRAMES`), `data` is its picture. Of several waiting pushes with
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
        self._is_ending = self._has_ended = False
        self._loop: asyncio.AbstractEventLoop | None = None
        self._waiting: deque[Push] = deque()
        self._last_heard: dict[str, int] = {}
        self._pump: asyncio.Task[None] | None = None
        self._listener: asyncio.Task[None] | None = None
        self._heart: asyncio.Task[None] | None = None
        self._late: asyncio.Task[None] | None = None
        self._introduce()

    def _introduce(self) -> None:
        """As a sender that nobody has heard of. A process that was forked is another one than its parent."""
        self._name = uuid4().hex
        self._number = 0
        self._outgoing: list[Push] = []
        self._turn = asyncio.Lock()
        self._teller: asyncio.Task[None] | None = None

    # --- Sockets ---------------------------------------------------------------------------------------------------

    def add(self, socket: Socket) -> None:
        self.start()
        self.sockets.add(socket)
        if self._is_ending:  # its handshake was on the way when the others were sent off
            self._late = asyncio.get_running_loop().create_task(self.close_all(spread_ms=0))

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
        if not self._tell_here(pushes):
            loops.run(self._publish_from_afar(pushes))

    async def apush(self, *pushes: Push) -> None:
        """The same for callers on the loop of the threads that have none (`minichat/lib/loop.py`)."""
        if not self._tell_here(pushes):
            await self._publish_from_afar(pushes)

    def _tell_here(self, pushes: Sequence[Push]) -> bool:
        """False where there is nobody here to be told, and others have to be told over the network."""
        if self._loop is not None and not self._loop.is_closed():
            # A context of its own: the caller's says "inside a sync thread", and database work from it would refuse.
            self._loop.call_soon_threadsafe(self._accept, pushes, context=Context())
            return True
        if self._has_ended:
            # The rows are committed. Waiting here for a loop that ends would keep the thread, and the process with it.
            logger.warning("a push came after the end and was not told")
            return True
        return not settings.REDIS_URL

    def _accept(self, pushes: Sequence[Push], from_here: bool = True) -> None:
        self._waiting.extend(pushes)
        if from_here and settings.REDIS_URL:
            self._tell(pushes)
        if self._pump is None or self._pump.done():
            self._pump = asyncio.get_running_loop().create_task(self._deliver_waiting())

    async def _deliver_waiting(self) -> None:
        while self._waiting:
            batch, self._waiting = self._waiting, deque()
            await self._deliver(_newest(batch))

    async def _deliver(self, pushes: list[Push]) -> None:
        for number, push in enumerate(pushes, 1):
            if number % TURN == 0:
                # In a burst, too, sockets are heard: who says what they have read is not taken for a slow reader.
                await asyncio.sleep(0)
            sockets = list(self.groups.get(push.group, ()))
            texts: dict[str, str] = {}
            for socket in sockets:
                try:
                    await self._give(socket, push, texts)
                except Exception:
                    # One broken socket or picture must not cost the others theirs.
                    logger.exception("push %s was not delivered", push.frame)
            for listener in self.heard if sockets else ():
                try:
                    listener(push)
                except Exception:
                    logger.exception("a listener to %s failed", push.frame)

    async def _give(self, socket: Socket, push: Push, texts: dict[str, str]) -> None:
        if push.frame == "close":
            await socket.shut(push.data["code"])
            return
        if push.frame == "access":
            return  # not for the client: whoever listens to pushes looks after the sockets
        if socket.language not in texts:
            texts[socket.language] = self._text(push, socket.language)
        await socket.deliver(texts[socket.language])

    def _text(self, push: Push, language: str) -> str:
        assert self.draw is not None
        return self.draw(push.frame, push.data, language)

    # --- Between processes -----------------------------------------------------------------------------------------
    #
    # Every process numbers what it publishes, also what did not get out. Whoever hears a number that does not follow
    # the last one of the same sender has missed something and tells its clients to look for holes. A pulse every few
    # seconds makes sure that a next number comes even when nobody says anything, and that a deaf listener is noticed.

    def _tell(self, pushes: Iterable[Push]) -> None:
        self._outgoing.extend(pushes)
        if self._teller is None or self._teller.done():
            self._teller = asyncio.get_running_loop().create_task(self._tell_others())

    async def _tell_others(self) -> None:
        """Publish what waits, all in one. Apart from local delivery: a layer that hangs delays nobody here."""
        while self._outgoing:
            pushes, self._outgoing = self._outgoing, []
            await self._publish(pushes)

    async def _publish_from_afar(self, pushes: Sequence[Push]) -> None:
        """From a process without sockets: numbers out of order would look like holes, and send every client looking.
        Whoever's turn it is takes along what all that wait have to tell."""
        self._outgoing.extend(pushes)
        async with self._turn:
            waiting, self._outgoing = self._outgoing, []
            try:
                # Its connection may have died with a Redis that is back: no pulse would notice that here.
                if waiting and not await self._publish(_newest(waiting)):
                    await self._flush()
                    await self._publish(_newest(waiting))
            except Exception:
                # The rows are committed: a push that fails fails nothing else.
                logger.exception("pushes of a process without sockets were not published")

    async def _publish(self, pushes: list[Push]) -> bool:
        """Whether it got out, as far as one can know."""
        self._number += 1
        body = [[push.group, push.frame, push.data, push.latest] for push in pushes]
        message = {"type": "hub.pushes", "from": self._name, "n": self._number, "pushes": snapshots.to_json(body)}
        try:
            await asyncio.wait_for(get_channel_layer().group_send(LAYER_GROUP, message), LAYER_TIMEOUT)
        except Exception as error:
            # The rows are committed; the number that is missing now tells the others when the layer is back.
            logger.warning("the channel layer is away: %s", type(error).__name__)
            return False
        return True

    async def _pulse(self) -> None:
        while True:
            await asyncio.sleep(PULSE_SECONDS)
            await self._publish([])
            if self._number - self._last_heard.get(self._name, 0) > DEAF_AFTER:
                await self._listen_anew()

    async def _listen_anew(self) -> None:
        """We do not hear ourselves: the connection died with Redis, or its reader did. Make a new one."""
        await _ended(self._listener)
        await self._flush()
        self._last_heard[self._name] = self._number
        self._listener = asyncio.get_running_loop().create_task(self._listen())
        self.resync_all()

    async def _flush(self) -> None:
        """Away with all connections: new ones are made when they are needed."""
        with suppress(Exception):
            await asyncio.wait_for(get_channel_layer().flush(), LAYER_TIMEOUT)

    async def _listen(self) -> None:
        """Receive what other processes publish, for as long as this process lives."""
        layer = get_channel_layer()
        channel = ""
        while True:
            try:
                if not channel:
                    fresh = await layer.new_channel("hub.")
                    await layer.group_add(LAYER_GROUP, fresh)
                    channel = fresh
                self._hear(await layer.receive(channel))
            except asyncio.CancelledError:
                raise
            except Exception as error:
                logger.warning("listening to the channel layer failed: %s", type(error).__name__)
                channel = ""
                await asyncio.sleep(0.5)

    def _hear(self, message: dict[str, Any]) -> None:
        sender, number = message["from"], message["n"]
        last, self._last_heard[sender] = self._last_heard.get(sender), number
        if last is not None and number != last + 1:
            self.resync_all()
        if sender != self._name:
            self._accept([Push(*fields) for fields in snapshots.from_json(message["pushes"])], from_here=False)

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
        self._has_ended = False
        self._waiting.clear()
        self._pump = None
        self.groups.clear()
        self.sockets.clear()
        if settings.REDIS_URL:
            self._last_heard.clear()
            self._listener = loop.create_task(self._listen())
            self._heart = loop.create_task(self._pulse())

    async def astart(self) -> None:
        self.start()

    async def send_away(self) -> None:
        """The server stops: everybody is told when to come back. Requests that still run can go on telling others."""
        self._is_ending = True
        await self.close_all(spread_ms=SPREAD_MS)

    async def stop(self) -> None:
        """Fall silent, once what was already pushed has reached the other processes."""
        mine = [task for task in (self._pump, self._teller) if _is_here(task)]
        if mine:
            await asyncio.wait(mine, timeout=LAYER_TIMEOUT)
        # The heart first: it would start a listener anew.
        for task in (self._heart, self._listener, self._teller, self._pump):
            if _is_here(task):
                await _ended(task)
        self._listener = self._heart = self._teller = self._pump = self._loop = None
        self._is_ending, self._has_ended = False, True

    async def close_all(self, *, spread_ms: int) -> None:
        """Close every socket with 1012, each with its own time to wait, so that they do not all come back at once."""
        sockets = list(self.sockets)
        for number, socket in enumerate(sockets):
            wait = 200 + spread_ms * number // max(1, len(sockets))
            with suppress(Exception):
                await socket.shut(1012, str(wait))


def _is_here(task: asyncio.Task[None] | None) -> TypeGuard[asyncio.Task[None]]:
    """Of this loop: a test may have left us tasks of another one."""
    return task is not None and task.get_loop() is asyncio.get_running_loop()


async def _ended(task: asyncio.Task[None] | None) -> None:
    """Cancel until it has ended: what it waits for may swallow a cancellation (`wait_for` does, and so did this)."""
    while task is not None and not task.done():
        task.cancel()
        await asyncio.wait([task], timeout=CANCEL_AGAIN_AFTER)


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
os.register_at_fork(after_in_child=hub._introduce)
