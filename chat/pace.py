"""How fast somebody may send: a token bucket per sender, shared by sockets and posts of this process (SR-32)."""

from __future__ import annotations

import time
from collections import OrderedDict
from collections.abc import Callable

from django.conf import settings

from minichat.lib.errors import RateLimited

MOST_SENDERS = 50_000


class Pace:
    """`burst` at once, `per_second` sustained; both grow with THROTTLE_SCALE (benchmarks only)."""

    def __init__(self, *, per_second: float, burst: int, clock: Callable[[], float] = time.monotonic) -> None:
        self.per_second, self.burst, self.clock = per_second, burst, clock
        self._buckets: OrderedDict[str, tuple[float, float]] = OrderedDict()

    def spend(self, sender: str) -> None:
        """Take one token, or raise `RateLimited` with the seconds until there is one."""
        scale = settings.THROTTLE_SCALE
        now = self.clock()
        tokens, at = self._buckets.pop(sender, (self.burst * scale, now))
        tokens = min(self.burst * scale, tokens + (now - at) * self.per_second * scale)
        allowed = tokens >= 1
        self._buckets[sender] = (tokens - 1 if allowed else tokens, now)
        if len(self._buckets) > MOST_SENDERS:
            self._buckets.popitem(last=False)
        if not allowed:
            raise RateLimited(retry_after=max(1, round((1 - tokens) / (self.per_second * scale))))

    def forget(self) -> None:
        self._buckets.clear()


visitors = Pace(per_second=2, burst=60)
members = Pace(per_second=10, burst=200)
uploads = Pace(per_second=0.2, burst=30)
new_visitors = Pace(per_second=0.5, burst=60)
