from __future__ import annotations

from typing import Any

from django.http import HttpRequest
from django.utils.functional import SimpleLazyObject

from chat.addresses import socket_url
from chat.counts import counts_for
from chat.models import SavedView
from workspaces.models import Membership


def inbox_counts(request: HttpRequest) -> dict[str, Any]:
    """The numbers of the sidebar and the address of the socket that keeps them true, on every page inside a workspace;
    asked for only where a template shows them."""
    membership = getattr(request, "membership", None)
    if membership is None:
        return {}
    return {
        "nav_counts": SimpleLazyObject(lambda: counts_for(membership)),
        "nav_views": SimpleLazyObject(lambda: _views(membership)),
        "socket_url": socket_url(request),
    }


def _views(membership: Membership) -> list[SavedView]:
    """The lists with a name, below the inbox."""
    return list(membership.workspace.saved_views.usable_by(membership))
