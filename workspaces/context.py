from __future__ import annotations

from typing import Any

from django.http import HttpRequest
from django.utils.functional import SimpleLazyObject

from workspaces import access


def workspaces(request: HttpRequest) -> dict[str, Any]:
    """What the shell shows of the tenant. Lists other workspaces only on pages that are inside one."""
    membership = getattr(request, "membership", None)
    if membership is None:
        return {}
    return {
        "workspace": membership.workspace,
        "membership": membership,
        "workspaces": SimpleLazyObject(lambda: [one.workspace for one in access.memberships_of(membership.user)]),
    }
