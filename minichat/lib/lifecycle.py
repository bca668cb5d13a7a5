"""What rooms want done when the server starts and before it stops. The wiring runs it and knows no room."""

from __future__ import annotations

import logging
from collections.abc import Awaitable, Callable, Iterable
from typing import Any

logger = logging.getLogger(__name__)

Hook = Callable[[], Awaitable[None]]

# A room appends to these in its AppConfig.ready().
on_start: list[Hook] = []
on_stop: list[Hook] = []
# After the last request: what those still needed, to say what they had done.
at_end: list[Hook] = []


async def run(hooks: Iterable[Hook]) -> None:
    """Run each hook on the server's loop, one after the other; one that fails does not keep the others from running."""
    for hook in hooks:
        try:
            await hook()
        except Exception:
            logger.exception("lifecycle hook failed: %s", getattr(hook, "__qualname__", hook))


async def lifespan(scope: dict[str, Any], receive: Callable[[], Awaitable[Any]], send: Callable[[Any], Any]) -> None:
    """The same hooks for servers that speak ASGI's lifespan, as uvicorn does; `minichat.serve` calls them itself."""
    while True:
        message = await receive()
        if message["type"] == "lifespan.startup":
            await run(on_start)
            await send({"type": "lifespan.startup.complete"})
        elif message["type"] == "lifespan.shutdown":
            await run(on_stop)
            await run(at_end)
            await send({"type": "lifespan.shutdown.complete"})
            return
