"""The one client for addresses that somebody else has typed: nothing else in the house asks the web (SR-49), but for
the providers of language models, which stream; they ask `judged` here first.

An address is parsed once, its name looked up once, each address of it judged, and the connection made to the address
that was judged: there is no second look-up that could answer differently. What is refused, does not exist or does not
answer is one and the same `Unreachable`, so that nobody learns what stands in our own network.
"""

from __future__ import annotations

import http.client
import ipaddress
import queue
import socket
import ssl
import threading
import time
import zlib
from collections.abc import Callable, Mapping
from contextlib import suppress
from dataclasses import dataclass, field
from typing import Any, TypeVar
from urllib.parse import quote, urljoin, urlsplit

from minichat.lib.origins import DEFAULT_PORTS, parse_origin
from minichat.lib.public_addresses import Address, is_public

T = TypeVar("T")
MOST_REDIRECTS = 3
REDIRECTS = {301, 302, 303, 307, 308}
LONGEST_ADDRESS = 2000
CHUNK = 16 * 1024
# What belongs to the site it was meant for, and to no other one.
PERSONAL = {"authorization", "cookie", "proxy-authorization"}
_KEPT_IN_PATHS = "/%:@!$&'()*+,;=~-._"


class HttpError(Exception):
    """`reason` is for our own code: there is one sentence per reason, and none of them says more than it does."""

    reason = "failed"


class NotAnAddress(HttpError):
    reason = "address"


class Unreachable(HttpError):
    """Refused, not found, closed, broken off: all the same on purpose."""

    reason = "unreachable"


class TooSlow(HttpError):
    reason = "slow"


class TooManyRedirects(HttpError):
    reason = "redirects"


@dataclass(frozen=True)
class Limits:
    """`ports` and `may_reach` say where one may go at all. Tests hand in others; nothing in the rooms does."""

    seconds: float = 8.0
    bytes: int = 1024 * 1024
    # After unpacking: a small answer may be a large text.
    unpacked: int = 4 * 1024 * 1024
    ports: frozenset[int] = frozenset({80, 443})
    may_reach: Callable[[Address], bool] = is_public


@dataclass(frozen=True)
class Place:
    """An address in parts that were checked one by one."""

    origin: str
    target: str

    @property
    def scheme(self) -> str:
        return self.origin.partition("://")[0]

    @property
    def host(self) -> str:
        return urlsplit(self.origin).hostname or ""

    @property
    def port(self) -> int:
        return urlsplit(self.origin).port or DEFAULT_PORTS[self.scheme]

    def __str__(self) -> str:
        return self.origin + self.target


@dataclass(frozen=True)
class Answer:
    """`is_cut`: there was more than we read."""

    address: str
    origin: str
    status: int
    headers: Mapping[str, str]
    policies: list[str] = field(default_factory=list)
    body: bytes = b""
    is_cut: bool = False


def parse(text: str) -> Place:
    """Raises `NotAnAddress` with a sentence for whoever typed it."""
    text = text.strip()
    if len(text) > LONGEST_ADDRESS or any(ord(letter) <= 32 for letter in text):
        raise NotAnAddress
    if "://" not in text:
        text = f"https://{text}"
    try:
        parts = urlsplit(text)
        origin = parse_origin(f"{parts.scheme}://{parts.netloc}")
    except ValueError as error:
        raise NotAnAddress(str(error)) from error
    target = quote(parts.path or "/", safe=_KEPT_IN_PATHS)
    return Place(origin, f"{target}?{quote(parts.query, safe=_KEPT_IN_PATHS + '?')}" if parts.query else target)


def get(address: str, *, headers: Mapping[str, str] | None = None, limits: Limits | None = None) -> Answer:
    """Fetch a page within `limits`; redirects are followed, each one judged like the first address."""
    limits = limits or Limits()
    ends = time.monotonic() + limits.seconds
    place, sent = parse(address), dict(headers or {})
    for _ in range(MOST_REDIRECTS + 1):
        answer = _ask(place, sent, limits, ends)
        onward = answer.headers.get("location", "")
        if answer.status not in REDIRECTS or not onward:
            return answer
        there = parse(urljoin(str(place), onward))
        if there.origin != place.origin:
            sent = {name: value for name, value in sent.items() if name.lower() not in PERSONAL}
        place = there
    raise TooManyRedirects


def judged(address: str, limits: Limits | None = None) -> str:
    """Which address to dial for `address`, by the same rules: for a client that streams, which this one does not.

    Whoever dials must dial that one, and look nothing up again. Waits for the look-up, up to `limits.seconds`.
    """
    limits = limits or Limits()
    return _judged(parse(address), limits, time.monotonic() + limits.seconds)


