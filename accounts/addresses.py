"""E-mail addresses in one form (SR-20)."""

from __future__ import annotations

import unicodedata


def normalise(address: str) -> str:
    """NFKC, case folded, the domain in IDNA. Accounts are unique on this form; an unreadable domain stays as it is."""
    address = unicodedata.normalize("NFKC", address).strip().casefold()
    local, at, domain = address.rpartition("@")
    try:
        domain = domain.encode("idna").decode("ascii")
    except UnicodeError:
        pass
    return f"{local}{at}{domain}"
