"""An address that somebody inside has vouched for, remembered in the session of whoever came with their invitation.

It proves nothing: the sign-up still asks for the code from the mail. It fills in the address, and it opens the sign-up
of a house that is for invited people only, for this address and no other.
"""

from __future__ import annotations

import time

from django.http import HttpRequest

KEY = "vouched_address"
LIFETIME = 60 * 60


def vouch(request: HttpRequest, address: str) -> None:
    request.session[KEY] = {"address": address, "until": time.time() + LIFETIME}


def address(request: HttpRequest | None) -> str:
    """Empty: nobody has vouched for anybody here, or it is too long ago."""
    said = request.session.get(KEY) if request is not None and hasattr(request, "session") else None
    return said["address"] if said and said["until"] > time.time() else ""
