"""What a customer's page may ask of the loader, what the frame may say to it, and what a hostile page gets: nothing."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
from playwright.sync_api import expect

from tests.browser.people import soon
from tests.browser.shop import TOKEN, calm_page, frame, launcher, open_chat, say, serving

pytestmark = [pytest.mark.browser, pytest.mark.pure]

STORED = "[...Object.keys(localStorage), ...Object.keys(sessionStorage)].join()"


@pytest.fixture(scope="module")
def shop() -> Iterator[str]:
    with serving() as address:
        yield address


@pytest.fixture
def page(chromium: Any) -> Iterator[Any]:
    with calm_page(chromium) as page:
        yield page


def hears(body: Any, type: str) -> Any:
    """The data of the newest message of this type that the frame was sent; waits for one."""
    return body.evaluate(
        """(_, type) => new Promise((resolve, reject) => {
          const until = Date.now() + 3000;
          const look = () => {
            const found = heard.filter(({ t }) => t === type).at(-1);
            if (found) resolve(found.d ?? null);
            else if (Date.now() > until) reject(new Error(`the frame was not told ${type}`));
            else setTimeout(look, 20);
          };
          look();
        })""",
        type,
    )


def heard(body: Any, type: str) -> list[Any]:
    return body.evaluate("(_, type) => heard.filter(({ t }) => t === type).map(({ d }) => d)", type)


# --- Consent ----------------------------------------------------------------------------------------------------------


def test_before_consent_nothing_is_kept_and_what_was_begun_is_kept_afterwards(page: Any, shop: str) -> None:
    body = open_chat(page, f"{shop}?consent=required")
    assert hears(body, "init")["consent"] is False
    say(body, "draft", "half a sent")
    body.evaluate("() => say('outbox', [{ client_id: 'c1', body: 'hello', at: '' }])")
    page.wait_for_timeout(200)
    assert page.evaluate(STORED) == ""
    page.evaluate("MiniChat('consent', true)")
    assert hears(body, "consent") is True
    soon(page, lambda: (page.evaluate("localStorage['minichat:wk_1:outbox']") or "").count("hello") == 1)
    soon(page, lambda: page.evaluate("sessionStorage['minichat:wk_1:draft']") == "half a sent")


def test_consent_withdrawn_forgets(page: Any, shop: str) -> None:
    body = open_chat(page, f"{shop}?consent=required")
    page.evaluate("MiniChat('consent', true)")
    say(body, "token", TOKEN)
    page.wait_for_function("localStorage['minichat:wk_1']")
    page.reload()  # it was kept, so it had been allowed
    body = frame(page).locator("#body")
    expect(body).to_be_attached()
    assert hears(body, "init")["consent"] is True
    page.evaluate("MiniChat('consent', false)")
    assert hears(body, "reset") is False and page.evaluate(STORED) == ""
    say(body, "token", "v1.late.answer")
    page.wait_for_timeout(200)
    assert page.evaluate(STORED) == ""


def test_the_visitor_may_consent_in_the_chat(page: Any, shop: str) -> None:
    body = open_chat(page, f"{shop}?consent=required")
    say(body, "consent", None)
    assert hears(body, "consent") is True
    say(body, "token", TOKEN)
    page.wait_for_function("localStorage['minichat:wk_1']")


# --- Who the visitor is -----------------------------------------------------------------------------------------------


def test_reset_forgets_the_visitor(page: Any, shop: str) -> None:
    body = open_chat(page, shop)
    say(body, "token", TOKEN)
    say(body, "unread", 2)
    page.wait_for_function("localStorage['minichat:wk_1']")
    page.evaluate("MiniChat('reset')")
    assert hears(body, "reset") is True
    assert page.evaluate(STORED) == ""
    expect(page.locator("minichat-widget .badge")).to_be_hidden()


def test_a_tab_that_is_behind_goes_on_with_the_newer_token(page: Any, shop: str) -> None:
    body = open_chat(page, shop)
    say(body, "token", TOKEN)
    page.wait_for_function("localStorage['minichat:wk_1']")
    say(body, "gone", "v1.an.older.one")
    assert hears(body, "token") == TOKEN
    say(body, "gone", TOKEN)
    page.wait_for_function("!localStorage['minichat:wk_1']")
    assert hears(body, "token") is None


def test_another_tab_signs_out(page: Any, shop: str) -> None:
    body = open_chat(page, shop)
    say(body, "token", TOKEN)
    page.wait_for_function("localStorage['minichat:wk_1']")
    other = page.context.new_page()
    other.goto(shop)
    other.evaluate("MiniChat('reset')")
    hears(body, "reset")


# --- The page moves, and is watched as far as the frame asks ----------------------------------------------------------


@pytest.mark.parametrize("browser", ["new", "old"])
def test_a_page_that_moves_without_loading(page: Any, shop: str, browser: str) -> None:
    if browser == "old":
        page.add_init_script("Object.defineProperty(window, 'navigation', { value: undefined })")
    body = open_chat(page, shop)
    page.evaluate("history.pushState({}, '', '/cart'); document.title = 'Cart'")
    moved = hears(body, "page")
    assert moved["url"] == f"{shop}cart" and moved["title"] == "Cart"
    page.go_back()
    soon(page, lambda: hears(body, "page")["url"] == shop)
    assert page.locator("minichat-widget").count() == 1


def test_how_far_the_visitor_has_read_and_that_they_leave(page: Any, shop: str) -> None:
    body = open_chat(page, shop)
    page.evaluate("document.body.style.height = '4000px'")
    page.evaluate("scrollTo(0, 500)")
    page.wait_for_timeout(100)
    assert heard(body, "scroll") == []  # nobody has asked
    body.evaluate("() => say('sense', { scroll: true, exit: true })")
    assert hears(body, "scroll") < 50
    page.evaluate("scrollTo(0, 9999)")
    soon(page, lambda: hears(body, "scroll") == 100)
    leave = "document.dispatchEvent(new MouseEvent('mouseout', { clientY: -1, relatedTarget: null }))"
    for _ in range(3):
        page.evaluate(leave)
    hears(body, "exit")
    assert len(heard(body, "exit")) == 1


def test_nav_goes_to_web_addresses_only(page: Any, shop: str) -> None:
    body = open_chat(page, shop)
    for address in ("javascript:alert(1)", "data:text/html,x", "//elsewhere.example", "file:///etc/passwd", None, {}):
        say(body, "nav", address)
    page.wait_for_timeout(300)
    assert page.url == shop
    say(body, "nav", f"{shop}?color=%23aa0000")
    page.wait_for_url("**/?color=%23aa0000")


# --- Commands and events ----------------------------------------------------------------------------------------------


def test_calls_before_the_loader_came(page: Any, shop: str) -> None:
    page.add_init_script("window.MiniChat = function () { (MiniChat.q = MiniChat.q || []).push(arguments) }")
    page.add_init_script("MiniChat('on', 'ready', () => { window.wasReady = true }); MiniChat('open', 'history')")
    page.goto(shop)
    body = frame(page).locator("#body")
    expect(body).to_be_visible()
    assert hears(body, "view") == "history"
    assert page.evaluate("[wasReady, MiniChat.is('open'), MiniChat.is('ready')]") == [True] * 3


@pytest.mark.parametrize("name", ["message", "handoff", "lead", "rating", "error"])
def test_the_page_hears_what_happens(page: Any, shop: str, name: str) -> None:
    body = open_chat(page, shop)
    page.evaluate(
        """(name) => {
          window.told = [];
          const listen = (detail) => told.push(detail.id);
          MiniChat('on', name, listen);
          MiniChat('on', name, listen);
          addEventListener('minichat:' + name, (event) => told.push(event.detail.id));
          window.silence = () => MiniChat('off', name, listen);
        }""",
        name,
    )
    say(body, name, {"id": 1})
    page.wait_for_function("told.length === 2")
    page.evaluate("silence()")
    say(body, name, {"id": 2})
    page.wait_for_function("told.length === 3")
    assert page.evaluate("told") == [1, 1, 2]


def test_the_frame_opens_and_closes(page: Any, shop: str) -> None:
    body = open_chat(page, shop)
    page.evaluate("window.told = []; ['open', 'close'].forEach((name) => MiniChat('on', name, () => told.push(name)))")
    say(body, "close", None)
    expect(launcher(page)).to_be_focused()
    say(body, "open", None)
    expect(launcher(page)).to_have_attribute("aria-expanded", "true")
    assert page.evaluate("told") == ["close", "open"]


def test_elements_of_the_page_open_the_chat(page: Any, shop: str) -> None:
    page.goto(shop)
    page.locator("#ask").click()
    expect(frame(page).locator("#body")).to_be_visible()
    page.evaluate("Object.assign(ask.dataset, { minichat: 'ask', minichatText: 'Is it in stock?' })")
    page.locator("#ask").click()
    assert hears(frame(page).locator("#body"), "ask") == "Is it in stock?"
    page.evaluate("ask.dataset.minichat = 'destroy'; ask.click()")
    assert page.locator("minichat-widget").count() == 1


def test_without_a_button(page: Any, shop: str) -> None:
    page.goto(f"{shop}?launcher=none&position=left&z=7")
    expect(launcher(page)).to_be_hidden()
    page.locator("#ask").focus()
    page.evaluate("MiniChat('open')")
    expect(page.locator("minichat-widget iframe")).to_be_focused()
    page.evaluate("MiniChat('close')")
    expect(page.locator("#ask")).to_be_focused()
    page.evaluate("MiniChat('show')")
    box = launcher(page).bounding_box()
    assert box["x"] == 20 and box["width"] == 56
    assert page.evaluate("getComputedStyle(document.querySelector('minichat-widget')).zIndex") == "7"


def test_it_is_not_printed(page: Any, shop: str) -> None:
    page.goto(shop)
    expect(launcher(page)).to_be_visible()
    page.emulate_media(media="print")
    expect(launcher(page)).to_be_hidden()


def test_a_script_loaded_twice_is_one_widget(page: Any, shop: str) -> None:
    body = open_chat(page, shop)
    page.evaluate(
        """() => new Promise((done) => {
          const [first] = document.scripts;
          const again = document.createElement('script');
          const policy = trustedTypes.createPolicy('test', { createScriptURL: (url) => url });
          again.dataset.key = first.dataset.key;
          again.src = policy.createScriptURL(first.src);
          again.onload = done;
          document.body.append(again);
        })"""
    )
    assert page.locator("minichat-widget").count() == 1
    expect(body).to_be_visible()


def test_a_browser_without_constructed_stylesheets(page: Any, shop: str) -> None:
    page.add_init_script("delete Document.prototype.adoptedStyleSheets")
    open_chat(page, shop)
    assert page.evaluate("document.querySelector('minichat-widget').shadowRoot.adoptedStyleSheets.length") == 0
    box = launcher(page).bounding_box()
    assert (box["x"], box["y"], box["width"], box["height"]) == (1124, 724, 56, 56)
    assert page.locator("minichat-widget iframe").bounding_box()["width"] == 392
    page.set_viewport_size({"width": 390, "height": 700})
    expect(launcher(page)).to_be_hidden()
    page.evaluate("MiniChat('close')")
    expect(launcher(page)).to_be_visible()


# --- A hostile page ---------------------------------------------------------------------------------------------------

HOSTILE = """
window.seen = [];
for (const [name, value] of Object.entries({ t: 'token', mc: 'hello', key: 'wk_evil', color: 'x', consent: 'no',
  minichat: 'ask', open: 'true', scroll: true, exit: true, port: 1 })) Object.prototype[name] ??= value;
