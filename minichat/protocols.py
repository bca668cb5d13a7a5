"""Daphne's two protocols with the limits and the manners it lacks."""

from __future__ import annotations

from io import BytesIO
from typing import Any

# First: importing it installs the reactor that all of Twisted then uses.
import daphne.server  # noqa: F401  # isort: skip
from daphne.http_protocol import HTTPFactory, WebRequest
from daphne.ws_protocol import WebSocketProtocol
from django.conf import settings
from twisted.internet import reactor as installed_reactor

from minichat.lib.bodies import TOO_LARGE, TOO_LARGE_HEADERS

reactor: Any = installed_reactor  # its type says less than it is

# A consumer answers frames over 64 KiB itself (4413); what is larger than this never reaches it.
MAX_FRAME = 128 * 1024
# How long a caller may go on sending after it was refused, so that it reads our answer and not a reset connection.
LINGER_SECONDS = 2.0

TOO_LARGE_RESPONSE = b"".join(
    [
        b"HTTP/1.1 413 Request Entity Too Large\r\n",
        *(name + b": " + value + b"\r\n" for name, value in TOO_LARGE_HEADERS),
        b"\r\n",
        TOO_LARGE,
    ]
)


class Request(WebRequest):
    """Daphne keeps the whole body before anybody is asked, even for an address that does not exist, and on disk when it
    is long. This one stops at the limit, holds it in memory, and leaves the parsing of forms to Django.
    """

    refused = False

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self._parsePOSTFormSubmission = False

    def gotLength(self, length: int | None) -> None:  # noqa: N802
        self.content = BytesIO()
        if (length or 0) > settings.BODY_LIMIT:
            self._refuse()

    def handleContentChunk(self, data: bytes) -> None:  # noqa: N802
        if self.refused:
            return
        if self.content.tell() + len(data) > settings.BODY_LIMIT:
            self._refuse()
        else:
            self.content.write(data)

    def requestReceived(self, command: bytes, path: bytes, version: bytes) -> None:  # noqa: N802
        if not self.refused:
            super().requestReceived(command, path, version)

    def _refuse(self) -> None:
        """Answer, close our half and throw away what still comes."""
        self.refused = True
        self.content = BytesIO()
        self.requestHeaders.removeHeader(b"Expect")  # nobody shall be told to continue
        transport = self.channel.transport
        transport.write(TOO_LARGE_RESPONSE)
        transport.loseWriteConnection()
        reactor.callLater(LINGER_SECONDS, transport.abortConnection)


class RequestFactory(HTTPFactory):
    def buildProtocol(self, addr: Any) -> Any:  # noqa: N802
        protocol = super().buildProtocol(addr)
        protocol.requestFactory = Request
        return protocol


class Socket(WebSocketProtocol):
    """Says why it closes. Daphne drops the reason and allows itself neither 1012 nor 1013; a frame over the limit would
    cost the client the connection without a word.
    """

    def handle_reply(self, message: dict[str, Any]) -> None:
        if message.get("type") != "websocket.close" or self.state == self.STATE_CONNECTING:
            super().handle_reply(message)
        elif self.state == self.STATE_OPEN:
            self._close(message.get("code") or 1000, message.get("reason") or "")

    def _max_message_size_exceeded(self, msg_size: int, max_msg_size: int, reason: str) -> None:
        self.failedByMe = True  # what is left of the frame is thrown away
        self._close(4413, "")

    def _close(self, code: int, reason: str) -> None:
        self.sendCloseFrame(code=code, reasonUtf8=reason.encode()[:123])
