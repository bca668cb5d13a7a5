"""The inbox under the hands of the team: keyboard, phone, two tabs, a role that only reads, a lost session."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any

import pytest
from playwright.sync_api import expect

from tests.browser.house import House
from tests.browser.people import OperatorPage, VisitorPage

# What a Thai layout types on these keys.
THAI_J, THAI_E = ("่", "KeyJ"), ("ำ", "KeyE")
_STORED = re.compile(r"^m-")


@pytest.fixture
def ask(house: House, visit: Any) -> Callable[[str], VisitorPage]:
    """A new visitor on the shop says this."""

    def open_and_write(text: str) -> VisitorPage:
        visitor = VisitorPage(visit.context(), house.shop)
        visitor.open()
        visitor.write(text)
        return visitor

    return open_and_write


def opened(house: House, context: Any, text: str) -> OperatorPage:
    operator = OperatorPage(context, house.url)
    operator.open_row(text)
    operator.sees(text)
    return operator


def press(page: Any, key: str, code: str) -> None:
    """A key of another layout; Playwright's keyboard is always American."""
    page.evaluate("document.activeElement.blur()")
    event = "new KeyboardEvent('keydown', {key: k, code: c, bubbles: true, cancelable: true})"
    page.evaluate(f"([k, c]) => document.body.dispatchEvent({event})", [key, code])


def test_single_keys_work_with_a_thai_layout(house: House, visit: Any, ask: Any) -> None:
    ask("which key is this on a Thai keyboard?")
    omar = opened(house, visit.signed_in("omar@acme.test"), "which key is this")
    before = omar.page.url
    press(omar.page, *THAI_E)
    expect(omar.page.locator("#thread-head")).to_have_attribute("data-status", "resolved")
    press(omar.page, *THAI_J)
    expect(omar.page.locator("#panes")).not_to_have_attribute("data-conversation", before.rstrip("/").split("/")[-1])
    assert omar.page.url != before


def test_letters_in_a_field_are_letters(house: House, visit: Any, ask: Any) -> None:
    ask("do shortcuts eat my words?")
    omar = opened(house, visit.signed_in("omar@acme.test"), "do shortcuts eat")
    omar.page.locator("#composer-text").click()
    omar.page.keyboard.type("jeanne")
    expect(omar.page.locator("#composer-text")).to_have_value("jeanne")
    expect(omar.page.locator("#thread-head")).to_have_attribute("data-status", "open")


def test_a_phone_walks_from_the_list_to_the_details_and_back(house: House, visit: Any, ask: Any) -> None:
    ask("answer me from the train")
    page = opened(house, visit.phone(storage_state=_session(visit)), "answer me from the train").page
    expect(page.locator("#list")).to_be_hidden()
    page.locator("#thread-head [data-nav=details]").click()
    expect(page.locator("#details .who")).to_be_visible()
    assert page.url.endswith("/details/")
    page.go_back()
    expect(page.locator("#composer-text")).to_be_visible()
    page.go_back()
    expect(page.locator("#list")).to_be_visible()
    expect(page.locator("#composer-text")).to_have_count(0)


def test_sending_with_ctrl_enter_resolves_and_a_reply_reopens(house: House, visit: Any, ask: Any) -> None:
    ask("thanks, that was all")
    omar = opened(house, visit.signed_in("omar@acme.test"), "thanks, that was all")
    omar.page.locator("#composer-text").fill("You are welcome")
    omar.page.locator("#composer-text").press("Control+Enter")
    expect(omar.page.locator("#thread-head")).to_have_attribute("data-status", "resolved")
    expect(omar.page.locator("a.row", has_text="You are welcome")).to_have_count(0)
    omar.write("One more thing")
    expect(omar.page.locator("#thread-head")).to_have_attribute("data-status", "open")
    expect(omar.page.locator("a.row", has_text="One more thing")).to_be_visible()
    expect(omar.page.locator("[id=thread-head]")).to_have_count(1)


def test_two_tabs_of_an_operator_agree_on_texts_and_on_what_is_read(house: House, visit: Any, ask: Any) -> None:
    visitor = ask("first of two tabs")
    context = visit.signed_in("omar@acme.test")
    listing = OperatorPage(context, house.url).page
    badge = listing.locator("a.row", has_text="of two tabs").locator("[data-unread]")
    expect(badge).to_be_visible()
    reading = opened(house, context, "first of two tabs")
    expect(badge).to_be_hidden()
    second = opened(house, context, "first of two tabs")
    reading.write("written in one of them")
    second.sees("written in one of them")
    visitor.write("second of two tabs")
    second.sees("second of two tabs")
    assert reading.texts() == second.texts() == house.texts("first of two tabs")


def test_who_only_reads_is_offered_nothing_else(house: House, visit: Any, ask: Any) -> None:
    ask("may a viewer answer this?")
    page = OperatorPage(visit.signed_in("vera@acme.test"), house.url).page
    page.locator("a.row", has_text="may a viewer").first.click()
    expect(page.locator("#log [data-text]")).to_have_text("may a viewer answer this?")
    omar = opened(house, visit.signed_in("omar@acme.test"), "may a viewer")
    omar.page.locator("#thread-head [data-close] button").click()
    expect(page.locator("#thread-head")).to_have_attribute("data-status", "resolved")
    expect(page.locator("#composer, .head-acts")).to_have_count(0)


def test_a_lost_session_keeps_the_text_until_the_person_is_back(house: House, visit: Any, ask: Any) -> None:
    ask("sign out in the middle")
    context = visit.signed_in("omar@acme.test")
    omar = opened(house, context, "sign out in the middle")
    address, session = omar.page.url, context.cookies()
    context.clear_cookies()
    context.set_offline(True)
    omar.write("written while signed out")
    context.set_offline(False)
    expect(omar.page.locator("#conn [data-sign-in]")).to_be_visible()
    assert house.texts("sign out in the middle") == ["sign out in the middle"]
    context.add_cookies(session)
    omar.page.goto(address)
    expect(omar.page.locator("#log article", has_text="written while signed out")).to_have_attribute("id", _STORED)
    assert house.texts("sign out in the middle") == ["sign out in the middle", "written while signed out"]


def _session(visit: Any) -> Any:
    return visit.signed_in("omar@acme.test").storage_state()
