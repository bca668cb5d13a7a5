"""What a call costs, in whole micro-USD: what the provider says, else by our dated list, else by our own guess."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import UTC, datetime

from ai.models import CallStatus, CostSource, ModelOffer
from ai.providers.catalogue import KINDS
from ai.providers.ollama import Ollama
from ai.router import Attempt

MILLION = 1_000_000
# The Thai script costs more tokens than its length suggests; nothing was measured, so both are on the high side.
THAI = re.compile(r"[\u0e00-\u0e7f]")
THAI_CHARACTERS, CHARACTERS = 1.5, 4.0
# These end a request that the provider had begun to work on, so its prompt may be on the bill.
BEGUN = ("timeout_first_token", "timeout_between_tokens", "timeout_total", "stream_broken")


@dataclass(frozen=True)
class Price:
    """Micro-USD per million tokens. `version` is the day from which it holds."""

    version: str
    tokens_in: int
    tokens_out: int
    cached: int

    def of(self, tokens_in: int, tokens_out: int, cached: int = 0) -> int:
        """Rounded up: a call that costs something is never nothing."""
        cached = min(cached, tokens_in)
        parts = (tokens_in - cached) * self.tokens_in + cached * self.cached + tokens_out * self.tokens_out
        return -(-parts // MILLION)


FREE = Price("", 0, 0, 0)


@dataclass(frozen=True)
class Cost:
    """What goes into the ledger about one attempt."""

    tokens_in: int
    tokens_out: int
    cached_in: int
    microusd: int
    source: CostSource
    price_version: str = ""


def is_free(provider: str) -> bool:
    """Whatever runs here: Ollama, and what answers out of the knowledge."""
    return provider == Ollama.name or provider not in KINDS


def price_of(provider: str, model: str, at: datetime) -> Price | None:
    """The price on the day of `at` (UTC). None: we do not know it."""
    if is_free(provider):
        return FREE
    rows = ModelOffer.objects.filter(provider=provider, model=model, valid_from__lte=at.astimezone(UTC).date())
    row = rows.order_by("-valid_from").first()
    if row is None:
        return None
    cached = row.price_in if row.price_cached is None else row.price_cached
    return Price(row.valid_from.isoformat(), row.price_in, row.price_out, cached)


def tokens_of(text: str) -> int:
    """A guess at how many tokens `text` has."""
    thai = len(THAI.findall(text))
    guess = thai / THAI_CHARACTERS + (len(text) - thai) / CHARACTERS
    return int(guess) + (guess > int(guess))


def cost_of(attempt: Attempt, *, prompt: int, at: datetime) -> Cost:
    """`prompt`: how many tokens the request has by our guess, for when nobody says."""
    known = attempt.tokens_in is not None and attempt.tokens_out is not None
    tokens_in, tokens_out = _tokens(attempt, prompt)
    cached = min(attempt.cached_in or 0, tokens_in)
    counts = (tokens_in, tokens_out, cached)
    if attempt.cost_microusd is not None:
        return Cost(*counts, attempt.cost_microusd, CostSource.REPORTED)
    if is_free(attempt.provider) or not any(counts):
        return Cost(*counts, 0, CostSource.ZERO)
    price = price_of(attempt.provider, attempt.model, at)
    if price is None:
        return Cost(*counts, 0, CostSource.ESTIMATED)
    source = CostSource.TABLE if known else CostSource.ESTIMATED
    return Cost(*counts, price.of(*counts), source, price.version)


def _tokens(attempt: Attempt, prompt: int) -> tuple[int, int]:
    """A request that was refused has none."""
    was_read = bool(attempt.text) or attempt.status != CallStatus.FAILED or attempt.error.startswith(BEGUN)
    tokens_in = (prompt if was_read else 0) if attempt.tokens_in is None else attempt.tokens_in
    tokens_out = tokens_of(attempt.text) if attempt.tokens_out is None else attempt.tokens_out
    return tokens_in, tokens_out
