"""Daphne's server with our protocols, and with an orderly end: see `Drain`."""

from __future__ import annotations

import asyncio
import faulthandler
import logging
import os
import signal
import sys
import threading
import time
from collections.abc import Callable
from contextlib import suppress
from typing import Any

# First: importing it installs the reactor that all of Twisted then uses.
import daphne.server as daphne  # isort: skip

from twisted.internet.defer import maybeDeferred

from minichat import health
from minichat.lib import lifecycle
from minichat.protocols import MAX_FRAME, RequestFactory, Socket

# Daphne takes its HTTP factory from this name and from nowhere else.
daphne.HTTPFactory = RequestFactory

logger = logging.getLogger(__name__)

# Running requests may take this long to finish once we were told to stop.
DRAIN_SECONDS = 25.0
# Sockets that were told to close may take this long to say so and to be put away. Who leaves before with
# something unread on a line resets it, and the client never hears why.
CLOSE_SECONDS = 4.0
# After that something hangs, and hanging longer helps nobody.
GIVE_UP_SECONDS = 30.0
NAME = "MiniChat"


class ChatServer(daphne.Server):
    """Listens at `endpoints`. Calls `ready` when it does, and `stopped` after the last request."""

    connections: dict[Any, dict[str, Any]]

    def __init__(
        self, application: Any, endpoints: list[str], *, ready: Callable[[], None], stopped: Callable[[], None]
    ) -> None:
        super().__init__(
            application,
            endpoints=endpoints,
            signal_handlers=False,
            server_name=NAME,
            websocket_max_message_size=MAX_FRAME,
            websocket_max_frame_size=MAX_FRAME,
            ready_callable=self._on_ready,
        )
        self.failure = ""
        self.ports: list[Any] = []
        self._ready = ready
        self.stopped = stopped
        self._drain: Drain | None = None

    def _on_ready(self) -> None:
        self.ws_factory.protocol = Socket
        self.ws_factory.setProtocolOptions(closeHandshakeTimeout=CLOSE_SECONDS)
        for number in (signal.SIGTERM, signal.SIGINT):
            daphne.twisted_loop.add_signal_handler(number, self._on_signal)
        self._starting = daphne.twisted_loop.create_task(lifecycle.run(lifecycle.on_start))
        self._ready()

    def _on_signal(self) -> None:
        if self._drain is not None:
            os._exit(130)  # asked twice: at once
        self._drain = Drain(self)
        # Kept in an attribute: a task that nobody holds may be collected while it runs.
        self._drain.task = daphne.twisted_loop.create_task(self._drain.run())

    def listen_success(self, port: Any) -> None:
        super().listen_success(port)
        self.ports.append(port)

    def listen_error(self, failure: Any) -> None:
        self.failure = failure.getErrorMessage()
        super().listen_error(failure)

    def running_requests(self) -> int:
        """HTTP requests that have not been answered yet."""
        return sum(1 for protocol, details in self.connections.items() if _is_http(protocol) and _is_running(details))

    def open_sockets(self) -> int:
        """Sockets that are open, or closed with something still to be done about it."""
        return sum(
            1
            for protocol, details in self.connections.items()
            if isinstance(protocol, Socket) and ("disconnected" not in details or _is_running(details))
        )

    def kill_all_applications(self) -> Any:
        # Daphne's expects an application in every entry, also in those it has already reaped.
        self.connections = {key: value for key, value in self.connections.items() if "application_instance" in value}
        return super().kill_all_applications()


class Drain:
    """The end, in order: not ready any more, sockets sent away with a time to come back, requests finished, stop."""

    task: asyncio.Task[None]

    def __init__(self, server: ChatServer) -> None:
        self.server = server

    async def run(self) -> None:
        logger.info("stopping")
        health.state["accepting"] = False
        _give_up_after(GIVE_UP_SECONDS)
        await lifecycle.run(lifecycle.on_stop)
        await self._stop_listening()
        now = time.monotonic()
        await _until(lambda: not self.server.running_requests(), now + DRAIN_SECONDS)
        await _until(lambda: not self.server.open_sockets(), now + CLOSE_SECONDS)
        # In a thread: jobs that finish still push to this loop.
        await asyncio.to_thread(self.server.stopped)
        await lifecycle.run(lifecycle.at_end)
        logger.info("stopped")
        self.server.stop()

    async def _stop_listening(self) -> None:
        for port in self.server.ports:
            await maybeDeferred(port.stopListening).asFuture(asyncio.get_running_loop())


async def _until(is_done: Callable[[], bool], deadline: float) -> None:
    while not is_done() and time.monotonic() < deadline:
        await asyncio.sleep(0.05)


def _is_http(protocol: Any) -> bool:
    return not isinstance(protocol, Socket)


def _is_running(details: dict[str, Any]) -> bool:
    task = details.get("application_instance")
    return task is not None and not task.done()


def _give_up_after(seconds: float) -> None:
    watchdog = threading.Timer(seconds, _give_up)
    watchdog.daemon = True
    watchdog.start()


def _give_up() -> None:
    """Leave at once, and leave behind what it was that did not end."""
    logger.error("something does not stop: giving up")
    sys.stderr.flush()
    faulthandler.dump_traceback(all_threads=True)
    with suppress(Exception):
        for task in asyncio.all_tasks(daphne.twisted_loop):
            task.print_stack()
    sys.stderr.flush()
    os._exit(1)
