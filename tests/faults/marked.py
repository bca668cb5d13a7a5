"""`python -m tests.faults.marked`: the server as it is, with a knife at six marked points of a message's way.

A point is armed by its name in the file FAULT_POINT and a SIGUSR1; the process kills itself with SIGKILL when a message
passes there next. It knows of no kindness: nothing is flushed, rolled back or said.
"""

from __future__ import annotations

import functools
import os
import signal
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

from minichat import serve

POINTS = {
    "arrived": "the frame has been read, nothing has begun",
    "rows made": "inside the transaction, before anything is written",
    "rows written": "inside the transaction, before the commit",
    "committed": "after the commit, before anybody is told",
    "told": "screens have been told, the sender has no acknowledgement",
    "acknowledged": "the acknowledgement has just been written to the socket",
}

_armed = ""


def reached(point: str) -> None:
    if point == _armed:
        os.kill(os.getpid(), signal.SIGKILL)


def arm(*_: object) -> None:
    global _armed
    _armed = Path(os.environ["FAULT_POINT"]).read_text()


def install() -> None:
    from chat.append import Appender
    from chat.hub import Hub
    from chat.sockets.base import BaseSocket
    from chat.writer import Writer

    _wrap(Writer, "post", before="arrived")
    _wrap(Appender, "write", before="rows made", after="rows written")
    # Called after commit with what is to be told; delivery is a turn of the loop later.
    _wrap(Hub, "push", before="committed", only=lambda _hub, *pushes: any(push.frame == "message" for push in pushes))
    say = BaseSocket.say

    async def said(self: BaseSocket, **frame: Any) -> None:
        is_ack = frame.get("type") == "ack"
        if is_ack:
            reached("told")
        await say(self, **frame)
        if is_ack:
            reached("acknowledged")

    BaseSocket.say = said  # type: ignore[method-assign]


def _wrap(
    owner: type, name: str, *, before: str, after: str = "", only: Callable[..., bool] = lambda *_, **__: True
) -> None:
    original = getattr(owner, name)

    @functools.wraps(original)
    def wrapper(*args: Any, **kwargs: Any) -> Any:
        if only(*args, **kwargs):
            reached(before)
        result = original(*args, **kwargs)
        if after:
            reached(after)
        return result

    setattr(owner, name, wrapper)


def main() -> int:
    signal.signal(signal.SIGUSR1, arm)
    run = serve.run

    def marked_run(*args: Any) -> int:
        install()
        return run(*args)

    serve.run = marked_run  # type: ignore[assignment]
    return serve.main()


if __name__ == "__main__":
    sys.exit(main())
