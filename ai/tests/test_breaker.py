"""RF-20: who keeps failing is left alone, in all processes, and tried again by one request."""

from __future__ import annotations

import asyncio
import threading
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime
from typing import Any

import pytest
from django.core.cache import cache

from ai import breaker as module
from ai.breaker import Breaker, Pass, standings
from ai.providers.errors import AuthFailed, BadRequest, ModelMissing, NoCredit, Overloaded, RateLimited, Timeout


class Clock:
    """As good as a wall clock, and moved by hand."""

    def __init__(self) -> None:
        self.now = 1_900_000_000.0

    def __call__(self) -> float:
        return self.now


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def breaker(clock: Clock) -> Breaker:
    return Breaker("acme", "openai", "gpt-4o mini/ก", clock)


def fail(breaker: Breaker, times: int = 1, error: Any = None) -> list[bool]:
    return [breaker.failed(Pass(), error or Overloaded(status=500)) for _ in range(times)]


def test_the_third_failure_in_a_minute_opens_it(breaker: Breaker, clock: Clock) -> None:
    assert fail(breaker, 2) == [False, False]
    assert breaker.admit() == Pass()
    assert fail(breaker) == [True]
    assert breaker.admit() is None
    state = breaker.state()
    assert (state.kind, state.reason, state.until_changed) == ("open", "overloaded", False)
    assert state.until == datetime.fromtimestamp(clock.now + 30, UTC)


def test_failures_further_apart_do_not(breaker: Breaker, clock: Clock) -> None:
    for _ in range(6):
        assert fail(breaker) == [False]
        clock.now += 31
    assert breaker.admit() == Pass()


def test_the_minute_is_that_of_the_last_three(breaker: Breaker, clock: Clock) -> None:
    """Not one that began with the first of them."""
    fail(breaker)
    clock.now += 59
    fail(breaker)
    clock.now += 2
    assert fail(breaker) == [False]
    clock.now += 1
    assert fail(breaker) == [True]


def test_what_concerns_one_request_is_not_counted(breaker: Breaker) -> None:
    assert fail(breaker, 5, BadRequest(status=400)) == [False] * 5
    assert breaker.admit() == Pass()


def test_pauses_double_up_to_ten_minutes_and_begin_anew(breaker: Breaker, clock: Clock) -> None:
    fail(breaker, 3)
    for pause in (30, 60, 120, 240, 480, 600, 600):
        clock.now += pause - 1
        assert breaker.admit() is None
        clock.now += 1
        leave = breaker.admit()
        assert leave == Pass(is_try=True)
        assert breaker.state().kind == "half_open"
        assert breaker.failed(leave, Timeout("first_token"))
    clock.now += 600
    leave = breaker.admit()
    assert leave
    breaker.succeeded(leave)
    assert breaker.state().kind == "closed"
    assert fail(breaker, 2) == [False, False], "what was before is forgotten"
    assert fail(breaker) == [True]
    clock.now += 30
    assert breaker.admit() == Pass(is_try=True)


@pytest.mark.parametrize("error", [RateLimited(status=429, retry_after=90.0), Overloaded(status=503, retry_after=90.0)])
def test_a_provider_that_names_a_time_is_believed(breaker: Breaker, clock: Clock, error: Any) -> None:
    assert fail(breaker, 1, error) == [True]
    clock.now += 89
    assert breaker.admit() is None
    clock.now += 1
    assert breaker.admit() == Pass(is_try=True)


def test_a_longer_pause_is_not_made_shorter(breaker: Breaker, clock: Clock) -> None:
    fail(breaker, 1, RateLimited(retry_after=300.0))
    assert fail(breaker, 1, RateLimited(retry_after=5.0)) == [False]
    clock.now += 200
    assert breaker.admit() is None


@pytest.mark.parametrize("error", [AuthFailed(status=401), NoCredit(status=402), ModelMissing(status=404)])
def test_what_only_settings_can_help_waits_for_them(breaker: Breaker, clock: Clock, error: Any) -> None:
    assert fail(breaker, 1, error) == [True]
    assert fail(breaker, 1, RateLimited(retry_after=5.0)) == [False]
    clock.now += 90 * 24 * 3600
    assert breaker.admit() is None
    state = breaker.state()
    assert (state.kind, state.reason, state.until, state.until_changed) == ("open", error.code, None, True)
    breaker.reset()
    assert (breaker.admit(), breaker.state().kind) == (Pass(), "closed")


