"""Who keeps failing is not asked for a while: per workspace, provider and model, for all processes through the cache.

Closed until three failures in a minute; then open for thirty seconds, and twice as long each time the one request that
tries again (half open) fails, up to ten minutes. A provider that names a time is believed. What only other settings can
help keeps it open until `reset`. Without its cache a breaker lets everything through.
"""

from __future__ import annotations

import hashlib
import logging
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any, Literal, NamedTuple

from django.core.cache import cache

from ai.providers.errors import ProviderError

logger = logging.getLogger(__name__)
FAILURES, WINDOW = 3, 60.0
FIRST_PAUSE, LONGEST_PAUSE = 30.0, 600.0
# A request that tries again and is never heard of gives way to another after this.
LONGEST_TRY = 90
# How long it is remembered that it was open, for as long as nothing is asked.
MEMORY = 6 * 3600
Kind = Literal["closed", "open", "half_open"]
CLOSED: Kind = "closed"
OPEN: Kind = "open"
HALF_OPEN: Kind = "half_open"


class Pass(NamedTuple):
    """Leave to ask once. `is_try`: the only one while the breaker is half open."""

    is_try: bool = False


@dataclass(frozen=True)
class State:
    """`until` is None for a breaker that is closed, and for one that waits for other settings (`until_changed`)."""

    kind: Kind = CLOSED
    reason: str = ""
    until: datetime | None = None
    until_changed: bool = False


@dataclass(frozen=True)
class Breaker:
    workspace: str
    provider: str
    model: str
    now: Callable[[], float] = field(default=time.time, repr=False, compare=False)

    # --- Asking and telling ---

    def admit(self) -> Pass | None:
        """None: do not ask."""
        try:
            known = self._known()
            if not known:
                return Pass()
            if self._is_open(known) or not cache.add(self._key("try"), 1, LONGEST_TRY):
                return None
            # Whoever tried before may have closed or opened it between the two looks.
            if not self._is_open(self._known()):
                return Pass(is_try=True)
            cache.delete(self._key("try"))
            return None
        except Exception:
            logger.warning("the cache of the breakers is away", exc_info=True)
            return Pass()

    def succeeded(self, leave: Pass) -> None:
        """Only the one that tried again closes it: others may have been under way since before it opened."""
        if leave.is_try:
            self.reset()

    def failed(self, leave: Pass, error: ProviderError) -> bool:
        """Whether this opened it."""
        try:
            return self._failed(leave, error)
        except Exception:
            logger.warning("the cache of the breakers is away", exc_info=True)
            return False

    def given_up(self, leave: Pass) -> None:
        """Nobody knows how it would have ended, so another may try."""
        if leave.is_try:
            self._quietly(lambda: cache.delete(self._key("try")))

    def reset(self) -> None:
        """The settings are others now, or it answered."""
        numbers = [f"failure-{number}" for number in self._last(FAILURES)]
        keys = [self._key(part) for part in ("open", "past", "try", *numbers)]
        self._quietly(lambda: cache.delete_many(keys))

    def state(self) -> State:
        """Of a cache that is away nothing is known, and everything let through."""
        try:
            known = self._known()
        except Exception:
            return State()
        reason = next((one["reason"] for one in known.values()), "")
        if not self._is_open(known):
            return State(HALF_OPEN if known else CLOSED, reason)
        until = known["open"]["until"]
        when = None if until is None else datetime.fromtimestamp(until, UTC)
        return State(OPEN, reason, when, until_changed=until is None)

    # --- What is kept ---

    def _known(self) -> dict[str, Any]:
        keys = {self._key(part): part for part in ("open", "past")}
        return {keys[key]: value for key, value in cache.get_many(keys).items()}

    def _is_open(self, known: dict[str, Any]) -> bool:
        found = known.get("open")
        return found is not None and (found["until"] is None or self.now() < found["until"])

    def _failed(self, leave: Pass, error: ProviderError) -> bool:
        if error.until_changed:
            return self._open(None, error)
        if error.retry_after:
            return self._open(error.retry_after, error)
        if not error.counts:
            self.given_up(leave)
            return False
        if leave.is_try or self._too_many():
            return self._open(self._pause(), error)
        return False

    def _pause(self) -> float:
        times = (cache.get(self._key("past")) or {"times": 0})["times"]
        return float(min(FIRST_PAUSE * 2**times, LONGEST_PAUSE))

    def _open(self, seconds: float | None, error: ProviderError) -> bool:
        """Never shorter than it is already. False for the second of two that fail at once."""
        known = self._known()
        until = None if seconds is None else self.now() + seconds
        is_news = not self._is_open(known)
        if not is_news and (known["open"]["until"] is None or (until is not None and until <= known["open"]["until"])):
            return False
        times = known.get("past", {"times": 0})["times"]
        past = {"times": times + 1 if is_news else times, "reason": error.code}
        stays = None if seconds is None else int(seconds) + MEMORY
        cache.set_many({self._key("past"): past, self._key("open"): {"until": until, "reason": error.code}}, stays)
        cache.delete(self._key("try"))
        return is_news

    def _too_many(self) -> bool:
        """Each failure has a number and its time: it is the third in a minute if the one two before it is not older."""
        number, now = self._number(), self.now()
        cache.set(self._key(f"failure-{number}"), now, int(WINDOW) + 1)
        first = cache.get(self._key(f"failure-{number - FAILURES + 1}"))
        return first is not None and now - first <= WINDOW

    def _number(self) -> int:
        cache.add(self._key("number"), 0, MEMORY)
        return int(cache.incr(self._key("number")))

    def _last(self, amount: int) -> range:
        try:
            number = int(cache.get(self._key("number")) or 0)
        except Exception:
            number = 0
        return range(number - amount + 1, number + 1)

    def _key(self, part: str) -> str:
        """Names of models hold signs that keys must not."""
        name = hashlib.sha256(f"{self.workspace}\0{self.provider}\0{self.model}".encode()).hexdigest()[:32]
        return f"ai:breaker:{name}:{part}"

    def _quietly(self, work: Callable[[], Any]) -> None:
        try:
            work()
        except Exception:
            logger.warning("the cache of the breakers is away", exc_info=True)


class Standing(NamedTuple):
    """For the dashboard: how one link of a chain stands, and which one is asked in its place."""

    breaker: Breaker
    state: State
    instead: Breaker | None


def standings(chain: Sequence[Breaker]) -> list[Standing]:
    states = [breaker.state() for breaker in chain]
    rows = []
    for place, (breaker, state) in enumerate(zip(chain, states, strict=True)):
        later = (other for other, its in zip(chain[place + 1 :], states[place + 1 :], strict=True) if its.kind != OPEN)
        rows.append(Standing(breaker, state, next(later, None) if state.kind == OPEN else None))
    return rows
