"""One turn: the links of a chain are asked one after the other, until one of them begins to speak.

Nobody changes over once a visitor has seen a word: what breaks off after that is `StreamBroken` with the text so far.
Every call is told to `on_attempt` exactly once, also when the visitor has left, because each may have cost something.
"""

from __future__ import annotations

import asyncio
import logging
from collections.abc import AsyncGenerator, Awaitable, Callable, Coroutine, Sequence
from contextlib import aclosing
from dataclasses import dataclass, field
from typing import Any, Literal

from asgiref.sync import sync_to_async

from ai.breaker import Breaker, Pass
from ai.providers.base import ChatRequest, Delta, Done, Event, Provider, ProviderError, StreamBroken, Timeout, Usage

logger = logging.getLogger(__name__)
BUDGET = 25.0
# Between an attempt that failed and the one retry.
PAUSE = 0.2
# Providers end their waits themselves; one that does not is ended this much later.
GRACE = 0.25
# What a link that never fails is given when the budget is gone.
LAST_RESORT = 2.0


@dataclass(frozen=True)
class Link:
    """Without a breaker it never fails, as what answers from the workspace's own knowledge: it is always asked."""

    provider: Provider
    model: str = ""
    breaker: Breaker | None = None


def link_to(workspace: str, provider: Provider, model: str) -> Link:
    return Link(provider, model, Breaker(workspace, provider.name, model))


@dataclass(frozen=True)
class Attempt:
    """One call, for the ledger. None: nobody said, so it is estimated from `text`, which is what was received.

    `attempt` counts through the whole turn. `opened`: this one opened the breaker, `until_changed` for as long as the
    settings stay as they are.
    """

    provider: str
    model: str
    attempt: int
    status: Literal["ok", "failed", "cancelled"]
    tokens_in: int | None
    tokens_out: int | None
    cached_in: int | None
    cost_microusd: int | None
    ttft_ms: int | None
    total_ms: int
    error: str = ""
    stop_reason: str = ""
    opened: bool = False
    until_changed: bool = False
    text: str = field(default="", repr=False)


OnAttempt = Callable[[Attempt], Awaitable[None]]


class NobodyAnswered(Exception):
    """`errors` of those that were asked, in order; none if no breaker let anything through."""

    def __init__(self, errors: Sequence[ProviderError]) -> None:
        self.errors = tuple(errors)
        super().__init__(", ".join(error.code for error in errors))


async def stream(
    chain: Sequence[Link], request: ChatRequest, *, on_attempt: OnAttempt, budget: float = BUDGET, pause: float = PAUSE
) -> AsyncGenerator[Event, None]:
    """Raises `NobodyAnswered`, or `StreamBroken` after the first word."""
    turn = _Turn(request, on_attempt, budget, pause)
    for link in chain:
        async with aclosing(turn.ask(link)) as events:
            async for event in events:
                yield event
        if turn.is_answered:
            return
    raise NobodyAnswered(turn.errors)


class _Call:
    """What is known of one attempt."""

    def __init__(self, link: Link, number: int) -> None:
        self.link, self.number = link, number
        self.began, self.first = _now(), 0.0
        self.usage, self.stop = Usage(), ""
        self.pieces: list[str] = []
        self.error: ProviderError | None = None

    def take(self, event: Event) -> None:
        match event:
            case Delta():
                self.first = self.first or _now()
                self.pieces.append(event.text)
            case Usage():
                self.usage = self.usage.updated(event)
            case Done():
                self.stop = event.stop_reason

    @property
    def text(self) -> str:
        return "".join(self.pieces)

    @property
    def status(self) -> Literal["ok", "failed", "cancelled"]:
        if self.error is not None:
            return "failed"
        return "ok" if self.stop else "cancelled"

    def attempt(self, opened: bool) -> Attempt:
        return Attempt(
            provider=self.link.provider.name,
            model=self.link.model,
            attempt=self.number,
            status=self.status,
            tokens_in=self.usage.tokens_in,
            tokens_out=self.usage.tokens_out,
            cached_in=self.usage.cached_in,
            cost_microusd=self.usage.cost_microusd,
            ttft_ms=_milliseconds(self.first - self.began) if self.first else None,
            total_ms=_milliseconds(_now() - self.began),
            error=self.error.code if self.error else "",
            stop_reason=self.stop,
            opened=opened,
            until_changed=opened and self.error is not None and self.error.until_changed,
            text=self.text,
        )


