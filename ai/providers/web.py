"""How providers are asked: clients, waits with an end, lines of a stream. The one place of the room that knows httpx.

Fixed addresses and those the operator has set are asked as they stand. One that a workspace has typed is judged like
any other typed address (`minichat.lib.http`), and the connection made to the address that was judged (SR-49).
Redirects are never followed, nothing is unpacked, and no word of an answer gets into an exception or a log.
"""

from __future__ import annotations

import asyncio
import json
import logging
import math
import ssl
from collections.abc import AsyncGenerator, AsyncIterator, Awaitable, Iterator, Mapping
from concurrent.futures import ThreadPoolExecutor
from contextlib import aclosing, asynccontextmanager, contextmanager, suppress
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from functools import lru_cache
from typing import Any, TypeVar

import httpx

from ai.providers.base import Timeouts
from ai.providers.errors import ProviderError, StreamBroken, Timeout, Unreachable
from minichat.lib import http

T = TypeVar("T")
LONGEST_LINE = 256 * 1024
MOST_BYTES = 8 * 1024 * 1024
MOST_OF_AN_ERROR = 64 * 1024
LONGEST_PAUSE = 24 * 3600.0
# How long we wait for the end of a stream whose last word has come, so that its connection can be used again.
FOR_THE_END = 0.1
# A new connection costs two or three trips before the first word.
KEPT, IDLE = 20, 30.0
# They write addresses, and in their details headers, into the log.
for _name in ("httpx", "httpcore"):
    logging.getLogger(_name).setLevel(logging.WARNING)


# --- Waits ------------------------------------------------------------------------------------------------------------


class Pace:
    """Ends every wait of one request at the limit that comes first."""

    def __init__(self, timeouts: Timeouts) -> None:
        self.timeouts = timeouts
        self._ends = self._in(timeouts.total)
        self._until, self._wait = self._in(timeouts.first_token), "first_token"

    def token(self) -> None:
        self._until, self._wait = self._in(self.timeouts.between_tokens), "between_tokens"

    async def wait(self, awaitable: Awaitable[T]) -> T:
        until, wait = min((self._until, self._wait), (self._ends, "total"))
        try:
            async with asyncio.timeout_at(until):
                return await awaitable
        except TimeoutError:
            raise Timeout(wait) from None

    @staticmethod
    def _in(seconds: float) -> float:
        return asyncio.get_running_loop().time() + seconds


# --- Clients ----------------------------------------------------------------------------------------------------------

_clients: dict[asyncio.AbstractEventLoop, httpx.AsyncClient] = {}


def shared_client() -> httpx.AsyncClient:
    """One per event loop, for its connections. Those of loops that have ended are dropped: a task's loop is short."""
    loop = asyncio.get_running_loop()
    for other in [other for other in _clients if other.is_closed()]:
        del _clients[other]
    if loop not in _clients:
        _clients[loop] = _client(_transport(KEPT))
    return _clients[loop]


async def close_client() -> None:
    """Before the loop ends."""
    client = _clients.pop(asyncio.get_running_loop(), None)
    if client is not None:
        await client.aclose()


def _client(transport: httpx.AsyncBaseTransport) -> httpx.AsyncClient:
    headers = {"User-Agent": "MiniChat", "Accept-Encoding": "identity"}
    return httpx.AsyncClient(transport=transport, headers=headers, follow_redirects=False, trust_env=False)


def _transport(kept: int) -> httpx.AsyncHTTPTransport:
    """No limit on connections: those that hang at one provider must not keep others from being asked."""
    limits = httpx.Limits(max_connections=None, max_keepalive_connections=kept, keepalive_expiry=IDLE)
    return httpx.AsyncHTTPTransport(verify=_tls(), limits=limits, trust_env=False)


@lru_cache(maxsize=1)
def _tls() -> ssl.SSLContext:
    return ssl.create_default_context()


# Look-ups of typed names have threads of their own: names that never answer hold up each other and nothing else.
_lookups = ThreadPoolExecutor(8, thread_name_prefix="lookup")


class Guarded(httpx.AsyncBaseTransport):
    """Dials the address that was judged; Host and TLS keep the name that was typed. A connection serves one request."""

    def __init__(self, limits: http.Limits | None = None) -> None:
        self._limits = limits or http.Limits()
        self._inner = _transport(0)

    async def handle_async_request(self, request: httpx.Request) -> httpx.Response:
        address = await self._judged(request)
        return await self._inner.handle_async_request(
            httpx.Request(
                request.method,
                request.url.copy_with(host=address),
                headers=request.headers,
                stream=request.stream,
                extensions={**request.extensions, "sni_hostname": request.url.host},
            )
        )

    async def aclose(self) -> None:
        await self._inner.aclose()

    async def _judged(self, request: httpx.Request) -> str:
        seconds = request.extensions.get("timeout", {}).get("connect") or self._limits.seconds
        limits = replace(self._limits, seconds=min(seconds, self._limits.seconds))
        try:
            return await asyncio.get_running_loop().run_in_executor(_lookups, http.judged, str(request.url), limits)
        except http.TooSlow:
            raise httpx.ConnectTimeout("", request=request) from None
        except http.HttpError:
            raise httpx.ConnectError("", request=request) from None


