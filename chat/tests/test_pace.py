"""How fast somebody may send (SR-32): a burst at once, then so many a second, and nobody pays for a neighbour."""

from __future__ import annotations

from typing import Any

import pytest

from chat import pace
from chat.pace import Pace
from minichat.lib.errors import RateLimited

pytestmark = pytest.mark.pure


class Clock:
    now = 0.0

    def __call__(self) -> float:
        return self.now


@pytest.fixture
def clock() -> Clock:
    return Clock()


def spent(it: Pace, sender: str = "a", times: int = 1000) -> int:
    """How many of `times` were allowed."""
    for number in range(times):
        try:
            it.spend(sender)
        except RateLimited:
            return number
    return times


@pytest.mark.parametrize(("it", "burst", "per_ten_seconds"), [(pace.visitors, 60, 20), (pace.members, 200, 100)])
def test_SR32_burst_and_sustained_as_the_contract_has_them(
    it: Pace, burst: int, per_ten_seconds: int, clock: Clock, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(it, "clock", clock)
    it.forget()
    assert spent(it) == burst
    clock.now = 10
    assert spent(it) == per_ten_seconds
    clock.now = 10_000
    assert spent(it) == burst
    it.forget()


def test_the_time_to_wait_is_true(clock: Clock) -> None:
    it = Pace(per_second=0.1, burst=1, clock=clock)
    it.spend("a")
    with pytest.raises(RateLimited) as refused:
        it.spend("a")
    assert refused.value.retry_after == 10
    clock.now = 10
    it.spend("a")


def test_asking_too_often_does_not_make_it_later(clock: Clock) -> None:
    it = Pace(per_second=1, burst=1, clock=clock)
    it.spend("a")
    for tenth in range(1, 10):
        clock.now = tenth / 10
        assert spent(it) == 0
    clock.now = 1.0
    it.spend("a")


def test_each_sender_has_a_bucket(clock: Clock) -> None:
    it = Pace(per_second=1, burst=2, clock=clock)
    assert [spent(it, sender) for sender in ("a", "b", "a")] == [2, 2, 0]


def test_a_flood_of_senders_fills_no_memory(clock: Clock, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(pace, "MOST_SENDERS", 10)
    it = Pace(per_second=1, burst=2, clock=clock)
    for number in range(50):
        it.spend(f"{number}")
    assert len(it._buckets) == 10


def test_benchmarks_may_go_faster(clock: Clock, settings: Any) -> None:
    settings.THROTTLE_SCALE = 10
    assert spent(Pace(per_second=1, burst=2, clock=clock)) == 20
