"""A mail server that keeps what it is sent: enough SMTP for Django's backend, on this machine only."""

from __future__ import annotations

import asyncio
from email import message_from_bytes
from email.message import Message

NO_LIMIT = 1 << 20


class SmtpSink:
    """`messages` holds every mail that was accepted, in order."""

    def __init__(self) -> None:
        self.messages: list[Message] = []
        self.port = 0
        self._server: asyncio.Server | None = None

    async def __aenter__(self) -> SmtpSink:
        self._server = await asyncio.start_server(self._serve, "127.0.0.1", 0, limit=NO_LIMIT)
        self.port = self._server.sockets[0].getsockname()[1]
        return self

    async def __aexit__(self, *_: object) -> None:
        assert self._server is not None
        self._server.close()

    def to(self, address: str) -> list[Message]:
        return [message for message in self.messages if address in str(message["To"])]

    async def _serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        try:
            await self._talk(reader, writer)
        except (ConnectionError, asyncio.IncompleteReadError):
            pass  # the sender was killed in the middle: nothing was accepted
        finally:
            writer.close()

    async def _talk(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        writer.write(b"220 sink\r\n")
        while line := await reader.readline():
            verb = line.strip().upper()[:4]
            if verb == b"DATA":
                writer.write(b"354 go on\r\n")
                data = await reader.readuntil(b"\r\n.\r\n")
                self.messages.append(message_from_bytes(data[:-3].replace(b"\r\n..", b"\r\n.")))
            writer.write(b"221 bye\r\n" if verb == b"QUIT" else b"250 ok\r\n")
            await writer.drain()
            if verb == b"QUIT":
                return
