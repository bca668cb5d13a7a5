"""What can be wrong with a file or a page. A word each: the sentence is made when it is read (`ai/listing.py`)."""

from __future__ import annotations

# --- Files ------------------------------------------------------------------------------------------------------------
EMPTY = "empty"
UNKNOWN_KIND = "unknown_kind"
OTHER_KIND = "other_kind"
NOT_UTF8 = "not_utf8"
ENCRYPTED = "encrypted"
DAMAGED = "damaged"
BOMB = "bomb"
TOO_MANY_PAGES = "too_many_pages"
TOO_LONG = "too_long"
NO_TEXT = "no_text"
SLOW_FILE = "slow_file"
GONE_FILE = "gone_file"
# --- Pages ------------------------------------------------------------------------------------------------------------
ADDRESS = "address"
UNREACHABLE = "unreachable"
REDIRECTS = "redirects"
SLOW = "slow"
SERVER = "server"
TOO_LARGE = "too_large"
ROBOTS = "robots"
NOT_FOUND = "not_found"
FORBIDDEN = "forbidden"
NOT_A_PAGE = "not_a_page"
ELSEWHERE = "elsewhere"
NO_SITEMAP = "no_sitemap"
NO_PAGES = "no_pages"
# --- Both -------------------------------------------------------------------------------------------------------------
FULL = "full"
BROKEN = "broken"
# --- Parts of something that was read otherwise -----------------------------------------------------------------------
UNREAD_PAGE = "unread_page"
STOPPED_AT = "stopped_at"
NOT_NOW = "not_now"
MORE_PAGES = "more_pages"

# Not the page's fault, or not for long: what was read of it before goes on answering.
PASSING = frozenset({UNREACHABLE, REDIRECTS, SLOW, SERVER, TOO_LARGE, FORBIDDEN, SLOW_FILE, BROKEN, DAMAGED})


class Unreadable(Exception):
    def __init__(self, word: str) -> None:
        super().__init__(word)
        self.word = word
