"""What rooms want done when the server starts and before it stops. The wiring runs it and knows no room."""

from __future__ import annotations

import logging
from collections.abc import Awaitable, Callable, Iterable

logger = logging.getLogger(__name__)

Hook = Callable[[], Awaitable[None]]

# A room appends to these in its AppConfig.ready().
on_start: list[Hook] = []
on_stop: list[Hook] = []


async def run(hooks: Iterable[Hook]) -> None:
    """Run each hook on the server's loop, one after the other; one that fails does not keep the others from running."""
    for hook in hooks:
        try:
            await hook()
        except Exception:
            logger.exception("lifecycle hook failed: %s", getattr(hook, "__qualname__", hook))
