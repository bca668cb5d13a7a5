"""E-mail addresses in one form (SR-20)."""

from __future__ import annotations

import contextlib
import unicodedata


def normalise(address: str) -> str:
    """NFKC, case folded, the domain in IDNA. Accounts are unique on this form; an unreadable domain stays as it is."""
    address = unicodedata.normalize("NFKC", address).strip().casefold()
    local, at, domain = address.rpartition("@")
    with contextlib.suppress(UnicodeError):
        domain = domain.encode("idna").decode("ascii")
    return f"{local}{at}{domain}"
