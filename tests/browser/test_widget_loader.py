"""The loader on a stranger's page: under the strictest policy, beside nothing but a frame that answers its greeting.

No MiniChat server runs here: the frame is a page of this file, so that the contract between the two is on trial.
"""

from __future__ import annotations

import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

import pytest

playwright = pytest.importorskip("playwright.sync_api")

pytestmark = [pytest.mark.browser, pytest.mark.pure]

LOADER = Path(__file__).resolve().parents[2] / "static" / "dist" / "widget.js"
TOKEN = "v1.test.token"
UNSENT = '[{"client_id":"c1","body":"hello","at":"2026-11-24T03:00:00Z"}]'

PAGE = """<!doctype html><html lang="en"><title>Shop</title><a href="#" data-minichat="open" id="ask">Ask us</a>
<script async src="{ours}/widget.js" data-key="wk_1"></script>"""
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
        path = self.path.partition("?")[0]
        kind, body = {
            "/widget.js": ("text/javascript", LOADER.read_text()),
            "/frame.js": ("text/javascript", FRAME_SCRIPT),
            "/widget/wk_1/": ("text/html", FRAME),
        }.get(path, ("text/html", PAGE.replace("{ours}", ours)))
        self.send_response(200)
        self.send_header("Content-Type", f"{kind}; charset=utf-8")
        if path == "/":
            self.send_header("Content-Security-Policy", POLICY.replace("{ours}", ours))
        self.end_headers()
        self.wfile.write(body.encode())

    def log_message(self, format: str, *args: Any) -> None:
        pass


@pytest.fixture(scope="module")
def shop() -> Iterator[str]:
    server = ThreadingHTTPServer(("127.0.0.1", 0), Site)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    yield f"http://127.0.0.1:{server.server_address[1]}/"
    server.shutdown()


@pytest.fixture
def page(chromium: Any) -> Iterator[Any]:
    """A page that fails its test when the browser complains about anything."""
    context = chromium.new_context(viewport={"width": 1200, "height": 800}, reduced_motion="reduce")
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
    playwright.expect(frame(page).locator("#body")).to_be_visible()
    playwright.expect(page.locator("minichat-widget iframe")).to_be_focused()
    return frame(page).locator("#body")


def say(body: Any, type: str, data: Any) -> None:
    body.evaluate("(_, [type, data]) => say(type, data)", [type, data])


def test_a_stranger_costs_one_request(page: Any, shop: str) -> None:
    requests: list[str] = []
    page.on("request", lambda request: requests.append(request.url))
    page.goto(shop)
    playwright.expect(launcher(page)).to_have_attribute("aria-label", "Open chat")
    page.wait_for_timeout(1500)
    assert [url.rpartition("/")[2] for url in requests] == ["", "widget.js"]


def test_focus_goes_in_and_comes_back(page: Any, shop: str) -> None:
    open_chat(page, shop)
    page.evaluate("document.dispatchEvent(new KeyboardEvent('keydown', { key: 'Escape', bubbles: true }))")
    playwright.expect(launcher(page)).to_be_focused()
    playwright.expect(launcher(page)).to_have_attribute("aria-expanded", "false")


def test_the_page_keeps_token_and_unsent_texts(page: Any, shop: str) -> None:
    body = open_chat(page, shop)
    say(body, "token", TOKEN)
    body.evaluate(f"() => say('outbox', {UNSENT})")
    page.wait_for_timeout(200)
    page.reload()
    page.wait_for_timeout(200)
    playwright.expect(frame(page).locator("#body")).to_be_attached()  # on idle, without a click
    given = frame(page).locator("#body").evaluate("() => heard[0].d")
    assert given["token"] == TOKEN
    assert [text["body"] for text in given["texts"]] == ["hello"]


def test_the_label_carries_the_unread_count(page: Any, shop: str) -> None:
    body = open_chat(page, shop)
    say(body, "close", None)
    say(body, "unread", 2)
    playwright.expect(launcher(page)).to_have_attribute("aria-label", "Open chat, 2 unread messages")


def test_a_stranger_window_cannot_greet(page: Any, shop: str) -> None:
    """The page itself, or a script on it, poses as the frame: no port, so no token."""
    open_chat(page, shop)
    page.evaluate("window.ports = 0; addEventListener('message', (e) => { ports += e.ports.length })")
    page.evaluate("postMessage({ mc: 'hello' }, '*')")
    page.wait_for_timeout(300)
    assert page.evaluate("ports") == 0


def test_a_phone_is_filled_and_its_page_stands_still(page: Any, shop: str) -> None:
    page.set_viewport_size({"width": 390, "height": 700})
    body = open_chat(page, shop)
    assert page.locator("minichat-widget iframe").bounding_box() == {"x": 0, "y": 0, "width": 390, "height": 700}
    assert page.evaluate("document.documentElement.style.overflow") == "hidden"
    playwright.expect(launcher(page)).to_be_hidden()
    say(body, "close", None)
    playwright.expect(launcher(page)).to_be_visible()
    assert page.evaluate("document.documentElement.style.overflow") == ""


def test_destroy_leaves_nothing(page: Any, shop: str) -> None:
    open_chat(page, shop)
    page.evaluate("MiniChat('destroy')")
    assert page.evaluate("[typeof MiniChat, document.querySelector('minichat-widget')]") == ["undefined", None]


SWAP = """
const fresh = document.body.cloneNode(true);
fresh.querySelectorAll('minichat-widget').forEach((node) => node.remove());
document.documentElement.replaceChild(fresh, document.body);
"""


@pytest.mark.parametrize("loses_it", ["document.querySelector('minichat-widget').remove()", SWAP])
def test_a_page_that_loses_us_gets_us_back_as_we_were(page: Any, shop: str, loses_it: str) -> None:
    """Frameworks swap the body long after they have changed the address."""
    body = open_chat(page, shop)
    say(body, "token", TOKEN)
    for _ in range(2):
        page.evaluate(f"() => {{ {loses_it} }}")
        page.wait_for_timeout(300)
    playwright.expect(frame(page).locator("#body")).to_be_visible()
    assert frame(page).locator("#body").evaluate("() => heard[0].d.open") is True
    playwright.expect(launcher(page)).to_have_attribute("aria-expanded", "true")


def test_a_page_that_throws_us_out_each_time_is_left_alone(page: Any, shop: str) -> None:
    page.goto(shop)
    page.evaluate(
        "new MutationObserver(() => document.querySelector('minichat-widget')?.remove())"
        ".observe(document.body, { childList: true })"
    )
    page.evaluate("document.querySelector('minichat-widget').remove()")
    page.wait_for_timeout(300)
    assert page.locator("minichat-widget").count() == 0
