"""One page of a site, through the one guarded client (SR-49)."""

from __future__ import annotations

from dataclasses import dataclass
from email.message import Message

from django.conf import settings

from ai.reading import troubles
from ai.reading.troubles import Unreadable
from minichat.lib import http

LIMITS = http.Limits(seconds=15, bytes=3 * 1024 * 1024, unpacked=6 * 1024 * 1024)
HTML = {"text/html", "application/xhtml+xml"}
XML = {"application/xml", "text/xml", "text/plain", "application/rss+xml"}
WORDS = {
    http.NotAnAddress: troubles.ADDRESS,
    http.Unreachable: troubles.UNREACHABLE,
    http.TooSlow: troubles.SLOW,
    http.TooManyRedirects: troubles.REDIRECTS,
}


@dataclass(frozen=True)
class Page:
    address: str
    """Where it was found in the end."""
    body: bytes
    charset: str


def fetched(address: str) -> http.Answer:
    """Whatever is said there. Raises `Unreadable` where nothing is."""
    try:
        return http.get(address, headers={"User-Agent": agent()}, limits=LIMITS)
    except http.HttpError as error:
        raise Unreadable(WORDS.get(type(error), troubles.UNREACHABLE)) from error


def page_at(address: str, *, accepted: set[str]) -> Page:
    """Raises `Unreadable` for everything that is no page to read."""
    answer = fetched(address)
    if answer.status != 200:
        raise Unreadable(_refusal(answer.status))
    header = Message()
    header["Content-Type"] = answer.headers.get("content-type", "")
    if header.get_content_type() not in accepted or not answer.headers.get("content-type"):
        raise Unreadable(troubles.NOT_A_PAGE)
    if answer.is_cut:
        raise Unreadable(troubles.TOO_LARGE)
    return Page(answer.address, answer.body, str(header.get_content_charset() or ""))


def agent() -> str:
    """Our name, and where to read who that is."""
    return f"MiniChat/1.0 (+{settings.BASE_URL})" if settings.BASE_URL else "MiniChat/1.0"


def _refusal(status: int) -> str:
    if status in (404, 410):
        return troubles.NOT_FOUND
    return troubles.SERVER if status >= 500 or status == 429 else troubles.FORBIDDEN
