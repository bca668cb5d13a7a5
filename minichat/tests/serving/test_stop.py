"""RF-32, AT-18: told to stop, it sends everybody away in good order and exits with 0."""

from __future__ import annotations

import base64
import os
import signal
import socket as sockets
import threading
import time
import urllib.request
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack

import pytest
from websockets.exceptions import ConnectionClosed
from websockets.sync.client import ClientConnection, connect

from .conftest import Served

SLOW = "minichat.tests.serving.slow"
SETTINGS = {"DJANGO_SETTINGS_MODULE": "minichat.settings"}


def visitor_socket(served: Served) -> ClientConnection:
    return connect(f"ws://{served.authority}/ws/widget/wk_unknown/", origin=f"http://{served.authority}")


def fetch(served: Served, seconds: float) -> tuple[int, bytes]:
    with urllib.request.urlopen(f"http://{served.authority}/?{seconds}", timeout=30) as answer:  # noqa: S310
        return answer.status, answer.read()


def lets_nobody_in(served: Served, *, within: float) -> bool:
    deadline = time.monotonic() + within
    while time.monotonic() < deadline:
        try:
            fetch(served, 0)
        except OSError:
            return True
        time.sleep(0.05)
    return False


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])
def test_rf_32_sockets_are_told_when_to_come_back(start: Callable[..., Served], number: int) -> None:
    served = start()
    with visitor_socket(served) as socket:
        served.process.send_signal(number)
        with pytest.raises(ConnectionClosed) as closed:
            socket.recv(timeout=10)
    assert closed.value.rcvd is not None
    assert closed.value.rcvd.code == 1012
    assert closed.value.rcvd.reason.isdigit()
    assert served.ended() == 0
    assert "Traceback" not in served.output()


def test_rf_32_it_is_there_until_the_sockets_have_heard(start: Callable[..., Served]) -> None:
    """Who goes with something unread on a line resets it, and the reason for the end is lost."""
    served = start()
    with sockets.create_connection(("127.0.0.1", served.port), timeout=10) as line:
        key = base64.b64encode(os.urandom(16)).decode()
        upgrade = f"Connection: Upgrade\r\nUpgrade: websocket\r\nSec-WebSocket-Version: 13\r\nSec-WebSocket-Key: {key}"
        hello = f"GET /ws/widget/wk_unknown/ HTTP/1.1\r\nHost: {served.authority}\r\nOrigin: http://{served.authority}"
        line.sendall(f"{hello}\r\n{upgrade}\r\n\r\n".encode())
        assert b" 101 " in line.recv(4096)
        served.process.send_signal(signal.SIGTERM)
        frame = line.recv(200)
        assert frame[0] == 0x88, "the end"
        assert int.from_bytes(frame[2:4]) == 1012
        time.sleep(1)
        assert served.process.poll() is None
        line.sendall(b"\x88\x80" + bytes(4))
        assert served.ended() == 0


def test_rf_32_hints_are_spread(start: Callable[..., Served]) -> None:
    served = start()
    hints = set()
    with ExitStack() as stack:
        sockets = [stack.enter_context(visitor_socket(served)) for _ in range(4)]
        served.process.terminate()
        for socket in sockets:
            with pytest.raises(ConnectionClosed) as closed:
                socket.recv(timeout=10)
            assert closed.value.rcvd is not None
            hints.add(closed.value.rcvd.reason)
    assert len(hints) == 4


def test_rf_32_a_running_request_is_finished(start: Callable[..., Served]) -> None:
    served = start(SLOW, **SETTINGS)
    with ThreadPoolExecutor() as pool:
        answer = pool.submit(fetch, served, 4.0)
        served.wait_for("began")
        served.process.terminate()
        served.wait_for("stopping")
        assert lets_nobody_in(served, within=3)
        assert not answer.done()
        assert answer.result(10) == (200, b"done")
    assert served.ended() == 0
    assert "stopped cleanly" in served.output()


def test_a_second_signal_ends_it_at_once(start: Callable[..., Served]) -> None:
    served = start(SLOW, **SETTINGS)
    threading.Thread(target=_ignoring_errors, args=(served, 20.0), daemon=True).start()
    served.wait_for("began")
    served.process.terminate()
    served.wait_for("stopping")
    assert served.process.poll() is None
    served.process.terminate()
    assert served.ended(5) == 130


def test_what_does_not_stop_is_named(start: Callable[..., Served]) -> None:
    served = start(SLOW, **SETTINGS, GIVE_UP="1")
    threading.Thread(target=_ignoring_errors, args=(served, 20.0), daemon=True).start()
    served.wait_for("began")
    served.process.terminate()
    assert served.ended(15) == 1
    assert "something does not stop" in served.output()
    assert "in application" in served.output(), "the task that is still there"


def test_an_idle_server_stops_within_seconds(start: Callable[..., Served]) -> None:
    served = start()
    began = time.monotonic()
    served.process.terminate()
    assert served.ended() == 0
    assert time.monotonic() - began < 15  # far below the 25 s that a running request would get


def _ignoring_errors(served: Served, seconds: float) -> None:
    try:
        fetch(served, seconds)
    except OSError:
        return  # cut off, as the test wants it
