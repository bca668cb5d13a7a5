"""The socket of one client: opens, says hello, counts, asks after its life, comes back (sections 7 and 8)."""

from __future__ import annotations

import asyncio
import json
import random
import time
from collections import Counter
from collections.abc import Callable
from typing import Any

import aiohttp

OPENING = 10.0
SILENCE = 20.0
ANSWER = 10.0
COUNT_EVERY = 10.0
COUNT_FRAMES = 50
BEAT = 1.0

LOST = 1006
RESTARTING = 1012
AT_ONCE = {4008, 4409}
FOR_GOOD = {4403, 4404}

Frame = dict[str, Any]


class Link:
    """`hear` gets every frame in order, `down` is told when the socket is gone."""

    def __init__(
        self,
        http: aiohttp.ClientSession,
        url: str,
        headers: dict[str, str],
        *,
        hello: Callable[[], Frame | None],
        hear: Callable[[Frame, str], None],
        down: Callable[[int], None],
    ) -> None:
        self.http, self.url, self.headers = http, url, headers
        self.hello, self.hear, self.down = hello, hear, down
        self.is_up = False
        self.stopped = False
        # Whether it says how many frames it has read (section 7); a reader that does not is a slow one.
        self.counts = True
        self.codes: Counter[int] = Counter()
        self._socket: aiohttp.ClientWebSocketResponse | None = None
        self._wake = asyncio.Event()
        self._tries = 0
        self._received = self._counted = 0
        self._counted_at = self._heard_at = self._asked_at = 0.0

    async def run(self) -> None:
        beat = asyncio.create_task(self._beat())
        try:
            while not self.stopped:
                code, reason = await self._once()
                was_up, self.is_up, self._socket = self.is_up, False, None
                self.codes[code] += 1
                self.down(code)
                if code in FOR_GOOD:
                    self.stopped = True
                elif not self.stopped:
                    await self._pause(code, reason, was_up)
        finally:
            beat.cancel()

    def send(self, frame: Frame) -> bool:
        """False: it did not leave, the caller keeps what must not be lost."""
        if self._socket is None or self._socket.closed:
            return False
        asyncio.ensure_future(self._write(self._socket, json.dumps(frame)))
        return True

    def wake(self) -> None:
        """Somebody wants to send: do not sit out the pause."""
        self._wake.set()

    async def stop(self) -> None:
        self.stopped = True
        self._wake.set()
        if self._socket is not None:
            await self._socket.close()

    # --- Inside ------------------------------------------------------------------------------------------------------

    async def _once(self) -> tuple[int, str]:
        try:
            async with asyncio.timeout(OPENING):
                socket = await self.http.ws_connect(self.url, headers=self.headers, compress=0, max_msg_size=0)
        except (aiohttp.ClientError, OSError, TimeoutError):
            return LOST, ""
        self._socket = socket
        self._received = self._counted = 0
        self._heard_at = self._counted_at = time.monotonic()
        self._asked_at = 0.0
        hello = self.hello()
        if hello is not None:
            await self._write(socket, json.dumps(hello))
        return await self._listen(socket)

    async def _listen(self, socket: aiohttp.ClientWebSocketResponse) -> tuple[int, str]:
        while True:
            try:
                message = await socket.receive()
            except OSError:
                return LOST, ""
            if message.type is not aiohttp.WSMsgType.TEXT:
                return socket.close_code or LOST, str(message.extra or "")
            self._heard_at = time.monotonic()
            self._received += 1
            frame = json.loads(message.data)
            if frame.get("type") == "welcome":
                self.is_up, self._tries = True, 0
            self.hear(frame, message.data)
            if self._received - self._counted >= COUNT_FRAMES:
                self._count()

    async def _pause(self, code: int, reason: str, was_up: bool) -> None:
        if code == RESTARTING and reason.isdecimal():
            wait = int(reason) / 1000
        elif code in AT_ONCE and was_up:
            wait = 0.0
        else:
            wait = random.uniform(0, min(30.0, 0.5 * 2**self._tries))
            self._tries += 1
        self._wake.clear()
        try:
            async with asyncio.timeout(wait):
                await self._wake.wait()
        except TimeoutError:
            return
        # Woken: a server that is not there yet must not be asked a thousand times a second.
        await asyncio.sleep(0.05)

    async def _beat(self) -> None:
        while True:
            await asyncio.sleep(BEAT)
            if not self.is_up:
                continue
            now = time.monotonic()
            if self._received > self._counted and now - self._counted_at >= COUNT_EVERY:
                self._count()
            if self._asked_at > self._heard_at:
                if now - self._asked_at >= ANSWER:
                    self._give_up()
            elif now - self._heard_at >= SILENCE:
                self._asked_at = now
                self.send({"type": "ping"})

    def _count(self) -> None:
        if not self.counts:
            return
        self._counted, self._counted_at = self._received, time.monotonic()
        self.send({"type": "seen", "count": self._received})

    def _give_up(self) -> None:
        """Nothing comes any more although nobody closed."""
        if self._socket is not None:
            asyncio.ensure_future(self._socket.close(code=1000))

    async def _write(self, socket: aiohttp.ClientWebSocketResponse, text: str) -> None:
        try:
            await socket.send_str(text)
        except (OSError, RuntimeError, aiohttp.ClientError):
            return  # the reader notices the same and says so
