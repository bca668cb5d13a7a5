"""What a call costs, to the micro-dollar."""

from __future__ import annotations

from datetime import UTC, date, datetime
from typing import Any

import pytest

from ai import money, prices
from ai.models import CostSource, ModelOffer, PlanAllowance
from ai.providers.catalogue import KINDS
from ai.router import Attempt

pytestmark = pytest.mark.django_db
NOW = datetime(2026, 11, 30, 12, tzinfo=UTC)


def attempt(provider: str = "groq", model: str = "llama-3.3-70b-versatile", **more: Any) -> Attempt:
    known = {"attempt": 1, "status": "ok", "tokens_in": 1000, "tokens_out": 100, "cached_in": None}
    values = {**known, "cost_microusd": None, "ttft_ms": 10, "total_ms": 50, **more}
    return Attempt(provider=provider, model=model, **values)


def test_the_list_is_there_and_makes_sense() -> None:
    rows = list(ModelOffer.objects.all())
    assert {"groq", "openrouter", "anthropic", "gemini", "openai", "ollama"} == {row.provider for row in rows}
    assert {row.provider for row in rows} <= set(KINDS)
    assert all(row.price_out >= row.price_in >= (row.price_cached or 0) for row in rows)
    assert all((row.price_in == 0) == (row.provider == "ollama") for row in rows)
    assert PlanAllowance.objects.filter(microusd__gt=0).count() == 4


def test_prices_have_dates() -> None:
    ModelOffer.objects.create(
        provider="openai", model="x", name="X", price_in=10, price_out=20, valid_from="2026-01-01"
    )
    ModelOffer.objects.create(
        provider="openai", model="x", name="X", price_in=30, price_out=40, valid_from="2026-06-01"
    )
    before = prices.price_of("openai", "x", datetime(2026, 5, 31, 23, 59, tzinfo=UTC))
    after = prices.price_of("openai", "x", datetime(2026, 6, 1, tzinfo=UTC))
    assert before and after
    assert (before.tokens_in, before.version, after.tokens_in, after.version) == (10, "2026-01-01", 30, "2026-06-01")
    assert prices.price_of("openai", "x", datetime(2025, 12, 31, tzinfo=UTC)) is None
    assert [row.price_in for row in ModelOffer.objects.on(date(2026, 3, 1)).filter(model="x")] == [10]
    assert [row.price_in for row in ModelOffer.objects.on(date(2026, 7, 1)).filter(model="x")] == [30]


@pytest.mark.parametrize(
    ("given", "microusd", "source"),
    [
        ({}, 669, CostSource.TABLE),  # 1000 x .59 + 100 x .79
        ({"cost_microusd": 42}, 42, CostSource.REPORTED),
        ({"cost_microusd": 0}, 0, CostSource.REPORTED),
        ({"provider": "ollama", "model": "qwen3"}, 0, CostSource.ZERO),
        ({"provider": "built_in", "model": ""}, 0, CostSource.ZERO),
        ({"model": "never-heard-of"}, 0, CostSource.ESTIMATED),
        # Nobody said how many: 300 by our guess went in, and what came back is counted.
        ({"tokens_in": None, "tokens_out": None, "text": "a" * 400}, 256, CostSource.ESTIMATED),
        # Said at the beginning, broken off before the end.
        ({"status": "cancelled", "tokens_out": None, "text": "ก" * 15}, 598, CostSource.ESTIMATED),
        # Refused, so nobody has read it.
        ({"status": "failed", "tokens_in": None, "tokens_out": None, "error": "auth_failed"}, 0, CostSource.ZERO),
        # It had begun to work.
        (
            {"status": "failed", "tokens_in": None, "tokens_out": None, "error": "timeout_first_token"},
            177,
            CostSource.ESTIMATED,
        ),
    ],
)
def test_who_says_what_it_cost(given: dict[str, Any], microusd: int, source: CostSource) -> None:
    cost = prices.cost_of(attempt(**given), prompt=300, at=NOW)
    assert (cost.microusd, cost.source) == (microusd, source)
    assert bool(cost.price_version) == (source in (CostSource.TABLE, CostSource.ESTIMATED) and microusd > 0)


def test_what_was_read_before_is_cheaper() -> None:
    plain = prices.cost_of(attempt("anthropic", "claude-sonnet-5-5"), prompt=0, at=NOW)
    cached = prices.cost_of(attempt("anthropic", "claude-sonnet-5-5", cached_in=1000), prompt=0, at=NOW)
    assert (plain.microusd, cached.microusd) == (3000, 1200)
    # More than there was cannot have been read before.
    assert prices.cost_of(attempt("anthropic", "claude-sonnet-5-5", cached_in=9999), prompt=0, at=NOW) == cached


def test_a_call_that_costs_something_is_never_nothing() -> None:
    assert prices.Price("", 1, 1, 1).of(1, 0) == 1
    assert prices.Price("", 1_000_000, 0, 0).of(3, 5) == 3


def test_tokens_are_guessed_by_script() -> None:
    assert prices.tokens_of("") == 0
    assert prices.tokens_of("abcd") == 1 and prices.tokens_of("abcde") == 2
    assert prices.tokens_of("กขค") == 2
    assert prices.tokens_of("กขค abcd") == 4


@pytest.mark.parametrize(
    ("microusd", "said"),
    [(0, "$0.00"), (99, "< $0.0001"), (100, "$0.0001"), (669, "$0.0007"), (123_456, "$0.1235"), (12_345_678, "$12.35")],
)
def test_how_money_is_written(microusd: int, said: str) -> None:
    assert money.usd(microusd) == said


def test_how_prices_are_written() -> None:
    assert [money.per_million(one) for one in (75_000, 600_000, 20_000_000, 0)] == [
        "$0.075",
        "$0.60",
        "$20.00",
        "$0.00",
    ]