const spy = (owner, name) => {
  const original = owner[name];
  owner[name] = function (...args) { seen.push(name + JSON.stringify(args)); return original.apply(this, args); };
};
spy(window, 'fetch');
spy(XMLHttpRequest.prototype, 'send');
spy(navigator, 'sendBeacon');
spy(window, 'postMessage');
var origin = 'https://evil.example', scrollY = 'x', navigation = {};
"""


def test_SR38_a_hostile_page_gets_nothing_it_did_not_have(page: Any, shop: str) -> None:
    """Polluted prototypes, patched functions, and `MiniChat` overwritten: the chat opens all the same, and what the
    page could not read before (what is said in the frame) it cannot read now."""
    page.add_init_script(f"if (self === top) {{ {HOSTILE} }}")
    page.goto(shop)
    page.wait_for_function("document.querySelector('minichat-widget')")
    page.evaluate("() => { window.MiniChat = () => { throw new Error('mine') } }")
    page.locator("#ask").click()
    body = frame(page).locator("#body")
    expect(body).to_be_visible()
    given = body.evaluate("() => [location.search, heard[0].d.token]")
    assert given[0].startswith("?o=http%3A%2F%2F127.0.0.1") and given[1] is None
    body.fill("my secret")
    say(body, "token", TOKEN)
    page.wait_for_timeout(200)
    told = "\n".join(page.evaluate("seen"))
    assert "secret" not in told and TOKEN not in told
    reach = "document.querySelector('minichat-widget').shadowRoot.querySelector('iframe')"
    assert page.evaluate(f"{reach}.contentDocument") is None


def test_SR37_only_the_frame_greets_and_only_what_is_known_is_heard(page: Any, shop: str) -> None:
    body = open_chat(page, shop)
    page.evaluate("window.ports = 0; addEventListener('message', (event) => { ports += event.ports.length })")
    for message in ("{ mc: 'hello' }", "{ mc: 'port' }", "null", "'hello'", "{ t: 'token', d: 'stolen' }"):
        page.evaluate(f"postMessage({message}, '*')")
    stranger = page.evaluate_handle(
        """() => { const other = document.createElement('iframe'); document.body.append(other);
                   other.contentWindow.parent.postMessage({ mc: 'hello' }, '*'); return other }"""
    )
    assert stranger
    for type, data in (("constructor", 1), ("__proto__", 1), ("destroy", 1), ("lang", "th"), (None, None)):
        say(body, type, data)
    body.evaluate("() => { say('outbox', 'x'); say('sense', null); say('unread', 'x'); say('ready', 'url(//evil)') }")
    page.wait_for_timeout(300)
    assert page.evaluate("ports") == 0 and page.evaluate(STORED) == ""
    assert page.locator("minichat-widget").count() == 1
    assert heard(body, "init") == [hears(body, "init")]