def test_only_the_one_that_tried_closes_it(breaker: Breaker) -> None:
    """An answer that was under way since before says nothing about now."""
    fail(breaker, 3)
    breaker.succeeded(Pass())
    assert breaker.admit() is None


def test_one_that_was_given_up_makes_room(breaker: Breaker, clock: Clock) -> None:
    fail(breaker, 3)
    clock.now += 30
    leave = breaker.admit()
    assert leave and breaker.admit() is None
    breaker.given_up(leave)
    assert breaker.admit() == Pass(is_try=True)


def test_a_request_refused_for_its_own_sake_decides_nothing(breaker: Breaker, clock: Clock) -> None:
    fail(breaker, 3)
    clock.now += 30
    leave = breaker.admit()
    assert leave and not breaker.failed(leave, BadRequest(status=400))
    assert breaker.admit() == Pass(is_try=True)


async def test_half_open_lets_one_of_many_through(breaker: Breaker, clock: Clock) -> None:
    fail(breaker, 3)
    clock.now += 30
    leaves = await asyncio.gather(*(asyncio.to_thread(breaker.admit) for _ in range(60)))
    assert [leave for leave in leaves if leave] == [Pass(is_try=True)]


class Hesitant:
    """A cache whose readers stop to think, so that all of them have read before any of them writes."""

    def __getattr__(self, name: str) -> Any:
        work = getattr(cache, name)

        def done(*args: Any) -> Any:
            result = work(*args)
            time.sleep(0.05 if name.startswith("get") else 0)
            return result

        return done


def test_half_open_lets_one_of_many_threads_through(
    breaker: Breaker, clock: Clock, monkeypatch: pytest.MonkeyPatch
) -> None:
    """All at the same moment, as in several processes."""
    fail(breaker, 3)
    clock.now += 30
    monkeypatch.setattr(module, "cache", Hesitant())
    start = threading.Barrier(16)

    def admit() -> Pass | None:
        start.wait(10)
        return breaker.admit()

    with ThreadPoolExecutor(16) as pool:
        leaves = [one.result() for one in [pool.submit(admit) for _ in range(16)]]
    assert [leave for leave in leaves if leave] == [Pass(is_try=True)]


def test_failures_at_once_open_it_once_as_far_as_anybody_is_told(breaker: Breaker) -> None:
    with ThreadPoolExecutor(8) as pool:
        told = list(pool.map(lambda _: fail(breaker)[0], range(24)))
    assert any(told) and breaker.admit() is None


def test_each_workspace_provider_and_model_has_its_own(breaker: Breaker, clock: Clock) -> None:
    fail(breaker, 3)
    others = [
        Breaker("globex", breaker.provider, breaker.model, clock),
        Breaker("acme", "groq", breaker.model, clock),
        Breaker("acme", "openai", "gpt-4o", clock),
    ]
    assert [other.admit() for other in others] == [Pass()] * 3
    assert Breaker("acme", "openai", breaker.model, clock).admit() is None, "another process sees the same"


def test_what_is_used_instead(clock: Clock) -> None:
    chain = [Breaker("acme", name, "m", clock) for name in ("openai", "anthropic", "groq")]
    assert [row.instead for row in standings(chain)] == [None] * 3
    fail(chain[0], 3)
    fail(chain[1], 1, NoCredit(status=402))
    rows = standings(chain)
    assert [(row.state.kind, row.instead) for row in rows] == [("open", chain[2]), ("open", chain[2]), ("closed", None)]
    fail(chain[2], 3)
    assert [row.instead for row in standings(chain)] == [None] * 3


def test_without_its_cache_everybody_is_asked(
    breaker: Breaker, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    class Away:
        def __getattr__(self, name: str) -> Callable[..., Any]:
            raise ConnectionError("no cache")

    monkeypatch.setattr(module, "cache", Away())
    assert breaker.admit() == Pass()
    assert fail(breaker, 5) == [False] * 5
    breaker.succeeded(Pass(is_try=True))
    breaker.given_up(Pass(is_try=True))
    breaker.reset()
    assert breaker.state().kind == "closed"
    assert "the cache of the breakers is away" in caplog.text
