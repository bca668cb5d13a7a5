"""Structured logs: a request id on every line, whole secrets masked, never a body, an address or a key."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

SECRET_NAME = re.compile(r"pass(word|wd)?|secret|token|api_?key|authorization|cookie|\bpin\b|card|ticket|credential", re.I)
MASK = "[masked]"


def mask(data: Mapping[str, Any]) -> dict[str, Any]:
    """A copy of `data` in which the whole value of everything that sounds like a secret is hidden."""
    return {key: MASK if SECRET_NAME.search(key) else _inner(value) for key, value in data.items()}


def _inner(value: Any) -> Any:
    return mask(value) if isinstance(value, Mapping) else value
