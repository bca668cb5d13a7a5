"""The way of one answer, the same for all wire formats: ask, read, hand on, and know whether it was whole."""

from __future__ import annotations

import abc
from collections.abc import AsyncGenerator, Iterator, Mapping
from contextlib import aclosing, contextmanager
from typing import Any

from ai.providers import web
from ai.providers.base import END, LENGTH, REFUSAL, ChatRequest, Delta, Done, Event, Provider, Timeouts, Usage
from ai.providers.errors import (
    AuthFailed,
    BadAnswer,
    BadRequest,
    ModelMissing,
    NoCredit,
    Overloaded,
    ProviderError,
    RateLimited,
    StreamBroken,
    Timeout,
)
from minichat.lib import http

MOST_OF_A_LIST = 8 * 1024 * 1024
FOR_A_LIST = Timeouts(first_token=10.0, total=15.0)
LAST_WORD = b"[DONE]"


class Reading(abc.ABC):
    """What one answer has said so far. `stop` is set once the provider said why it ends, `is_over` at the last word."""

    def __init__(self) -> None:
        self.usage = Usage()
        self.stop: str | None = None
        self.is_over = False

    @abc.abstractmethod
    def feed(self, data: dict[str, Any]) -> str:
        """The text in this piece. Raises what the provider says went wrong."""


class HttpProvider(Provider):
    """A wire format adds paths, body, headers, a `Reading` and what its errors mean."""

    list_path = ""

    def __init__(
        self, *, key: str = "", address: str, is_typed: bool = False, limits: http.Limits | None = None
    ) -> None:
        """Raises `minichat.lib.http.NotAnAddress` for an `address` that somebody typed and is none."""
        self._key = key
        self._way = web.Way(str(http.parse(address)) if is_typed else address, is_typed, limits)

    def __repr__(self) -> str:
        return f"<{type(self).__name__}>"

    # --- What a wire format says of itself ---

    @abc.abstractmethod
    def path(self, request: ChatRequest) -> str: ...

    @abc.abstractmethod
    def body(self, request: ChatRequest) -> dict[str, Any]: ...

    @abc.abstractmethod
    def headers(self) -> dict[str, str]: ...

    @abc.abstractmethod
    def reading(self) -> Reading: ...

    @abc.abstractmethod
    def names(self, listed: dict[str, Any]) -> list[str]: ...

    def refusal(self, status: int, error: Mapping[str, Any], retry_after: float | None) -> ProviderError:
        """`error` is what stands under that name in the answer; its words are looked at, never kept."""
        return by_status(status, retry_after)

    def pieces(self, answer: web.Answer) -> AsyncGenerator[bytes, None]:
        """Some servers do not stream and answer with one document."""
        return _document(answer) if answer.kind == "application/json" else web.events(answer)

    # --- Asking ---

    async def stream(self, request: ChatRequest) -> AsyncGenerator[Event, None]:
        pace, reading = web.Pace(request.timeouts or self.timeouts), self.reading()
        question = web.Question("POST", self.path(request), self._headers(), self.body(request))
        async with web.asked(self._way, question, pace) as answer:
            await self._welcome(answer)
            async with aclosing(self._told(answer, reading, request.most_characters)) as told:
                async for event in told:
                    yield event
                    if isinstance(event, Delta):
                        pace.token()
            if reading.is_over:
                await answer.at_its_end()
        yield reading.usage
        yield Done(reading.stop or END)

    async def models(self) -> list[str]:
        return sorted(self.names(await self._get(self.list_path)))

    async def _get(self, path: str) -> dict[str, Any]:
        async with web.asked(self._way, web.Question("GET", path, self._headers()), web.Pace(FOR_A_LIST)) as answer:
            await self._welcome(answer)
            with ill_formed():
                return web.parsed(await answer.body(MOST_OF_A_LIST))

    def _headers(self) -> dict[str, str]:
        """A key that no header can hold is a wrong key; the error of the library would quote it."""
        if not (self._key.isascii() and self._key.isprintable()):
            raise AuthFailed
        return self.headers()

    async def _welcome(self, answer: web.Answer) -> None:
        if answer.status != 200:
            raise self.refusal(answer.status, error_in(await _rest_of(answer)), answer.retry_after)
        if answer.kind in {"text/html", "application/xhtml+xml"}:
            raise BadAnswer

    async def _told(self, answer: web.Answer, reading: Reading, room: int) -> AsyncGenerator[Event, None]:
        """Texts and counts as they come. `room` characters and no more; empty beginnings are not a beginning."""
        began, counted = False, reading.usage
        async with aclosing(self._read(answer, reading)) as texts:
            async for text in texts:
                if reading.usage != counted:
                    counted = reading.usage
                    yield counted
                text = (text if began else text.lstrip())[:room]
                if text:
                    began, room = True, room - len(text)
                    yield Delta(text)
                if not room:
                    reading.stop, reading.is_over = LENGTH, False
                    return
        if reading.stop is None:
            raise StreamBroken("cut")
        if not began and reading.stop != REFUSAL:
            raise BadAnswer

    async def _read(self, answer: web.Answer, reading: Reading) -> AsyncGenerator[str, None]:
        """What breaks off after the provider has said why it ended took nothing away."""
        try:
            async with aclosing(self.pieces(answer)) as pieces:
                async for piece in pieces:
                    yield _fed(reading, piece)
                    if reading.is_over:
                        return
        except (StreamBroken, Timeout):
            if reading.stop is None:
                raise


