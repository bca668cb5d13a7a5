"""A stranger's page under the strictest policy, and in the widget's place a frame that answers its greeting.

No MiniChat server runs here: both are served by this file, so that the contract between loader and frame is on trial.
What stands in the address after `?` becomes attributes of the script tag: `/?consent=required&lang=th`.
"""

from __future__ import annotations

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any
from urllib.parse import parse_qsl

from playwright.sync_api import expect

LOADER = Path(__file__).resolve().parents[2] / "static" / "dist" / "widget.js"
TOKEN = "v1.test.token"

PAGE = """<!doctype html><html lang="en"><title>Shop</title><a href="#" data-minichat="open" id="ask">Ask us</a>
<script async src="{ours}/widget.js" data-key="wk_1"{more}></script>"""
POLICY = "default-src 'none'; script-src {ours}; frame-src {ours}; require-trusted-types-for 'script'"

FRAME = """<!doctype html><title>Frame</title><textarea id="body"></textarea><script src="/frame.js"></script>"""
FRAME_SCRIPT = """
const origin = new URLSearchParams(location.search).get('o');
addEventListener('message', (event) => {
  if (event.origin !== origin || event.data.mc !== 'port') return;
  const [port] = event.ports;
  window.say = (t, d) => port.postMessage({ t, d });
  window.heard = [];
  port.onmessage = ({ data }) => {
    heard.push(data);
    if (data.t === 'init') say('ready');
  };
});
parent.postMessage({ mc: 'hello' }, origin);
"""


class Site(BaseHTTPRequestHandler):
    """Ours and the customer's: one server, told apart by the name it is called by."""

    def do_GET(self) -> None:
        ours = f"http://localhost:{self.server.server_address[1]}"
        path, _, query = self.path.partition("?")
        more = "".join(f' data-{name}="{value}"' for name, value in parse_qsl(query))
        kind, body = {
            "/widget.js": ("text/javascript", LOADER.read_text()),
            "/frame.js": ("text/javascript", FRAME_SCRIPT),
            "/widget/wk_1/": ("text/html", FRAME),
        }.get(path, ("text/html", PAGE.replace("{ours}", ours).replace("{more}", more)))
        self.send_response(200)
        self.send_header("Content-Type", f"{kind}; charset=utf-8")
        if path == "/":
            self.send_header("Content-Security-Policy", POLICY.replace("{ours}", ours))
        self.end_headers()
        self.wfile.write(body.encode())

    def log_message(self, format: str, *args: Any) -> None:
        pass


@contextmanager
def serving() -> Iterator[str]:
    server = ThreadingHTTPServer(("127.0.0.1", 0), Site)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    yield f"http://127.0.0.1:{server.server_address[1]}/"
    server.shutdown()


@contextmanager
def calm_page(chromium: Any) -> Iterator[Any]:
    """A page that fails its test when the browser complains about anything."""
    context = chromium.new_context(viewport={"width": 1200, "height": 800}, reduced_motion="reduce")
    context.set_default_timeout(8000)
    page = context.new_page()
    complaints: list[str] = []
    page.on("console", lambda message: complaints.append(message.text))
    page.on("pageerror", lambda error: complaints.append(str(error)))
    yield page
    context.close()
    assert complaints == []


def launcher(page: Any) -> Any:
    return page.locator("minichat-widget button.launcher")


def frame(page: Any) -> Any:
    return page.frame_locator("minichat-widget iframe")


def open_chat(page: Any, shop: str) -> Any:
    page.goto(shop)
    launcher(page).click()
    expect(frame(page).locator("#body")).to_be_visible()
    expect(page.locator("minichat-widget iframe")).to_be_focused()
    return frame(page).locator("#body")


def say(body: Any, type: str, data: Any) -> None:
    body.evaluate("(_, [type, data]) => say(type, data)", [type, data])
