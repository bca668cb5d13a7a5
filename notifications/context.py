from __future__ import annotations

from typing import Any

from django.http import HttpRequest
from django.utils.functional import SimpleLazyObject

from notifications.centre import unread_count


def bell(request: HttpRequest) -> dict[str, Any]:
    """The number on the bell, on every page inside a workspace; asked for only where a template shows it."""
    membership = getattr(request, "membership", None)
    return {"bell_unread": SimpleLazyObject(lambda: unread_count(membership))} if membership else {}
