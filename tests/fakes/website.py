"""Somebody's website on this machine: pages by path, and which of them were asked for."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any, NamedTuple


class Answer(NamedTuple):
    body: bytes | str = ""
    status: int = 200
    kind: str = "text/html; charset=utf-8"
    location: str = ""


class Website:
    """`pages[path]` is HTML, or an `Answer`; everything else is 404."""

    def __init__(self) -> None:
        self.pages: dict[str, str | Answer] = {}
        self.asked: list[str] = []
        self.agents: set[str] = set()
        website = self

        class Handler(BaseHTTPRequestHandler):
            def do_GET(self) -> None:
                website.asked.append(self.path)
                website.agents.add(self.headers["User-Agent"])
                found = website.pages.get(self.path, Answer("gone", 404))
                answer = Answer(found) if isinstance(found, str) else found
                body = answer.body.encode() if isinstance(answer.body, str) else answer.body
                self.send_response(answer.status)
                self.send_header("Content-Type", answer.kind)
                self.send_header("Content-Length", str(len(body)))
                if answer.location:
                    self.send_header("Location", answer.location)
                self.end_headers()
                self.wfile.write(body)

            def log_message(self, format: str, *args: Any) -> None:
                pass

        self.server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.port = self.server.server_address[1]
        threading.Thread(target=self.server.serve_forever, daemon=True).start()

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    def read(self) -> list[str]:
        """The pages that were asked for since the last time, without what every reader asks first."""
        asked, self.asked = [path for path in self.asked if path != "/robots.txt"], []
        return asked

    def close(self) -> None:
        self.server.shutdown()
        self.server.server_close()


@contextmanager
def open_website() -> Iterator[Website]:
    site = Website()
    yield site
    site.close()


def page(title: str, *paragraphs: str, links: tuple[str, ...] = ()) -> str:
    """As shops have them: a menu above, a footer below, the text between them."""
    menu = "".join(f'<a href="{link}">{link}</a>' for link in links)
    text = "".join(f"<p>{paragraph}</p>" for paragraph in paragraphs)
    return (
        f"<!doctype html><html><head><title>{title}</title><style>p{{color:red}}</style></head><body>"
        f"<header><nav>{menu}</nav></header><main><h1>{title}</h1>{text}</main><footer>Imprint</footer></body></html>"
    )
