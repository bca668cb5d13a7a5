"""What a tab does when something comes in: its title, its sound, and what stands beside the button that sends."""

from __future__ import annotations

import re
from typing import Any

from playwright.sync_api import expect

from tests.browser.house import House
from tests.browser.people import OperatorPage, VisitorPage

# Counts what a loudspeaker would play; two tones are one ring.
LISTEN = """
window.rang = 0;
navigator.setAppBadge = async number => { window.badge = number; };
navigator.clearAppBadge = async () => { window.badge = 0; };
window.AudioContext = class {
  state = 'running'; currentTime = 0; destination = {};
  async resume() {}
  createOscillator() {
    return { frequency: {}, connect: next => next, start() { window.rang += 0.5; }, stop() {} };
  }
  createGain() {
    return { gain: { setValueAtTime() {}, exponentialRampToValueAtTime() {} }, connect: next => next };
  }
};
"""
LOOK_AWAY = """
Object.defineProperty(document, 'hidden', { configurable: true, get: () => true });
Object.defineProperty(document, 'visibilityState', { configurable: true, get: () => 'hidden' });
document.dispatchEvent(new Event('visibilitychange'));
"""
COME_BACK = (
    "delete document.hidden; delete document.visibilityState; document.dispatchEvent(new Event('visibilitychange'));"
)


def test_a_hidden_tab_flashes_and_rings_once(house: House, visit: Any) -> None:
    context = visit.signed_in("omar@acme.test")
    context.add_init_script(LISTEN)
    omar = OperatorPage(context, house.url).page
    expect(omar.locator("a.row").first).to_be_visible()
    omar.evaluate(LOOK_AWAY)
    visitor = VisitorPage(visit.context(), house.shop)
    visitor.open()
    for words in ("anybody there", "to hear me", "ring once"):
        visitor.write(words)
    expect(omar).to_have_title(re.compile("^New message from"))
    expect(omar).to_have_title(re.compile(r"^\(\d+\) "))
    expect(omar.locator("a.row", has_text="ring once")).to_be_visible()
    assert omar.evaluate("window.rang") == 1
    omar.evaluate(COME_BACK)
    assert re.fullmatch(r"\(\d+\) Inbox · MiniChat", omar.title()), "the number stays, the flashing does not"
    assert f"({omar.evaluate('window.badge')})" == omar.title().split()[0], "the icon says another number"
    omar.locator("a.row", has_text="ring once").click()
    expect(omar.locator("#composer-text")).to_be_visible()
    visitor.write("seen at once")
    expect(omar.locator("#log [data-text]").last).to_have_text("seen at once")
    assert omar.evaluate("window.rang") == 1, "it rang for what is being read"


def test_the_switch_keeps_it_silent(house: House, visit: Any) -> None:
    context = visit.signed_in("omar@acme.test")
    context.add_init_script(LISTEN)
    page = context.new_page()
    page.goto(f"{house.url}/w/acme/settings/notifications/")
    page.locator("[data-sound] input").uncheck()
    page.locator("[data-sound-test]").click()
    assert page.evaluate("window.rang") == 1
    page.reload()
    expect(page.locator("[data-sound] input")).not_to_be_checked()
    page.goto(f"{house.url}/w/acme/conversations/")
    visitor = VisitorPage(visit.context(), house.shop)
    visitor.open()
    visitor.write("quiet please")
    expect(page.locator("a.row", has_text="quiet please")).to_be_visible(timeout=10_000)
    assert page.evaluate("window.rang") == 0


def test_beside_the_button_stands_what_becomes_of_a_reply(house: House, visit: Any) -> None:
    context = visit.context()
    visitor = VisitorPage(context, house.shop)
    visitor.open()
    visitor.write("beside the button")
    omar = OperatorPage(visit.signed_in("omar@acme.test"), house.url)
    omar.open_row("beside the button")
    state = omar.page.locator("#composer-state")
    expect(state).to_have_text("", use_inner_text=True)
    omar.page.locator("#thread-head [data-close] button").click()
    expect(state).to_contain_text("A reply opens it again.", use_inner_text=True)
    state.get_by_role("button", name="Reopen").click()
    expect(state).to_have_text("", use_inner_text=True)
    context.close()
    expect(state).to_contain_text("Has left the site", use_inner_text=True)


def test_an_answer_that_was_on_the_way_brings_nobody_back(house: House, visit: Any) -> None:
    """The header that answers a verb was drawn while the visitor was there; it arrives after they left."""
    context = visit.context()
    visitor = VisitorPage(context, house.shop)
    visitor.open()
    visitor.write("gone meanwhile")
    omar = OperatorPage(visit.signed_in("omar@acme.test"), house.url)
    omar.open_row("gone meanwhile")
    state, toasts = omar.page.locator("#composer-state"), omar.page.locator("#toasts")
    expect(omar.page.locator("#thread-head").get_by_text("On site now")).to_be_visible()
    held: list[Any] = []
    omar.page.route("**/resolution/", lambda route: held.append((route, route.fetch())))
    omar.page.locator("#thread-head [data-close] button").click()
    expect(state).to_contain_text("A reply opens it again.", use_inner_text=True)
    context.close()
    expect(omar.page.locator("#thread-head [data-presence]")).to_be_hidden()
    route, answer = held.pop()
    route.fulfill(response=answer)
    expect(toasts).to_contain_text("Conversation closed.")
    expect(omar.page.locator("#thread-head [data-presence]")).to_be_hidden()
