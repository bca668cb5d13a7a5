"""`@action`: one change of the world, in one transaction."""

from __future__ import annotations

import functools
from collections.abc import Callable
from contextvars import ContextVar
from typing import ParamSpec, TypeVar

from django.db import connection, transaction

P = ParamSpec("P")
R = TypeVar("R")

# `connection.in_atomic_block` is always true inside tests, so the marker is our own.
_inside: ContextVar[bool] = ContextVar("inside_action", default=False)


def action(function: Callable[P, R]) -> Callable[P, R]:
    """Run `function` in a transaction and mark that we are inside a verb, so that events may be emitted."""

    @functools.wraps(function)
    def wrapper(*args: P.args, **kwargs: P.kwargs) -> R:
        token = _inside.set(True)
        try:
            with transaction.atomic():
                return function(*args, **kwargs)
        finally:
            _inside.reset(token)

    return wrapper


def inside_action() -> bool:
    return _inside.get()


def lend_connection() -> None:
    """Before a long wait for somebody else: the connection goes back to the pool, and is taken anew when it is needed.
    Inside a transaction it stays."""
    if not connection.in_atomic_block:
        connection.close()