async def _document(answer: web.Answer) -> AsyncGenerator[bytes, None]:
    yield await answer.body(web.LONGEST_LINE)


async def _rest_of(answer: web.Answer) -> bytes:
    """The status says enough when the words behind it do not come."""
    try:
        return await answer.body(web.MOST_OF_AN_ERROR)
    except ProviderError:
        return b""


def _fed(reading: Reading, piece: bytes) -> str:
    if piece == LAST_WORD:
        reading.is_over = True
        return ""
    with ill_formed():
        return reading.feed(web.parsed(piece))


@contextmanager
def ill_formed() -> Iterator[None]:
    """Whatever a stranger's JSON may hold where we expect something else."""
    try:
        yield
    except (AttributeError, TypeError, KeyError, IndexError, ValueError, ArithmeticError):
        raise StreamBroken("unreadable") from None


# --- What statuses mean -----------------------------------------------------------------------------------------------

_BY_STATUS: dict[int, type[ProviderError]] = {
    401: AuthFailed,
    402: NoCredit,
    403: AuthFailed,
    404: ModelMissing,
    424: Overloaded,
    429: RateLimited,
    498: Overloaded,
}


def by_status(status: int, retry_after: float | None = None) -> ProviderError:
    if status == 408:
        return Timeout("upstream", status=status)
    if status < 400:
        return BadAnswer(status=status)
    kind = _BY_STATUS.get(status, Overloaded if status >= 500 else BadRequest)
    return kind(status=status, retry_after=retry_after)


def error_in(body: bytes) -> Mapping[str, Any]:
    """Gemini wraps it in a list when it does not stream."""
    try:
        return as_error(web.parsed(body.strip().removeprefix(b"[").removesuffix(b"]")).get("error"))
    except StreamBroken:
        return {}


def as_error(value: Any) -> Mapping[str, Any]:
    return value if isinstance(value, dict) else {}


def text_of(value: Any) -> str:
    return value if isinstance(value, str) else ""


def count(value: Any) -> int | None:
    return value if isinstance(value, int) and not isinstance(value, bool) and value >= 0 else None


def total(*values: Any) -> int | None:
    """Of those that were said; None if the first was not."""
    return None if count(values[0]) is None else sum(count(value) or 0 for value in values)
