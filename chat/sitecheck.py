"""What stands between a customer's page and the chat on it: the page is fetched and looked at as a browser would."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass, field
from html.parser import HTMLParser
from urllib.parse import urlsplit

from django.conf import settings

from chat.models import Inbox
from minichat.lib import http
from minichat.lib.origins import origin_allowed

# What loads scripts that no source of the page shows.
TAG_MANAGERS = ("googletagmanager.com/gtm.js", "googletagmanager.com/gtag/js")


@dataclass
class Finding:
    """`missing`: the directives that would refuse the chat. `keys`: the widget keys on the page."""

    address: str
    problem: str = ""
    status: int = 0
    origin: str = ""
    keys: list[str] = field(default_factory=list)
    has_ours: bool = False
    has_tag_manager: bool = False
    missing: list[str] = field(default_factory=list)
    is_allowed: bool = False
    is_mixed: bool = False

    @property
    def is_reached(self) -> bool:
        return not self.problem and 200 <= self.status < 300

    @property
    def is_fine(self) -> bool:
        return self.is_reached and self.has_ours and self.is_allowed and not self.missing and not self.is_mixed


def check(inbox: Inbox, address: str, *, limits: http.Limits | None = None) -> Finding:
    """Never raises for what is wrong with the page: that is what was asked. `limits` is for tests."""
    try:
        answer = http.get(address, limits=limits)
    except http.HttpError as error:
        return Finding(address, problem=error.reason)
    page = _Page()
    page.feed(answer.body.decode("utf-8", errors="replace"))
    policies = [*answer.policies, *page.policies]
    ours = [script for script in page.scripts if script.get("data-key") == inbox.widget_key]
    return Finding(
        address=answer.address,
        status=answer.status,
        origin=answer.origin,
        keys=list(dict.fromkeys(script["data-key"] for script in page.scripts)),
        has_ours=bool(ours),
        has_tag_manager=page.has_tag_manager,
        missing=_missing(policies, answer.origin, has_nonce=any(script.get("nonce") for script in ours)),
        is_allowed=origin_allowed(answer.origin, inbox.allowed_origins, local_mode=settings.LOCAL),
        is_mixed=answer.origin.startswith("https:") and settings.BASE_URL.startswith("http:"),
    )


class _Page(HTMLParser):
    """The scripts with a widget key, and the policies that the page sets for itself."""

    def __init__(self) -> None:
        super().__init__()
        self.scripts: list[dict[str, str]] = []
        self.policies: list[str] = []
        self.has_tag_manager = False

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = {name: value or "" for name, value in attrs}
        if tag == "script":
            source = given.get("src", "")
            if given.get("data-key") and re.search(r"/widget(\.js|/v1/)", source):
                self.scripts.append(given)
            self._look_for_tag_manager(source)
        elif tag == "meta" and given.get("http-equiv", "").lower() == "content-security-policy":
            self.policies.append(given.get("content", ""))

    def handle_data(self, data: str) -> None:
        self._look_for_tag_manager(data)

    def _look_for_tag_manager(self, text: str) -> None:
        self.has_tag_manager = self.has_tag_manager or any(one in text for one in TAG_MANAGERS)


def _missing(policies: Iterable[str], origin: str, *, has_nonce: bool) -> list[str]:
    """The directives to which our address has to be added. All policies of a page count, each by itself."""
    wanted = []
    for policy in policies:
        directives = _directives(policy)
        scripts = _first(directives, "script-src-elem", "script-src", "default-src")
        frames = _first(directives, "frame-src", "child-src", "default-src")
        if scripts is not None and not _lets_script(scripts, origin, has_nonce=has_nonce):
            wanted.append("script-src")
        if frames is not None and not _lets(frames, origin):
            wanted.append("frame-src")
    return list(dict.fromkeys(wanted))


def _directives(policy: str) -> dict[str, list[str]]:
    found: dict[str, list[str]] = {}
    for part in policy.split(";"):
        name, *sources = part.split()[:100] or [""]
        if name:
            found.setdefault(name.lower(), sources)
    return found


def _first(directives: dict[str, list[str]], *names: str) -> list[str] | None:
    return next((directives[name] for name in names if name in directives), None)


def _lets_script(sources: list[str], origin: str, *, has_nonce: bool) -> bool:
    """With a nonce on the tag it is let in if the policy knows nonces; `strict-dynamic` counts nothing but those."""
    knows_nonces = any(source.lower().startswith("'nonce-") for source in sources)
    if has_nonce and knows_nonces:
        return True
    return "'strict-dynamic'" not in sources and _lets(sources, origin)


def _lets(sources: list[str], origin: str) -> bool:
    return any(_matches(source.lower(), origin) for source in sources)


def _matches(source: str, origin: str) -> bool:
    ours = urlsplit(settings.BASE_URL)
    if source == "*" or source == f"{ours.scheme}:":
        return True
    if source == "'self'":
        return origin == settings.BASE_URL
    if source.startswith("'"):
        return False
    scheme, _, rest = source.rpartition("://")
    host, _, port = rest.partition("/")[0].partition(":")
    return (
        scheme in ("", ours.scheme, "http" if ours.scheme == "https" else ours.scheme)
        and (host == ours.hostname or (host.startswith("*.") and (ours.hostname or "").endswith(host[1:])))
        and port in ("", "*", str(ours.port or {"http": 80, "https": 443}[ours.scheme]))
    )