class _Turn:
    def __init__(self, request: ChatRequest, on_attempt: OnAttempt, budget: float, pause: float) -> None:
        self._request, self._on_attempt, self._pause = request, on_attempt, pause
        self._budget, self._ends = budget, _now() + budget
        self._number = 0
        self.errors: list[ProviderError] = []
        self.is_answered = False

    async def ask(self, link: Link) -> AsyncGenerator[Event, None]:
        """At most twice."""
        for is_retry in (False, True):
            leave = await self._leave(link)
            if leave is None:
                return
            call = self._call(link)
            async with aclosing(self._heard(call, leave)) as events:
                async for event in events:
                    yield event
            if is_retry or leave.is_try or call.error is None or not call.error.may_retry:
                return
            await asyncio.sleep(self._pause)

    async def _leave(self, link: Link) -> Pass | None:
        if link.breaker is None:
            return Pass()
        return await _aside(link.breaker.admit) if self._left() > 0 else None

    def _call(self, link: Link) -> _Call:
        self._number += 1
        return _Call(link, self._number)

    async def _heard(self, call: _Call, leave: Pass) -> AsyncGenerator[Event, None]:
        try:
            async with aclosing(self._events(call.link)) as events:
                async for event in events:
                    call.take(event)
                    yield event
            call.error = None if call.stop else StreamBroken("cut")
        except Exception as error:
            call.error = _known(error)
        finally:
            await _to_its_end(self._settle(call, leave))
        self._conclude(call)

    def _conclude(self, call: _Call) -> None:
        if call.error is None:
            self.is_answered = True
            return
        if call.pieces:
            raise StreamBroken(call.error.code, text=call.text)
        self.errors.append(call.error)

    async def _events(self, link: Link) -> AsyncGenerator[Event, None]:
        """No wait is longer than what is left of the turn."""
        left = self._left() if link.breaker else max(self._left(), LAST_RESORT)
        timeouts = (self._request.timeouts or link.provider.timeouts).within(left)
        ends = _now() + left + GRACE
        async with aclosing(link.provider.stream(self._request.to(link.model, timeouts))) as events:
            while (event := await _before(ends, events)) is not None:
                yield event

    async def _settle(self, call: _Call, leave: Pass) -> None:
        try:
            await self._on_attempt(call.attempt(await self._judged(call, leave)))
        except Exception:
            logger.exception("an attempt was not written down")

    async def _judged(self, call: _Call, leave: Pass) -> bool:
        """Whether this opened the breaker."""
        breaker = call.link.breaker
        if breaker is None:
            return False
        if call.error is not None and not self._is_ours(call):
            return await _aside(breaker.failed, leave, call.error)
        if leave.is_try:
            await _aside(breaker.succeeded if call.status == "ok" else breaker.given_up, leave)
        return False

    def _is_ours(self, call: _Call) -> bool:
        """It had less time than it may take, because those before it had used it up. Who finds no word in half a turn
        is slow in any case."""
        own = self._request.timeouts or call.link.provider.timeouts
        had = self._ends - call.began
        return isinstance(call.error, Timeout) and had < min(own.first_token, own.total, self._budget / 2)

    def _left(self) -> float:
        return self._ends - _now()


def _known(error: Exception) -> ProviderError:
    """A mistake of our own, in an adapter, is no reason to leave a visitor without an answer. Its text may hold what
    was asked or answered, so only its kind is written down."""
    if isinstance(error, ProviderError):
        return error
    logger.error("a provider failed in a way of its own: %s", type(error).__name__)
    return ProviderError()


async def _before(ends: float, events: AsyncGenerator[Event, None]) -> Event | None:
    try:
        async with asyncio.timeout_at(ends):
            return await anext(events, None)
    except TimeoutError:
        raise Timeout("total") from None


# What is being written down while its reader has left: a task that nobody holds may vanish.
_settling: set[asyncio.Task[None]] = set()


async def _to_its_end(work: Coroutine[Any, Any, None]) -> None:
    """Also if whoever waits for it is cancelled."""
    task = asyncio.ensure_future(work)
    _settling.add(task)
    task.add_done_callback(_settling.discard)
    await asyncio.shield(task)


async def _aside(work: Callable[..., Any], *args: Any) -> Any:
    """The cache may be on another machine."""
    return await sync_to_async(work, thread_sensitive=False)(*args)


def _now() -> float:
    return asyncio.get_running_loop().time()


def _milliseconds(seconds: float) -> int:
    return round(seconds * 1000)
