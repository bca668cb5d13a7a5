"""RF-20: one turn over a chain of providers."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncGenerator, Callable, Sequence
from contextlib import aclosing
from typing import Any

import pytest

from ai import router
from ai.breaker import Breaker
from ai.providers import web
from ai.providers.anthropic import Anthropic
from ai.providers.base import (
    AuthFailed,
    BadRequest,
    ChatRequest,
    Delta,
    Done,
    Event,
    Overloaded,
    Provider,
    RateLimited,
    StreamBroken,
    Timeout,
    Timeouts,
    Unreachable,
    Usage,
)
from ai.providers.ollama import Ollama
from ai.providers.openai_style import OpenAI
from ai.providers.speaking import HttpProvider
from ai.router import Attempt, Link, NobodyAnswered, link_to
from ai.tests.speaking import PATIENT, Heard, listen, question
from tests.fakes.ai_server import ANSWER, CACHED, TOKENS_IN, AiServer

At = Callable[..., HttpProvider]
FOREVER = 3600
HELLO = [Delta("Hel"), Delta("lo"), Usage(7, 2), Done()]
Step = Event | Exception | asyncio.Event | float


class Scripted(Provider):
    """Does what it is told, one script per call and the last one again; waits are numbers or events."""

    def __init__(self, name: str, *scripts: Sequence[Step]) -> None:
        self.name, self.scripts, self.requests, self.closed = name, scripts, list[ChatRequest](), 0

    async def stream(self, request: ChatRequest) -> AsyncGenerator[Event, None]:
        self.requests.append(request)
        try:
            for step in self.scripts[min(len(self.requests), len(self.scripts)) - 1]:
                if isinstance(step, Exception):
                    raise step
                if isinstance(step, int | float):
                    await asyncio.sleep(step)
                elif isinstance(step, asyncio.Event):
                    await step.wait()
                else:
                    yield step
        finally:
            self.closed += 1

    @property
    def calls(self) -> int:
        return len(self.requests)


class Ledger:
    """Is slow to write, as a database may be."""

    def __init__(self) -> None:
        self.rows: list[Attempt] = []

    async def __call__(self, attempt: Attempt) -> None:
        await asyncio.sleep(0.01)
        self.rows.append(attempt)

    @property
    def short(self) -> list[tuple[str, int, str, str]]:
        return [(row.provider, row.attempt, row.status, row.error) for row in self.rows]


@pytest.fixture
def ledger() -> Ledger:
    return Ledger()


def link(provider: Provider, model: str = "m") -> Link:
    return link_to("acme", provider, model)


def last(provider: Provider) -> Link:
    return Link(provider)


def turn(ledger: Any, *chain: Link, request: ChatRequest | None = None, **more: Any) -> AsyncGenerator[Event, None]:
    return router.stream(chain, request or question(), on_attempt=ledger, pause=0, **more)


# --- Down the chain ---------------------------------------------------------------------------------------------------


async def test_the_first_one_that_answers(ledger: Ledger) -> None:
    first, second = Scripted("a", HELLO), Scripted("b", HELLO)
    heard = await listen(turn(ledger, link(first, "one"), link(second)))
    assert (heard.text, heard.stop, heard.usage) == ("Hello", "end", Usage(7, 2))
    assert (second.calls, first.requests[0].model) == (0, "one")
    row = ledger.rows[0]
    assert (row.provider, row.model, row.attempt, row.status) == ("a", "one", 1, "ok")
    assert (row.tokens_in, row.tokens_out, row.cached_in, row.cost_microusd) == (7, 2, None, None)
    assert (row.error, row.stop_reason, row.text) == ("", "end", "Hello")
    assert row.ttft_ms is not None and row.total_ms >= row.ttft_ms


@pytest.mark.parametrize(
    ("error", "calls"),
    [
        (Unreachable(), 2),
        (Overloaded(status=500), 2),
        (Overloaded(status=529), 2),
        (Overloaded(status=503, retry_after=9.0), 1),
        (Overloaded(status=498), 1),
        (RateLimited(status=429), 1),
        (RateLimited(status=429, retry_after=9.0), 1),
        (Timeout("first_token"), 1),
        (AuthFailed(status=401), 1),
        (BadRequest(status=400), 1),
        (StreamBroken("cut"), 1),
        (RuntimeError("a mistake of ours"), 1),
    ],
)
async def test_the_next_one_when_it_fails_before_its_first_word(error: Exception, calls: int, ledger: Ledger) -> None:
    """One retry, for what may have been a moment."""
    first, second = Scripted("a", [error]), Scripted("b", HELLO)
    assert (await listen(turn(ledger, link(first), link(second)))).text == "Hello"
    assert (first.calls, second.calls) == (calls, 1)
    assert [row.attempt for row in ledger.rows] == list(range(1, calls + 2)), "each once"
    assert [row.status for row in ledger.rows] == ["failed"] * calls + ["ok"]


async def test_the_retry_may_help(ledger: Ledger) -> None:
    first, second = Scripted("a", [Overloaded(status=500)], HELLO), Scripted("b", HELLO)
    assert (await listen(turn(ledger, link(first), link(second)))).text == "Hello"
    assert ledger.short == [("a", 1, "failed", "overloaded"), ("a", 2, "ok", "")]
    assert second.calls == 0


async def test_nobody_waits_before_the_next_one(ledger: Ledger, monkeypatch: pytest.MonkeyPatch) -> None:
    """Only before the retry."""
    waits: list[float] = []
    sleep = asyncio.sleep

    async def noted(seconds: float) -> None:
        waits.append(seconds)
        await sleep(seconds)

    monkeypatch.setattr(asyncio, "sleep", noted)
    chain = [link(Scripted("a", [Unreachable()])), link(Scripted("b", [RateLimited()])), link(Scripted("c", HELLO))]
    await listen(router.stream(chain, question(), on_attempt=ledger, pause=0.0123))
    assert waits.count(0.0123) == 1


async def test_no_other_one_after_the_first_word(ledger: Ledger) -> None:
    first = Scripted("a", [Usage(7), Delta("Hel"), Overloaded(status=500)])
    second, heard = Scripted("b", HELLO), Heard()
    with pytest.raises(StreamBroken) as caught:
        await listen(turn(ledger, link(first), link(second)), heard)
    assert (caught.value.text, caught.value.cause, heard.text, heard.stop) == ("Hel", "overloaded", "Hel", "")
    assert (first.calls, second.calls) == (1, 0)
    row = ledger.rows[0]
    assert (row.status, row.error, row.tokens_in, row.tokens_out, row.text) == ("failed", "overloaded", 7, None, "Hel")
    assert len(ledger.rows) == 1


async def test_an_answer_without_its_end_is_broken(ledger: Ledger) -> None:
    with pytest.raises(StreamBroken):
        await listen(turn(ledger, link(Scripted("a", [Delta("Hel")]))))
    assert ledger.short == [("a", 1, "failed", "stream_broken")]


async def test_nobody_answers(ledger: Ledger) -> None:
    chain = [link(Scripted("a", [RateLimited()])), link(Scripted("b", [AuthFailed()]))]
    with pytest.raises(NobodyAnswered) as caught:
        await listen(turn(ledger, *chain))
    assert [error.code for error in caught.value.errors] == ["rate_limited", "auth_failed"]


async def test_the_last_one_never_fails(ledger: Ledger) -> None:
    chain = [link(Scripted("a", [AuthFailed()])), last(Scripted("own", HELLO))]
    for _ in range(5):
        assert (await listen(turn(ledger, *chain))).text == "Hello"
    assert [row.provider for row in ledger.rows] == ["a", "own", "own", "own", "own", "own"]


# --- Breakers ---------------------------------------------------------------------------------------------------------


async def test_an_open_breaker_is_passed_by(ledger: Ledger) -> None:
    broken, other = Scripted("a", [Timeout("first_token")]), Scripted("b", HELLO)
    for _ in range(5):
        await listen(turn(ledger, link(broken), link(other)))
    assert (broken.calls, other.calls) == (3, 5)
    assert [row.opened for row in ledger.rows if row.provider == "a"] == [False, False, True]


async def test_the_notice_is_due_once(ledger: Ledger) -> None:
    chain = [link(Scripted("a", [AuthFailed(status=401)])), link(Scripted("b", HELLO))]
    for _ in range(3):
        await listen(turn(ledger, *chain))
    assert [(row.opened, row.until_changed) for row in ledger.rows if row.provider == "a"] == [(True, True)]


async def test_an_error_after_the_first_word_counts_as_well(ledger: Ledger) -> None:
    provider = Scripted("a", [Delta("Hel"), StreamBroken("cut")])
    for _ in range(3):
        with pytest.raises(StreamBroken):
            await listen(turn(ledger, link(provider)))
    with pytest.raises(NobodyAnswered) as caught:
        await listen(turn(ledger, link(provider)))
    assert (caught.value.errors, provider.calls) == ((), 3)


@pytest.mark.parametrize(("script", "then"), [(HELLO, "closed"), ([Overloaded(status=500)], "open")])
async def test_the_one_that_tries_again_tries_once(script: list[Step], then: str, ledger: Ledger) -> None:
    now = 1_900_000_000.0
    breaker = Breaker("acme", "a", "m", lambda: now)
    for _ in range(3):
        breaker.failed(router.Pass(), Timeout("connect"))
    now += 30
    provider = Scripted("a", script)
    await listen(turn(ledger, Link(provider, "m", breaker), last(Scripted("own", HELLO))))
    assert (provider.calls, breaker.state().kind) == (1, then)


async def test_of_many_turns_one_tries_again(ledger: Ledger) -> None:
    now = 1_900_000_000.0
    breaker = Breaker("acme", "a", "m", lambda: now)
    for _ in range(3):
        breaker.failed(router.Pass(), Timeout("connect"))
    now += 30
    others_are_done = asyncio.Event()
    provider, own = Scripted("a", [others_are_done, *HELLO]), Scripted("own", HELLO)
    chain = [Link(provider, "m", breaker), last(own)]
    turns = asyncio.gather(*(listen(turn(ledger, *chain)) for _ in range(30)))
    while provider.calls + own.calls < 30:
        await asyncio.sleep(0.01)
    others_are_done.set()
    await turns
    assert (provider.calls, own.calls, breaker.state().kind) == (1, 29, "closed")


async def test_a_try_that_was_cancelled_makes_room_for_another(ledger: Ledger) -> None:
    now = 1_900_000_000.0
    breaker = Breaker("acme", "a", "m", lambda: now)
    for _ in range(3):
        breaker.failed(router.Pass(), Timeout("connect"))
    now += 30
    provider = Scripted("a", [FOREVER])
    await cancelled(turn(ledger, Link(provider, "m", breaker)), after=lambda: provider.calls)
    assert breaker.admit() == router.Pass(is_try=True)


# --- Time -------------------------------------------------------------------------------------------------------------


async def test_a_link_gets_the_smaller_of_its_own_limit_and_what_is_left(ledger: Ledger) -> None:
    first, second = Scripted("a", [0.5, RateLimited()]), Scripted("b", HELLO)
    await listen(turn(ledger, link(first), link(second), request=question(timeouts=Timeouts(first_token=8)), budget=9))
    about_9 = pytest.approx(9, abs=0.5)
    assert first.requests[0].timeouts == Timeouts(3, 8, about_9, about_9)
    given = second.requests[0].timeouts
    assert given is not None and given.total <= 8.5 and given.connect == 3


async def test_a_providers_own_limits_hold_if_nobody_names_others(ledger: Ledger) -> None:
    provider = Scripted("a", HELLO)
    provider.timeouts = Timeouts(first_token=20)
    await listen(turn(ledger, link(provider), request=ChatRequest(question().messages)))
    assert provider.requests[0].timeouts.first_token == 20  # type: ignore[union-attr]


async def test_the_budget_ends_the_turn_and_the_last_one_answers(ledger: Ledger, monkeypatch: Any) -> None:
    """Also of a provider that keeps to no limit."""
    monkeypatch.setattr(router, "GRACE", 0.05)
    chain = [link(Scripted("a", [FOREVER])), link(Scripted("b", HELLO)), last(Scripted("own", HELLO))]
    assert (await listen(turn(ledger, *chain, budget=0.2))).text == "Hello"
    assert ledger.short == [("a", 1, "failed", "timeout_total"), ("own", 2, "ok", "")]


async def test_whoever_was_given_too_little_time_is_not_to_blame(ledger: Ledger, monkeypatch: Any) -> None:
    monkeypatch.setattr(router, "GRACE", 0.05)
    first, second = Scripted("a", [0.6, BadRequest()]), Scripted("b", [FOREVER])
    for _ in range(4):
        with pytest.raises(NobodyAnswered):
            await listen(turn(ledger, link(first), link(second), budget=1))
    assert second.calls == 4


async def test_what_a_whole_turn_is_too_short_for_is(ledger: Ledger, monkeypatch: Any) -> None:
    """A model that takes thirty seconds to wake up, for example."""
    monkeypatch.setattr(router, "GRACE", 0.05)
    provider = Scripted("a", [FOREVER])
    for _ in range(4):
        with pytest.raises(NobodyAnswered):
            await listen(turn(ledger, link(provider), request=question(timeouts=Timeouts(first_token=30)), budget=0.4))
    assert provider.calls == 3


# --- Leaving ----------------------------------------------------------------------------------------------------------


async def cancelled(
    events: AsyncGenerator[Event, None], *, after: Callable[[], Any], heard: Heard | None = None
) -> None:
    reading = asyncio.ensure_future(listen(events, heard))
    while not await asyncio.to_thread(after):
        await asyncio.sleep(0.01)
    reading.cancel()
    with pytest.raises(asyncio.CancelledError):
        await reading


async def test_a_visitor_who_leaves_has_cost_something(ledger: Ledger) -> None:
    provider = Scripted("a", [Usage(7), Delta("Hel"), FOREVER])
    async with aclosing(turn(ledger, link(provider), last(Scripted("own", HELLO)))) as events:
        async for event in events:
            if isinstance(event, Delta):
                break
    assert [(row.status, row.error, row.tokens_in, row.text) for row in ledger.rows] == [("cancelled", "", 7, "Hel")]
    assert provider.closed == 1


@pytest.mark.parametrize("script", [[FOREVER], [Delta("Hel"), FOREVER]])
async def test_a_turn_that_is_cancelled_is_written_down_once(script: list[Step], ledger: Ledger) -> None:
    provider, other = Scripted("a", script), Scripted("b", HELLO)
    heard = Heard()
    await cancelled(
        turn(ledger, link(provider), link(other)),
        after=lambda: provider.calls and len(heard.text) == 3 * (len(script) - 1),
        heard=heard,
    )
    assert (ledger.short, provider.closed, other.calls) == ([("a", 1, "cancelled", "")], 1, 0)


async def test_cancelled_twice_is_still_written_down(ledger: Ledger) -> None:
    """The second time while the first is being written down."""
    provider = Scripted("a", [FOREVER])
    reading = asyncio.ensure_future(listen(turn(ledger, link(provider))))
    while not provider.calls:
        await asyncio.sleep(0.01)
    reading.cancel()
    await asyncio.sleep(0)
    reading.cancel()
    with pytest.raises(asyncio.CancelledError):
        await reading
    while router._settling:
        await asyncio.sleep(0.01)
    assert ledger.short == [("a", 1, "cancelled", "")]


async def test_whoever_leaves_after_the_end_had_all_of_it(ledger: Ledger) -> None:
    async with aclosing(turn(ledger, link(Scripted("a", HELLO)))) as events:
        async for event in events:
            if isinstance(event, Done):
                break
    assert ledger.short == [("a", 1, "ok", "")]


async def test_a_ledger_that_fails_leaves_nobody_without_an_answer(caplog: pytest.LogCaptureFixture) -> None:
    async def broken(attempt: Attempt) -> None:
        raise RuntimeError("no database")

    assert (await listen(turn(broken, link(Scripted("a", HELLO))))).text == "Hello"
    assert "an attempt was not written down" in caplog.text


async def test_a_mistake_of_ours_is_logged_without_words(ledger: Ledger, caplog: pytest.LogCaptureFixture) -> None:
    chain = [link(Scripted("a", [ValueError("what the visitor said")])), last(Scripted("own", HELLO))]
    await listen(turn(ledger, *chain))
    assert "ValueError" in caplog.text and "what the visitor said" not in caplog.text


# --- With real servers ------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("fault", ["500", "429", "401", "html", "refuse", "empty", "cut-at-once", "error-first"])
async def test_failover_between_real_ones(fault: str, at: At, ledger: Ledger) -> None:
    chain = [link_to("acme", at(OpenAI), f"fault-{fault}"), link_to("acme", at(Anthropic), "fault-ok")]
    heard = await listen(turn(ledger, *chain))
    assert heard.text == "".join(ANSWER)
    row = ledger.rows[-1]
    counts = (row.tokens_in, row.tokens_out, row.cached_in)
    assert (row.provider, counts) == ("anthropic", (TOKENS_IN, len(ANSWER), CACHED))


async def test_a_dead_one_and_one_that_stalls(at: At, nobody: Provider, ledger: Ledger) -> None:
    stalls = Timeouts(connect=10, first_token=0.3, between_tokens=10, total=30)
    chain = [
        link(nobody),
        link_to("acme", at(Anthropic), "fault-stall-before"),
        link_to("acme", at(Ollama), "fault-ok"),
    ]
    # Only the one that stalls waits so short: the last is asked with time enough.
    heard = await listen(turn(ledger, *chain, request=question(timeouts=stalls)))
    assert heard.text == "".join(ANSWER)
    assert [row.error for row in ledger.rows] == ["unreachable", "unreachable", "timeout_first_token", ""]


async def test_cancelling_hangs_up_on_a_real_one(at: At, server: AiServer, ledger: Ledger) -> None:
    heard = Heard()
    events = turn(ledger, link_to("acme", at(OpenAI), "fault-stall-during"), request=question(timeouts=PATIENT))
    await cancelled(events, after=lambda: heard.pieces == 2, heard=heard)
    await asyncio.wait_for(server.asked[0].hung_up.wait(), 10)
    assert [(row.status, row.text.strip()) for row in ledger.rows] == [("cancelled", "".join(ANSWER[:2]).strip())]
    await web.close_client()
