"""The whole widget on customers' pages: under the strictest policy, waiting for consent, and pinned to a version."""

from __future__ import annotations

import time
from typing import Any

from playwright.sync_api import expect

from tests.browser.customers import StrictSite, calm, strict
from tests.browser.house import House
from tests.browser.people import OperatorPage
from tests.browser.test_pages import inbox_of

__all__ = ["calm", "strict"]
STORED = "Object.keys(localStorage).concat(Object.keys(sessionStorage)).join()"


def test_SR38_it_chats_where_nothing_is_allowed(house: House, visit: Any, strict: StrictSite, calm: Any) -> None:
    visitor = calm(strict)
    visitor.open()
    visitor.write("from a strict page")
    omar = OperatorPage(visit.signed_in("omar@acme.test"), house.url)
    omar.open_row("from a strict page")
    omar.write("nothing stands in our way")
    visitor.sees("nothing stands in our way")
    visitor.page.set_viewport_size({"width": 390, "height": 700})
    expect(visitor.page.locator("minichat-widget iframe")).to_be_visible()


def test_nobody_is_made_before_consent(house: House, strict: StrictSite, calm: Any) -> None:
    strict.more = ' data-consent="required"'
    before = house.rows("select count(*) from chat_visitor")
    visitor = calm(strict)
    visitor.open()
    expect(visitor.frame.locator("#consent")).to_be_visible()
    visitor.write("written before consent")
    visitor.page.wait_for_timeout(1500)
    assert visitor.page.evaluate(STORED) == "" and house.rows("select count(*) from chat_visitor") == before
    visitor.frame.locator("#agree").click()
    expect(visitor.frame.locator("#consent")).to_be_hidden()
    expect(visitor.frame.locator("#log .m.me[data-state=sending]")).to_have_count(0)
    visitor.page.wait_for_function("localStorage.length > 0")
    deadline = time.monotonic() + 10
    while not house.texts("written before consent") and time.monotonic() < deadline:
        visitor.page.wait_for_timeout(100)
    assert house.texts("written before consent") == ["written before consent"]
    visitor.page.evaluate("MiniChat('consent', false)")
    visitor.page.wait_for_function("localStorage.length === 0")


def test_SR38_a_pinned_version_whose_hash_the_browser_checks(
    house: House, visit: Any, strict: StrictSite, calm: Any
) -> None:
    page = visit.signed_in("ana@acme.test").new_page()
    page.goto(f"{house.url}/w/acme/settings/inboxes/{inbox_of(house)}/install/")
    page.locator("details.more summary").click()
    strict.script = page.locator("#pinned").inner_text()
    assert "/widget/v1/" in strict.script and 'integrity="sha384-' in strict.script
    visitor = calm(strict)
    visitor.open()
    visitor.write("from a pinned version")
    expect(visitor.frame.locator("#log .m.me[data-state=sending]")).to_have_count(0)


def test_a_page_that_moves_without_loading_is_followed(house: House, visit: Any, strict: StrictSite, calm: Any) -> None:
    visitor = calm(strict)
    visitor.open()
    visitor.write("shall I take it?")
    visitor.page.evaluate("document.title = 'The cart'; history.pushState({}, '', '/cart')")
    visitor.page.wait_for_timeout(500)
    omar = OperatorPage(visit.signed_in("omar@acme.test"), house.url)
    omar.open_row("shall I take it?")
    expect(omar.page.locator("#details .steps").first).to_contain_text("The cart")
