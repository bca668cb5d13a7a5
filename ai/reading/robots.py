"""What a site does not want to be read (RFC 9309). Asked for through our client, kept for a while."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from urllib.robotparser import RobotFileParser

from django.core.cache import cache

from ai.reading import addresses, troubles, web
from ai.reading.troubles import Unreadable

AGENT = "MiniChat"
KEPT_SECONDS = 10 * 60
PAUSE_SECONDS = 1
LONGEST_PAUSE_SECONDS = 20


@dataclass(frozen=True)
class Rules:
    parser: RobotFileParser

    def allow(self, address: str) -> bool:
        return self.parser.can_fetch(AGENT, address)

    @property
    def pause(self) -> float:
        """Seconds between two pages."""
        wanted = self.parser.crawl_delay(AGENT)
        return min(max(PAUSE_SECONDS, float(wanted or 0)), LONGEST_PAUSE_SECONDS)

    @property
    def sitemaps(self) -> list[str]:
        return self.parser.site_maps() or []


def rules_of(address: str) -> Rules:
    """Raises `Unreadable` when the site does not say: nobody reads on then."""
    place = addresses.origin(address)
    key = "robots:" + hashlib.sha256(place.encode()).hexdigest()
    text = cache.get(key)
    if text is None:
        text = _asked(f"{place}/robots.txt")
        cache.set(key, text, KEPT_SECONDS)
    parser = RobotFileParser()
    parser.parse(text.splitlines())
    return Rules(parser)


def _asked(address: str) -> str:
    answer = web.fetched(address)
    if answer.status >= 500:
        raise Unreadable(troubles.SERVER)
    # What is cut off is long enough; what is not there forbids nothing.
    return answer.body.decode("utf-8-sig", errors="replace") if 200 <= answer.status < 300 else ""
