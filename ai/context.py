from __future__ import annotations

from typing import Any

from django.core.cache import cache
from django.http import HttpRequest
from django.utils.functional import SimpleLazyObject

from ai import chain
from workspaces.models import Workspace

# Which models there are changes seldom, and every thread asks.
KEPT_SECONDS = 10


def models(request: HttpRequest) -> dict[str, Any]:
    """Whether there is a model to ask, for what is drawn only then; looked up where a template wants to know."""
    membership = getattr(request, "membership", None)
    if membership is None:
        return {}
    return {"has_model": SimpleLazyObject(lambda: _has_model(membership.workspace))}


def forget(workspace: Workspace) -> None:
    """After a change of keys or models."""
    cache.delete(_key(workspace))


def _has_model(workspace: Workspace) -> bool:
    found = cache.get(_key(workspace))
    if found is None:
        found = bool(chain.usable(workspace))
        cache.set(_key(workspace), found, KEPT_SECONDS)
    return bool(found)


def _key(workspace: Workspace) -> str:
    return f"ai-has-model-{workspace.pk}"
