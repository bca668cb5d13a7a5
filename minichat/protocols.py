"""Daphne's two protocols with the limits and the manners it lacks."""

from __future__ import annotations

from io import BytesIO
from tempfile import SpooledTemporaryFile
from typing import IO, Any
from urllib.parse import unquote

# First: importing it installs the reactor that all of Twisted then uses.
import daphne.server  # noqa: F401  # isort: skip
from daphne.http_protocol import HTTPFactory, WebRequest
from daphne.ws_protocol import WebSocketProtocol
from django.conf import settings
from twisted.internet import reactor as installed_reactor

from minichat.lib.bodies import TOO_LARGE, TOO_LARGE_HEADERS, limit_at

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
    is long. This one stops at the limit of the address, and leaves the parsing of forms to Django. What is over
    BODY_LIMIT, a file on its way, waits on disk under no name: it is gone with the request, or with this process.
    """

    content: IO[bytes]
    refused = False
    limit = 0

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self._parsePOSTFormSubmission = False

    def gotLength(self, length: int | None) -> None:  # noqa: N802
        self.limit = settings.BODY_LIMIT
        self.content = SpooledTemporaryFile(settings.BODY_LIMIT, dir=str(settings.FILE_UPLOAD_TEMP_DIR))  # noqa: SIM115
        if not self._fits(length or 0):
            self._refuse()

    def handleContentChunk(self, data: bytes) -> None:  # noqa: N802
        if self.refused:
            return
        if self._fits(self.content.tell() + len(data)):
            self.content.write(data)
        else:
            self._refuse()

    def _fits(self, size: int) -> bool:
        if size > self.limit == settings.BODY_LIMIT:
            # The request line is not ours yet; the channel keeps it until the body is here.
            path: bytes = self.channel._path.partition(b"?")[0]
            self.limit = limit_at(unquote(path.decode("latin-1")))
        return size <= self.limit

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
    cost the client the connection without a word; and what is said to somebody who has just left would raise.
    """

    def handle_reply(self, message: dict[str, Any]) -> None:
        if message.get("type") == "websocket.send" and self.state in (self.STATE_CLOSING, self.STATE_CLOSED):
            return  # they left while it was on its way: nobody's mistake, and they ask for it when they are back
        if message.get("type") != "websocket.close" or self.state == self.STATE_CONNECTING:
            super().handle_reply(message)
        elif self.state == self.STATE_OPEN:
            self._close(message.get("code") or 1000, message.get("reason") or "")

    def _max_message_size_exceeded(self, msg_size: int, max_msg_size: int, reason: str) -> None:
        self.failedByMe = True  # what is left of the frame is thrown away
        self._close(4413, "")

    def _close(self, code: int, reason: str) -> None:
        self.sendCloseFrame(code=code, reasonUtf8=reason.encode()[:123])
