from __future__ import annotations

from typing import Any

from django.http import HttpRequest
from django.utils.functional import SimpleLazyObject

from chat.counts import counts_for


def inbox_counts(request: HttpRequest) -> dict[str, Any]:
    """The numbers of the sidebar, on every page inside a workspace; asked for only where a template shows them."""
    membership = getattr(request, "membership", None)
    return {"nav_counts": SimpleLazyObject(lambda: counts_for(membership))} if membership else {}
