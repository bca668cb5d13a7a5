"""Addresses of pages: one spelling for each, and which of them belong to a site."""

from __future__ import annotations

import re
from urllib.parse import parse_qsl, urlencode, urlsplit, urlunsplit

from minichat.lib import http

# What is counted by it changes no page.
_COUNTING = re.compile(r"utm_\w+|fbclid|gclid|msclkid|mc_[ce]id|igshid|_ga|ref_src", re.I)
_NO_PAGE = re.compile(
    r"\.(jpe?g|png|gif|webp|avif|svg|ico|pdf|docx?|xlsx?|pptx?|zip|rar|gz|7z|mp[34]|mov|avi|webm|css|js|json|xml|rss"
    r"|woff2?|ttf|exe|dmg|apk|csv|txt|ics)$",
    re.I,
)


def canonical(address: str) -> str:
    """Lower-case host, no default port, no fragment, nothing that only counts. Raises `http.NotAnAddress`."""
    place = http.parse(address.partition("#")[0])
    parts = urlsplit(str(place))
    pairs = parse_qsl(parts.query, keep_blank_values=True)
    kept = [pair for pair in pairs if not _COUNTING.fullmatch(pair[0])]
    query = parts.query if len(kept) == len(pairs) else urlencode(kept)
    return urlunsplit((parts.scheme, parts.netloc, parts.path or "/", query, ""))


def origin(address: str) -> str:
    return http.parse(address).origin


def is_same_site(one: str, other: str) -> bool:
    """The same host and port; with or without `www.`, secure or not."""
    try:
        ours, theirs = http.parse(one), http.parse(other)
    except http.NotAnAddress:
        return False
    if ours.host.removeprefix("www.") != theirs.host.removeprefix("www."):
        return False
    return ours.port == theirs.port or {ours.port, theirs.port} == {80, 443}


def pages_among(links: list[str], site: str) -> list[str]:
    """Those that may be pages of the site, in one spelling, each once."""
    found: dict[str, None] = {}
    for link in links:
        try:
            address = canonical(link)
            if is_same_site(address, site) and not _NO_PAGE.search(urlsplit(address).path):
                found.setdefault(address)
        except http.NotAnAddress:
            continue
    return list(found)
