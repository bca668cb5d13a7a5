"""Web origins: `scheme://host[:port]` in the one form that browsers send (SR-29, SR-36)."""

from __future__ import annotations

import ipaddress
import re
from collections.abc import Iterable
from urllib.parse import SplitResult, urlsplit

import idna
from django.utils.translation import gettext as _

from minichat.lib.text import clean_line

DEFAULT_PORTS = {"http": 80, "https": 443}
LOOPBACK_HOSTS = frozenset({"localhost", "127.0.0.1", "[::1]"})
LONGEST = 255
_ASCII_HOST = re.compile(r"(?!-)[a-z0-9_-]{1,63}(?<!-)(\.(?!-)[a-z0-9_-]{1,63}(?<!-))*")


def parse_origin(text: str) -> str:
    """The canonical origin a person means by `text`: lower case, punycode, no default port.

    "shop.example" means https. Raises ValueError with a sentence for that person. The result is built from parts that
    were checked one by one, so that it may stand in a header: nothing of the input is carried over unread.
    """
    parts = _split(clean_line(text))
    origin = f"{parts.scheme}://{_host(parts)}{_port(parts)}"
    if len(origin) > LONGEST:
        raise ValueError(_("This address is too long."))
    return origin


def origin_allowed(origin: str, allowed: Iterable[str], *, local_mode: bool) -> bool:
    """Whether a page of `origin` may load the widget: scheme, host and port, all exact. An empty list allows nobody.

    In local mode the person at this machine may use any port of it, so that a first try needs no settings.
    """
    return is_origin(origin) and (origin in allowed or (local_mode and is_loopback(origin)))


def is_origin(text: str) -> bool:
    """Whether `text` is already canonical: browsers send nothing else, so whatever differs was made up."""
    try:
        return parse_origin(text) == text
    except ValueError:
        return False


def is_loopback(origin: str) -> bool:
    return _bracketed(urlsplit(origin).hostname or "") in LOOPBACK_HOSTS


def _split(text: str) -> SplitResult:
    if not text:
        raise ValueError(_("An address is missing."))
    if text.lower() == "null":
        raise ValueError(_("A page opened from a file has no address. Serve it from a web server."))
    if "*" in text:
        raise ValueError(_("Wildcards do not work. Write each address on its own line."))
    if "://" not in text:
        text = f"{_scheme_for(text)}://{text}"
    try:
        parts = urlsplit(text)
    except ValueError as error:  # unbalanced brackets
        raise ValueError(_not_an_address()) from error
    _check(parts)
    return parts


def _scheme_for(text: str) -> str:
    """Nobody has a certificate for their own machine; a lone word is a slip more often than a name at home."""
    if re.match(r"(localhost|127\.0\.0\.1|\[::1\])(:|/|$)", text.lower()):
        return "http"
    if "." not in text:
        raise ValueError(_not_an_address())
    return "https"


def _check(parts: SplitResult) -> None:
    if parts.scheme not in DEFAULT_PORTS:
        raise ValueError(_("An address begins with https:// or http://."))
    if "@" in parts.netloc:
        raise ValueError(_("An address holds no user name or password."))
    # A lone slash is what the address bar adds by itself.
    if parts.path not in {"", "/"} or parts.query or parts.fragment:
        raise ValueError(_("Only the site's address, without a page: like https://shop.example."))


def _host(parts: SplitResult) -> str:
    host = (parts.hostname or "").lower()
    if ":" in host:
        return _ipv6(host)
    try:
        host = host if host.isascii() else idna.encode(host, uts46=True).decode("ascii")
    except idna.IDNAError as error:
        raise ValueError(_not_an_address()) from error
    if not _ASCII_HOST.fullmatch(host) or not _is_canonical(host):
        raise ValueError(_not_an_address())
    return host


def _is_canonical(host: str) -> bool:
    """Numbers must be four: browsers read "127.1" as 127.0.0.1, so the address here would never match."""
    last = host.rpartition(".")[2]
    return _is_ipv4(host) if last.isdigit() or re.fullmatch(r"0x[0-9a-f]*", last) else True


def _is_ipv4(host: str) -> bool:
    try:
        ipaddress.IPv4Address(host)
    except ValueError:
        return False
    return True


def _ipv6(host: str) -> str:
    try:
        address = ipaddress.IPv6Address(host)
    except ValueError as error:
        raise ValueError(_not_an_address()) from error
    if address.scope_id:
        raise ValueError(_not_an_address())
    return f"[{address.compressed}]"


def _port(parts: SplitResult) -> str:
    try:
        port = parts.port
    except ValueError as error:
        raise ValueError(_("The number after the colon is no port.")) from error
    if port == 0:
        raise ValueError(_("The number after the colon is no port."))
    return "" if port in {None, DEFAULT_PORTS[parts.scheme]} else f":{port}"


def _bracketed(host: str) -> str:
    return f"[{host}]" if ":" in host else host


def _not_an_address() -> str:
    return _("This is not the address of a site. Write it like https://shop.example.")
