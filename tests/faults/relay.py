"""A TCP relay between the clients and the server: the network that fails."""

from __future__ import annotations

import asyncio
import json
import random
import re
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass

CHUNK = 1 << 16
# An acknowledgement on its way to a client, in a socket frame or in the answer to a POST.
ACK = re.compile(rb'\{"type": ?"ack"[^}]*\}')


@dataclass(eq=False)
class Wire:
    """One connection: the client's end and the server's."""

    client: asyncio.StreamWriter
    server: asyncio.StreamWriter
    muted: bool = False

    def cut(self) -> None:
        for end in (self.client, self.server):
            end.transport.abort()


class Relay:
    """Passes bytes on to one of `backends`; cuts, mutes and swallows when told to."""

    def __init__(self, backends: Callable[[], list[int]], chance: random.Random) -> None:
        self.backends = backends
        self.chance = chance
        self.port = 0
        self.wires: set[Wire] = set()
        # The share of acknowledgements that are thrown away together with their connection.
        self.swallow_share = 0.0
        self.swallowed: list[dict[str, object]] = []
        self.cuts = 0
        self._server: asyncio.Server | None = None

    async def open(self) -> None:
        self._server = await asyncio.start_server(self._serve, "127.0.0.1", self.port)
        self.port = self._server.sockets[0].getsockname()[1]

    def close(self) -> None:
        assert self._server is not None
        self._server.close()
        self.cut()

    def cut(self) -> int:
        """Reset every connection, both ends."""
        wires = list(self.wires)
        for wire in wires:
            wire.cut()
        self.cuts += len(wires)
        return len(wires)

    def mute(self) -> None:
        """From now on nothing the server says arrives; what clients say still does."""
        for wire in self.wires:
            wire.muted = True

    # --- Inside ------------------------------------------------------------------------------------------------------

    async def _serve(self, from_client: asyncio.StreamReader, client: asyncio.StreamWriter) -> None:
        backend = await self._backend()
        if backend is None:
            client.transport.abort()
            return
        from_server, server = backend
        wire = Wire(client, server)
        self.wires.add(wire)
        try:
            await asyncio.gather(self._up(from_client, wire), self._down(from_server, wire))
        finally:
            self.wires.discard(wire)
            wire.cut()

    async def _backend(self) -> tuple[asyncio.StreamReader, asyncio.StreamWriter] | None:
        ports = self.backends()
        self.chance.shuffle(ports)
        for port in ports:
            with suppress(OSError):
                return await asyncio.open_connection("127.0.0.1", port)
        return None

    async def _up(self, source: asyncio.StreamReader, wire: Wire) -> None:
        with suppress(OSError):
            while data := await source.read(CHUNK):
                wire.server.write(data)
                await wire.server.drain()
        wire.cut()

    async def _down(self, source: asyncio.StreamReader, wire: Wire) -> None:
        with suppress(OSError):
            while data := await source.read(CHUNK):
                if wire.muted or self._swallow(data, wire):
                    continue
                wire.client.write(data)
                await wire.client.drain()
        # A goodbye of the server shall arrive before the line goes.
        wire.client.close()

    def _swallow(self, data: bytes, wire: Wire) -> bool:
        """Throw an acknowledgement away: its message is committed, its sender will never hear of it."""
        found = ACK.search(data) if self.swallow_share else None
        if found is None or self.chance.random() >= self.swallow_share:
            return False
        self.swallowed.append(json.loads(found[0]))
        wire.cut()
        return True
