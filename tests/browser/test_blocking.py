"""A visitor who is blocked: the dialog says what happens, their line closes, and their words stay in their field."""

from __future__ import annotations

import uuid
from typing import Any

from playwright.sync_api import expect

from tests.browser.house import House
from tests.browser.people import OperatorPage, VisitorPage


def test_blocking_closes_the_visitors_line(house: House, visit: Any) -> None:
    about = f"spam {uuid.uuid4().hex[:8]}"
    visitor = VisitorPage(visit.context(), house.shop)
    visitor.open()
    visitor.write(about)
    omar = OperatorPage(visit.signed_in("omar@acme.test"), house.url)
    omar.open_row(about)
    omar.sees(about)
    visitor.frame.locator("textarea").fill("half a word")
    omar.page.keyboard.press("b")
    dialog = omar.page.locator("#block")
    expect(dialog).to_contain_text("arrives as a new visitor")
    omar.page.keyboard.press("Enter")
    expect(dialog).to_be_hidden()
    expect(omar.page.locator("#thread-head")).to_have_attribute("data-blocked", "false")
    omar.page.keyboard.press("b")
    dialog.get_by_role("button", name="Block", exact=True).click()
    expect(omar.page.locator("#thread-head")).to_have_attribute("data-blocked", "true")
    expect(visitor.frame.locator("textarea")).to_have_value("half a word")
    expect(visitor.frame.get_by_text("You cannot write here at the moment.").first).to_be_visible()
    omar.page.goto(f"{house.url}/w/acme/settings/blocked/")
    omar.page.get_by_role("button", name="Unblock").first.click()
    expect(omar.page.locator(".toast", has_text="can write again")).to_be_visible()
    visitor.page.reload()
    visitor.open()
    visitor.write("back again")
    visitor.sees("back again")
