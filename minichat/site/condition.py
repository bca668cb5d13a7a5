"""How the house is, in words for people. What machines ask is in `minichat/health.py`."""

from __future__ import annotations

import threading
import time
from dataclasses import dataclass
from datetime import datetime

from django.conf import settings
from django.utils import timezone

from minichat import health

# However many people look while something is wrong, it is probed once in this time by each process.
FRESH_SECONDS = 5
# A mail that has been due for longer is late. The sweep comes by each minute.
LATE_SECONDS = 300


@dataclass(frozen=True)
class Condition:
    """`works`: True, False, or None for what cannot be said at the moment."""

    pages: bool
    messages: bool
    live: bool
    mail: bool | None
    at: datetime

    @property
    def all_well(self) -> bool:
        return self.messages and self.live and self.mail is True


_lock = threading.Lock()
_last: tuple[float, Condition] | None = None


def condition() -> Condition:
    """The last look, or a new one. In memory: the shared cache may be what is broken."""
    global _last
    with _lock:
        if _last is None or time.monotonic() - _last[0] > FRESH_SECONDS:
            _last = (time.monotonic(), _look())
        return _last[1]


def forget() -> None:
    global _last
    _last = None


def _look() -> Condition:
    database = health.database_answers()
    age = health.queue_age() if database else None
    return Condition(
        pages=health.state["accepting"],
        messages=database,
        # Without Redis the process itself passes messages on.
        live=health.cache_answers() if settings.REDIS_URL else True,
        mail=None if age is None else age < LATE_SECONDS,
        at=timezone.now(),
    )