@dataclass(frozen=True)
class Way:
    """To one provider. `is_typed`: a workspace has typed its address. `limits` are for tests."""

    address: str
    is_typed: bool = False
    limits: http.Limits | None = field(default=None, repr=False)

    @asynccontextmanager
    async def client(self) -> AsyncIterator[httpx.AsyncClient]:
        if not self.is_typed:
            yield shared_client()
            return
        async with _client(Guarded(self.limits)) as client:
            yield client


# --- Questions and answers --------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Question:
    method: str
    path: str
    headers: Mapping[str, str] = field(default_factory=dict, repr=False)
    body: Mapping[str, Any] | None = field(default=None, repr=False)


@asynccontextmanager
async def asked(way: Way, question: Question, pace: Pace) -> AsyncIterator[Answer]:
    """The answer's head is there; leaving hangs up."""
    async with way.client() as client:
        with plain_errors(Unreachable()):
            response = await pace.wait(client.send(_request(client, way, question, pace), stream=True))
        try:
            yield Answer(response, pace)
        finally:
            await response.aclose()


def _request(client: httpx.AsyncClient, way: Way, question: Question, pace: Pace) -> httpx.Request:
    return client.build_request(
        question.method,
        way.address.rstrip("/") + question.path,
        headers=dict(question.headers),
        json=question.body,
        timeout=httpx.Timeout(None, connect=pace.timeouts.connect),
    )


@contextmanager
def plain_errors(otherwise: ProviderError) -> Iterator[None]:
    """Ours instead of httpx's, which know the request with its headers."""
    try:
        yield
    except httpx.ConnectTimeout:
        raise Timeout("connect") from None
    except (httpx.ConnectError, httpx.UnsupportedProtocol, httpx.InvalidURL):
        raise Unreachable from None
    except (httpx.HTTPError, httpx.StreamError):
        raise otherwise from None


class Answer:
    def __init__(self, response: httpx.Response, pace: Pace) -> None:
        self._response, self._pace = response, pace
        self._parts: AsyncIterator[bytes] = response.aiter_raw()
        self.status = response.status_code
        self.kind = response.headers.get("content-type", "").partition(";")[0].strip().lower()
        self.retry_after = seconds_of(response.headers.get("retry-after", ""))

    async def lines(self) -> AsyncGenerator[bytes, None]:
        """Whole lines, so that no character is torn."""
        rest, size = b"", 0
        while part := await self._part():
            size += len(part)
            *whole, rest = (rest + part).split(b"\n")
            if size > MOST_BYTES or len(rest) > LONGEST_LINE:
                raise StreamBroken("too_long")
            for line in whole:
                yield line.rstrip(b"\r")
        if rest:
            yield rest

    async def body(self, most: int) -> bytes:
        text = b""
        while len(text) <= most and (part := await self._part()):
            text += part
        return text[: most + 1]

    async def at_its_end(self) -> None:
        """Nothing more is wanted; a connection that was read to its end can be used again."""
        with suppress(TimeoutError, ProviderError):
            async with asyncio.timeout(FOR_THE_END):
                while await self._part():
                    pass

    async def _part(self) -> bytes:
        with plain_errors(StreamBroken("cut")):
            return await self._pace.wait(anext(self._parts, b""))


async def events(answer: Answer) -> AsyncGenerator[bytes, None]:
    """The data of server-sent events. Comments and names are left out: what they say stands in the data as well."""
    data: list[bytes] = []
    async with aclosing(answer.lines()) as lines:
        async for line in lines:
            if line.startswith(b"data:"):
                data.append(line[5:].removeprefix(b" "))
            elif not line and data:
                yield b"\n".join(data)
                data = []
    if data:
        yield b"\n".join(data)


def parsed(text: bytes) -> dict[str, Any]:
    try:
        value = json.loads(text)
    except (ValueError, RecursionError):
        raise StreamBroken("unreadable") from None
    if not isinstance(value, dict):
        raise StreamBroken("unreadable")
    return value


def seconds_of(text: str) -> float | None:
    """A Retry-After: seconds, or a date."""
    with suppress(ValueError):
        return _sane(float(text.strip().removesuffix("s")))
    with suppress(ValueError, TypeError):
        return _sane((parsedate_to_datetime(text).astimezone(UTC) - datetime.now(UTC)).total_seconds())
    return None


def _sane(seconds: float) -> float | None:
    return min(max(seconds, 0.0), LONGEST_PAUSE) if math.isfinite(seconds) else None
