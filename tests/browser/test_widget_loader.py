"""The loader on a stranger's page: under the strictest policy, beside nothing but a frame that answers its greeting."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
from playwright.sync_api import expect

from tests.browser.shop import TOKEN, calm_page, frame, launcher, open_chat, say, serving

pytestmark = [pytest.mark.browser, pytest.mark.pure]

UNSENT = '[{"client_id":"c1","body":"hello","at":"2026-11-24T03:00:00Z"}]'


@pytest.fixture(scope="module")
def shop() -> Iterator[str]:
    with serving() as address:
        yield address


@pytest.fixture
def page(chromium: Any) -> Iterator[Any]:
    with calm_page(chromium) as page:
        yield page


def test_a_stranger_costs_one_request(page: Any, shop: str) -> None:
    requests: list[str] = []
    page.on("request", lambda request: requests.append(request.url))
    page.goto(shop)
    expect(launcher(page)).to_have_attribute("aria-label", "Open chat")
    page.wait_for_timeout(1500)
    assert [url.rpartition("/")[2] for url in requests] == ["", "widget.js"]


def test_focus_goes_in_and_comes_back(page: Any, shop: str) -> None:
    open_chat(page, shop)
    page.evaluate("document.dispatchEvent(new KeyboardEvent('keydown', { key: 'Escape', bubbles: true }))")
    expect(launcher(page)).to_be_focused()
    expect(launcher(page)).to_have_attribute("aria-expanded", "false")


def test_the_page_keeps_token_and_unsent_texts(page: Any, shop: str) -> None:
    body = open_chat(page, shop)
    say(body, "token", TOKEN)
    body.evaluate(f"() => say('outbox', {UNSENT})")
    page.wait_for_timeout(200)
    page.reload()
    page.wait_for_timeout(200)
    expect(frame(page).locator("#body")).to_be_attached()  # on idle, without a click
    given = frame(page).locator("#body").evaluate("() => heard[0].d")
    assert given["token"] == TOKEN
    assert [text["body"] for text in given["texts"]] == ["hello"]


def test_the_label_carries_the_unread_count(page: Any, shop: str) -> None:
    body = open_chat(page, shop)
    say(body, "close", None)
    say(body, "unread", 2)
    expect(launcher(page)).to_have_attribute("aria-label", "Open chat, 2 unread")


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
    expect(launcher(page)).to_be_hidden()
    say(body, "close", None)
    expect(launcher(page)).to_be_visible()
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
    expect(frame(page).locator("#body")).to_be_visible()
    assert frame(page).locator("#body").evaluate("() => heard[0].d.open") is True
    expect(launcher(page)).to_have_attribute("aria-expanded", "true")


def test_a_page_that_throws_us_out_each_time_is_left_alone(page: Any, shop: str) -> None:
    page.goto(shop)
    page.evaluate(
        "new MutationObserver(() => document.querySelector('minichat-widget')?.remove())"
        ".observe(document.body, { childList: true })"
    )
    page.evaluate("document.querySelector('minichat-widget').remove()")
    page.wait_for_timeout(300)
    assert page.locator("minichat-widget").count() == 0