# --- One request ------------------------------------------------------------------------------------------------------


def _ask(place: Place, headers: Mapping[str, str], limits: Limits, ends: float) -> Answer:
    connection = _Connection(place, _judged(place, limits, ends), _left(ends))
    # Each read has a time limit of its own, so a drip of bytes could go on for ever: this ends it from outside.
    guard = threading.Timer(_left(ends), connection.break_off)
    guard.daemon = True
    guard.start()
    try:
        connection.request("GET", place.target, headers={"User-Agent": "MiniChat", **_wanted(), **headers})
        answer = _read(place, connection.getresponse(), limits)
        _left(ends)  # what the guard has broken off looks like an end
        return answer
    except (OSError, http.client.HTTPException, zlib.error, ValueError) as error:
        raise (TooSlow if time.monotonic() >= ends or isinstance(error, TimeoutError) else Unreachable) from error
    finally:
        guard.cancel()
        connection.close()


def _wanted() -> dict[str, str]:
    return {"Accept": "text/html,*/*;q=0.5", "Accept-Encoding": "gzip", "Connection": "close"}


def _judged(place: Place, limits: Limits, ends: float) -> str:
    """The address to connect to: the first of the name's, if all of them are public."""
    if place.port not in limits.ports:
        raise Unreachable
    found = _within(_left(ends), lambda: _looked_up(place))
    addresses = [ipaddress.ip_address(one) for one in found]
    if not addresses or not all(limits.may_reach(one) for one in addresses):
        raise Unreachable
    return str(addresses[0])


def _looked_up(place: Place) -> list[str]:
    with suppress(ValueError):
        return [str(ipaddress.ip_address(place.host))]
    try:
        rows = socket.getaddrinfo(place.host, place.port, type=socket.SOCK_STREAM)
    except (OSError, UnicodeError) as error:
        raise Unreachable from error
    return list(dict.fromkeys(str(row[4][0]) for row in rows))


class _Connection(http.client.HTTPConnection):
    """To the address that was judged, under the name that was typed."""

    def __init__(self, place: Place, address: str, seconds: float) -> None:
        super().__init__(place.host, place.port, timeout=seconds)
        self.place, self.address = place, address

    def connect(self) -> None:
        self.sock = socket.create_connection((self.address, self.port), self.timeout)
        if self.place.scheme == "https":
            self.sock = ssl.create_default_context().wrap_socket(self.sock, server_hostname=self.place.host)

    def break_off(self) -> None:
        with suppress(OSError, AttributeError):
            self.sock.shutdown(socket.SHUT_RDWR)


def _read(place: Place, response: http.client.HTTPResponse, limits: Limits) -> Answer:
    body, is_cut = _body(response, limits)
    return Answer(
        address=str(place),
        origin=place.origin,
        status=response.status,
        headers={name.lower(): value for name, value in response.getheaders()},
        policies=response.headers.get_all("Content-Security-Policy") or [],
        body=body,
        is_cut=is_cut,
    )


def _body(response: http.client.HTTPResponse, limits: Limits) -> tuple[bytes, bool]:
    packing = response.headers.get("Content-Encoding", "").strip().lower()
    unpacker = zlib.decompressobj(16 + zlib.MAX_WBITS) if packing in {"gzip", "x-gzip"} else None
    parts, read, size = [], 0, 0
    while part := response.read1(CHUNK):
        read += len(part)
        text = unpacker.decompress(part, max(1, limits.unpacked - size)) if unpacker else part
        parts.append(text)
        size += len(text)
        if read >= limits.bytes or size >= limits.unpacked:
            return b"".join(parts)[: limits.unpacked], True
    return b"".join(parts), False


# --- Time -------------------------------------------------------------------------------------------------------------


def _left(ends: float) -> float:
    left = ends - time.monotonic()
    if left <= 0:
        raise TooSlow
    return left


def _within(seconds: float, work: Callable[[], T]) -> T:
    """Looking up a name has no time limit of its own. A look-up that hangs is left behind in its thread."""
    answers: queue.SimpleQueue[Any] = queue.SimpleQueue()

    def run() -> None:
        try:
            answers.put((work(), None))
        except Exception as error:
            answers.put((None, error))

    threading.Thread(target=run, daemon=True).start()
    try:
        result, error = answers.get(timeout=seconds)
    except queue.Empty:
        raise TooSlow from None
    if error is not None:
        raise error
    return result  # type: ignore[no-any-return]
