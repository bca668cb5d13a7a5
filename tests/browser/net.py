"""Ports, a customer's website, and a line that can be cut."""

from __future__ import annotations

import contextlib
import socket
import threading
from contextlib import closing
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any


def free_port() -> int:
    with closing(socket.socket()) as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


class Website:
    """A customer's page on another port: plain HTML with the snippet in it."""

    def __init__(self) -> None:
        self.html = ""
        website = self

        class Handler(BaseHTTPRequestHandler):
            def do_GET(self) -> None:
                self.send_response(200 if self.path == "/" else 404)
                self.send_header("Content-Type", "text/html; charset=utf-8")
                self.end_headers()
                self.wfile.write(website.html.encode() if self.path == "/" else b"")

            def log_message(self, format: str, *args: Any) -> None:
                pass

        self.server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.port = self.server.server_address[1]
        threading.Thread(target=self.server.serve_forever, daemon=True).start()

    def embed(self, snippet: str) -> None:
        self.html = (
            '<!doctype html><html lang="en"><head><meta charset="utf-8"><link rel="icon" href="data:,">'
            '<meta name="viewport" content="width=device-width, initial-scale=1"><title>A shop</title></head>'
            f"<body><main><h1>A shop</h1></main>{snippet}</body></html>"
        )

    def close(self) -> None:
        self.server.shutdown()


class Relay:
    """A TCP line to the server that can be cut and mended: what a tunnel does to a phone."""

    def __init__(self, target: int) -> None:
        self.target = target
        self.is_cut = False
        self._pairs: set[socket.socket] = set()
        self._listener = socket.create_server(("127.0.0.1", 0), backlog=64)
        self.port = self._listener.getsockname()[1]
        threading.Thread(target=self._accept, daemon=True).start()

    def cut(self) -> int:
        """Cut every connection and refuse new ones; says how many were cut."""
        self.is_cut = True
        cut = [one for one in self._pairs if one.fileno() != -1]
        for one in cut:
            with contextlib.suppress(OSError):
                one.shutdown(socket.SHUT_RDWR)
        return len(cut)

    def mend(self) -> None:
        self.is_cut = False

    def close(self) -> None:
        self.cut()
        self._listener.close()

    def _accept(self) -> None:
        while True:
            try:
                inner, _ = self._listener.accept()
            except OSError:
                return
            if self.is_cut:
                inner.close()
                continue
            threading.Thread(target=self._join, args=(inner,), daemon=True).start()

    def _join(self, inner: socket.socket) -> None:
        try:
            outer = socket.create_connection(("127.0.0.1", self.target), timeout=10)
        except OSError:
            inner.close()
            return
        outer.settimeout(None)
        self._pairs |= {inner, outer}
        back = threading.Thread(target=_pump, args=(outer, inner), daemon=True)
        back.start()
        _pump(inner, outer)
        back.join(5)
        for one in (inner, outer):
            one.close()
            self._pairs.discard(one)


def _pump(source: socket.socket, sink: socket.socket) -> None:
    with contextlib.suppress(OSError):
        while data := source.recv(65536):
            sink.sendall(data)
    for one in (source, sink):
        with contextlib.suppress(OSError):
            one.shutdown(socket.SHUT_RDWR)
