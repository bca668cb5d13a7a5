"""The bell in two browsers and several tabs, by keyboard, and what a browser shows while nobody looks."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
from playwright.sync_api import expect

from tests.browser.house import House
from tests.browser.people import VisitorPage, soon
from tests.browser.test_pages import findings

# Stands in for the system's own display, which a test cannot see.
WATCH_NOTIFICATIONS = """
window.shown = [];
window.asked = 0;
window.Notification = class extends EventTarget {
  static permission = window.startsWith ?? 'granted';
  static async requestPermission() { window.asked += 1; return Notification.permission = window.answer ?? 'granted'; }
  constructor(title, options) { super(); window.shown.push({ title, ...options }); window.last = this; }
  close() {}
};
"""
LOOK_AWAY = """
Object.defineProperty(document, 'hidden', { get: () => true });
document.hasFocus = () => false;
"""


@pytest.fixture
def vic(house: House, visit: Any) -> Iterator[VisitorPage]:
    yield VisitorPage(visit.context(), house.shop)


def number(page: Any) -> Any:
    return page.locator("#bell-button [data-bell-count]")


def unread(page: Any) -> int:
    page.wait_for_timeout(300)
    return int(number(page).inner_text() or 0)


def test_two_browsers_one_rings_the_other_reads(house: House, visit: Any, vic: VisitorPage) -> None:
    """A visitor begins to wait: the bell of a page without an inbox counts up; taking the chat stops it."""
    ana = visit.signed_in("ana@acme.test").new_page()
    adam = visit.signed_in("adam@acme.test").new_page()
    ana.goto(f"{house.url}/w/acme/settings/team/")
    adam.goto(f"{house.url}/w/acme/notifications/")
    before, before_adam = unread(ana), unread(adam)
    vic.open()
    vic.write("Is anybody at the bell?")
    expect(number(ana)).to_have_text(str(before + 1), timeout=10_000)
    expect(number(adam)).to_have_text(str(before_adam + 1), timeout=10_000)
    newest = adam.locator(".news-page [data-notification]").first
    expect(newest).to_contain_text("is waiting for an answer.")
    expect(newest).to_have_class("news-item is-unread is-fresh")
    expect(ana.locator("#live")).to_contain_text("is waiting for an answer.")

    ana.locator("#bell-button").click()
    expect(ana.locator("#bell-list [data-notification]").first).to_contain_text("is waiting for an answer.")
    assert findings(ana) == []
    ana.locator("#bell-list [data-notification-link]").first.click()
    ana.wait_for_url("**/conversations/*/")
    expect(number(ana)).to_have_text(str(before) if before else "", timeout=10_000)
    expect(number(adam)).to_have_text(str(before_adam + 1))
    ana.locator("#thread-head form[action*=takeover] button").click()
    expect(number(adam)).to_have_text(str(before_adam) if before_adam else "", timeout=10_000)
    expect(newest).not_to_have_class("is-unread")


def test_all_tabs_agree_and_all_can_be_read_at_once(house: House, visit: Any, vic: VisitorPage) -> None:
    context = visit.signed_in("omar@acme.test")
    one, two = context.new_page(), context.new_page()
    one.goto(f"{house.url}/w/acme/notifications/?show=unread")
    two.goto(f"{house.url}/w/acme/conversations/")
    before = unread(two)
    vic.open()
    vic.write("Two tabs, one truth")
    for tab in (one, two):
        expect(number(tab)).to_have_text(str(before + 1), timeout=10_000)
    one.locator(".news-page [data-notification-read] button").first.click()
    for tab in (one, two):
        expect(number(tab)).to_have_text(str(before) if before else "", timeout=10_000)
    two.locator("#bell-button").click()
    expect(two.locator("#bell-list [data-notification]").first).to_be_visible()
    everything = two.locator("#bell-panel [data-notifications-read-all] button")
    if everything.is_visible():
        everything.click()
    for tab in (one, two):
        expect(number(tab)).to_have_text("", timeout=10_000)
        expect(tab.locator("#bell-words")).to_have_text("No unread notifications")
    expect(one.locator(".top [data-notifications-read-all]")).to_be_hidden()
    one.reload()
    expect(one.locator("[data-notifications-none]").first).to_contain_text("Nothing unread")


ENDS_AT_A_KEY = """
addEventListener('keydown', () => {
  const links = [...document.querySelectorAll('#bell-list [data-notification-link]')];
  window.ends = { first: links[0], last: links.at(-1) };
}, { capture: true });
"""


FOCUSED_ENTRY = "document.activeElement.closest('[data-notification]')?.id"


def test_the_bell_by_keyboard(house: House, visit: Any) -> None:
    page = visit.signed_in("ana@acme.test").new_page()
    page.goto(f"{house.url}/w/acme/settings/team/")
    bell = page.locator("#bell-button")
    for _ in range(6):
        page.keyboard.press("Tab")
        if bell.evaluate("button => button === document.activeElement"):
            break
    expect(bell).to_be_focused()
    page.keyboard.press("Enter")
    expect(page.locator("#bell-panel")).to_be_visible()
    expect(bell).to_have_attribute("aria-expanded", "true")
    links = page.locator("#bell-list [data-notification-link]")
    expect(links.first).to_be_visible()
    # What others do meanwhile comes in above: the ends are those at the press of the key.
    page.evaluate(ENDS_AT_A_KEY)
    for key, end in (("ArrowDown", "first"), ("End", "last"), ("Home", "first")):
        page.keyboard.press(key)
        page.wait_for_function(f"document.activeElement === ends.{end}", timeout=5_000)
    page.keyboard.press("Escape")
    expect(page.locator("#bell-panel")).to_be_hidden()
    expect(bell).to_be_focused()
    expect(bell).to_have_attribute("aria-expanded", "false")


def test_the_list_that_is_looked_at_again_keeps_the_focus(house: House, visit: Any) -> None:
    page = visit.signed_in("ana@acme.test").new_page()
    page.goto(f"{house.url}/w/acme/settings/team/")
    links = page.locator("#bell-list [data-notification-link]")
    page.locator("#bell-button").click()
    expect(links.first).to_be_visible()
    page.keyboard.press("Escape")
    held: list[Any] = []
    page.route("**/notifications/latest/", lambda route: held.append((route, route.fetch())))
    page.locator("#bell-button").click()
    page.wait_for_function("document.activeElement.closest('#bell-panel')")
    page.evaluate(ENDS_AT_A_KEY)
    page.keyboard.press("ArrowDown")
    page.wait_for_function("document.activeElement === ends.first")
    here = page.evaluate(FOCUSED_ENTRY)
    soon(page, lambda: bool(held))
    route, answer = held.pop()
    links.last.evaluate("link => { link.dataset.old = 'true'; }")
    route.fulfill(response=answer)
    expect(page.locator("#bell-list [data-old]")).to_have_count(0)  # drawn
    assert page.evaluate(FOCUSED_ENTRY) == here


def test_a_list_that_does_not_load_says_so_and_can_be_tried_again(house: House, visit: Any) -> None:
    page = visit.signed_in("ana@acme.test").new_page()
    # A line that opens looks at the list again by itself, and the button is gone: here none opens.
    page.route_web_socket(lambda url: True, lambda socket: None)
    page.goto(f"{house.url}/w/acme/settings/team/")
    page.route("**/notifications/latest/", lambda route: route.abort())
    page.locator("#bell-button").click()
    expect(page.locator("[data-bell-failed]")).to_be_visible()
    expect(page.locator("[data-bell-failed]")).to_contain_text("The list did not load")
    page.unroute("**/notifications/latest/")
    page.locator("[data-bell-again]").click()
    expect(page.locator("#bell-list [data-notification]").first).to_be_visible()
    expect(page.locator("[data-bell-failed]")).to_be_hidden()


def test_without_scripts_the_bell_is_a_link_and_the_forms_work(house: House, visit: Any) -> None:
    state = visit.signed_in("vera@acme.test").storage_state()
    page = visit.context(java_script_enabled=False, storage_state=state).new_page()
    page.goto(f"{house.url}/w/acme/settings/team/")
    page.locator("#bell-button").click()
    page.wait_for_url("**/w/acme/notifications/")
    expect(page.locator("h1")).to_have_text("Notifications")


def test_a_phone_finds_the_list_under_more(house: House, visit: Any) -> None:
    state = visit.signed_in("ana@acme.test").storage_state()
    page = visit.phone(storage_state=state).new_page()
    page.goto(f"{house.url}/w/acme/settings/team/")
    page.locator(".tabbar [popovertarget=me-menu]").click()
    page.locator("#me-menu a[href$='/notifications/']").first.click()
    page.wait_for_url("**/w/acme/notifications/")


def test_a_browser_shows_what_nobody_looks_at_once_for_all_tabs(house: House, visit: Any, vic: VisitorPage) -> None:
    context = visit.signed_in("adam@acme.test")
    context.add_init_script(WATCH_NOTIFICATIONS)
    away = context.new_page()
    away.goto(f"{house.url}/w/acme/settings/team/")
    away.evaluate(LOOK_AWAY)
    vic.open()
    vic.write("Nobody looks")
    # Not `wait_for_function`: that evaluates in the page, which the policy refuses.
    soon(away, lambda: away.evaluate("shown.length"))
    [shown] = away.evaluate("shown")
    assert shown["title"] == "MiniChat" and shown["body"].endswith("is waiting for an answer.") and shown["tag"]
    # A second tab that somebody looks at: there it is in the bell, nothing pops up.
    looking = context.new_page()
    looking.goto(f"{house.url}/w/acme/notifications/")
    looking.evaluate("document.hasFocus = () => true")
    second = VisitorPage(visit.context(), house.shop)
    before = unread(looking)
    second.open()
    second.write("Somebody looks")
    expect(number(looking)).to_have_text(str(before + 1), timeout=10_000)
    looking.wait_for_timeout(500)
    assert away.evaluate("shown.length") == 1 and looking.evaluate("shown.length") == 0
    away.evaluate("last.dispatchEvent(new Event('click'))")
    away.wait_for_url("**/conversations/*/")


def test_a_browser_is_asked_on_a_click_only_and_says_what_became_of_it(house: House, visit: Any) -> None:
    for answer, sentence in (
        ("granted", "This browser shows notifications."),
        ("denied", "Notifications are blocked in this browser."),
    ):
        context = visit.signed_in("vera@acme.test")
        context.add_init_script(f"window.startsWith = 'default'; window.answer = '{answer}';{WATCH_NOTIFICATIONS}")
        page = context.new_page()
        page.goto(f"{house.url}/w/acme/settings/notifications/")
        expect(page.locator("[data-when=default]")).to_be_visible()
        assert page.evaluate("asked") == 0
        page.locator("[data-browser-allow]").click()
        expect(page.locator(f"[data-when={answer}]")).to_contain_text(sentence)
        expect(page.locator("[data-when=default]")).to_be_hidden()
        assert page.evaluate("asked") == 1 and findings(page) == []
        if answer == "granted":
            page.locator("[data-browser-test]").click()
            assert page.evaluate("shown[0].body") == "This is how a notification looks."
    context = visit.signed_in("vera@acme.test")
    context.add_init_script("delete window.Notification")
    page = context.new_page()
    page.goto(f"{house.url}/w/acme/settings/notifications/")
    expect(page.locator("[data-when=unsupported]")).to_be_visible()


def test_choices_are_kept(house: House, visit: Any) -> None:
    page = visit.signed_in("omar@acme.test").new_page()
    page.goto(f"{house.url}/w/acme/settings/notifications/")
    box = page.get_by_label("My role changes: Email")
    box.uncheck()
    page.get_by_label("Keep quiet hours").check()
    page.get_by_label("Until").fill("22:00")
    page.locator("form.form button[type=submit]").click()
    expect(page.locator("#id_quiet_until_error")).to_contain_text("differs from their beginning")
    expect(box).not_to_be_checked()  # nothing is lost
    page.get_by_label("Until").fill("06:30")
    page.locator("form.form button[type=submit]").click()
    expect(page.locator(".toast")).to_contain_text("Saved.")
    expect(box).not_to_be_checked()
    expect(page.get_by_label("Keep quiet hours")).to_be_checked()
    box.check()
    page.get_by_label("Keep quiet hours").uncheck()
    page.locator("form.form button[type=submit]").click()
    expect(page.locator(".toast")).to_contain_text("Saved.")
