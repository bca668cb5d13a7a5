"""The server with an application that takes its time: `python -m minichat.tests.serving.slow --port N`."""

from __future__ import annotations

import asyncio
import os
import sys
from typing import Any

import django

django.setup()

from minichat import server  # noqa: E402

# isort: split
from minichat.routing import sockets  # noqa: E402


async def application(scope: Any, receive: Any, send: Any) -> None:
    if scope["type"] == "websocket":
        await sockets(scope, receive, send)
        return
    print("began", flush=True)
    await asyncio.sleep(float(scope["query_string"] or 0))
    await send({"type": "http.response.start", "status": 200, "headers": [(b"content-length", b"4")]})
    await send({"type": "http.response.body", "body": b"done"})


if __name__ == "__main__":
    server.GIVE_UP_SECONDS = float(os.environ.get("GIVE_UP") or server.GIVE_UP_SECONDS)
    endpoint = f"tcp:port={sys.argv[-1]}:interface=127.0.0.1"
    stopped = lambda: print("stopped cleanly", flush=True)  # noqa: E731
    server.ChatServer(application, [endpoint], ready=lambda: None, stopped=stopped).run()
