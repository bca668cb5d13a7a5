"""No request body over the limit is kept, whatever its address says; no frame over the limit is read."""

from __future__ import annotations

import select
import socket
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

from django.conf import settings
from websockets.exceptions import ConnectionClosed
from websockets.sync.client import connect

from .conftest import Served

MEGABYTE = 1024 * 1024
CHUNK = b"10000\r\n" + b"x" * 0x10000 + b"\r\n"


def open_to(served: Served) -> socket.socket:
    return socket.create_connection(("127.0.0.1", served.port), timeout=10)


def request(served: Served, *headers: str) -> bytes:
    return "\r\n".join(["POST /nowhere/ HTTP/1.1", f"Host: {served.authority}", *headers, "", ""]).encode()


def everything(connection: socket.socket) -> bytes:
    parts = []
    while part := connection.recv(65536):
        parts.append(part)
    return b"".join(parts)


def test_a_chunked_body_without_end_is_refused_early(start: Callable[..., Served], tmp_path: Path) -> None:
    served = start()
    sent = 0
    with open_to(served) as connection:
        connection.sendall(request(served, "Transfer-Encoding: chunked"))
        while sent < 50 * MEGABYTE and not select.select([connection], [], [], 0)[0]:
            connection.sendall(CHUNK)
            sent += len(CHUNK)
        answer = everything(connection)
    assert answer.startswith(b"HTTP/1.1 413 ")
    assert b'"code":"too_large"' in answer
    assert b"x-content-type-options: nosniff" in answer.lower()
    # What is on its way in both kernels' buffers is sent before the answer arrives.
    assert sent < 15 * MEGABYTE
    assert list((tmp_path / "tmp").iterdir()) == []


def test_a_declared_length_over_the_limit_is_refused_before_it_is_sent(start: Callable[..., Served]) -> None:
    served = start()
    with open_to(served) as connection:
        connection.sendall(request(served, f"Content-Length: {300 * MEGABYTE}", "Expect: 100-continue"))
        answer = everything(connection)
    assert answer.startswith(b"HTTP/1.1 413 ")
    assert b"100 Continue" not in answer


def test_a_body_at_the_limit_is_read(start: Callable[..., Served], tmp_path: Path) -> None:
    served = start()
    with open_to(served) as connection:
        connection.sendall(request(served, f"Content-Length: {MEGABYTE}", "Connection: close") + b"x" * MEGABYTE)
        answer = everything(connection)
    assert answer.startswith(b"HTTP/1.1 404 ")
    assert list((tmp_path / "tmp").iterdir()) == []


def test_a_lower_limit_is_kept(start: Callable[..., Served]) -> None:
    served = start(BODY_LIMIT="2000")
    with open_to(served) as connection:
        connection.sendall(request(served, "Content-Length: 2001") + b"x" * 2001)
        assert everything(connection).startswith(b"HTTP/1.1 413 ")


def test_a_huge_frame_closes_with_4413_and_only_its_own_socket(start: Callable[..., Served]) -> None:
    served = start()
    address = f"ws://{served.authority}/ws/widget/wk_unknown/"
    with (
        connect(address, origin=f"http://{served.authority}") as other,
        connect(address, origin=f"http://{served.authority}") as offender,
    ):
        code = 0
        try:
            offender.send("x" * 400_000)
            offender.recv(timeout=10)
        except ConnectionClosed as closed:
            code = closed.rcvd.code if closed.rcvd else 0
        assert code == 4413
        assert other.ping().wait(5)


LEFT = """
from minichat.protocols import Socket

for state in (Socket.STATE_CLOSING, Socket.STATE_CLOSED):
    left = Socket()
    left.state = state
    left.handle_reply({"type": "websocket.send", "text": "hello"})
"""


def test_what_is_said_to_somebody_who_has_just_left_is_nobodys_mistake() -> None:
    """In a process of its own: it brings the event loop of the server along."""
    done = subprocess.run(
        [sys.executable, "-c", LEFT], cwd=settings.BASE_DIR, capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stderr
