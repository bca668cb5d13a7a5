"""Live visitors: somebody comes, an operator speaks first."""

from __future__ import annotations

from typing import Any

from playwright.sync_api import expect

from tests.browser.house import House
from tests.browser.people import VisitorPage


def test_from_the_list_into_a_chat(house: House, visit: Any) -> None:
    omar = visit.signed_in("omar@acme.test").new_page()
    omar.goto(f"{house.url}/w/acme/conversations/")
    omar.locator("#list").focus()
    omar.keyboard.press("g")
    omar.keyboard.press("v")
    omar.wait_for_url("**/w/acme/visitors/")
    before = omar.locator("#visitors tbody tr").count()

    visitor = VisitorPage(visit.context(), house.shop)
    visitor.open()
    rows = omar.locator("#visitors tbody tr")
    expect(rows).to_have_count(before + 1, timeout=5_000)
    visitor.page.locator("minichat-widget button.launcher").click()
    # Closed and at home: what comes now is unread.
    row = rows.filter(has=omar.locator("[data-start-chat]")).first
    button = row.locator("[data-start-chat]")
    button.focus()
    omar.keyboard.press("Enter")
    field = omar.locator("#start-body")
    expect(field).to_be_focused()
    omar.keyboard.press("Escape")
    expect(button).to_be_focused()
    omar.keyboard.press("Enter")
    field.press_sequentially("Can I help you choose?")
    field.press("Control+Enter")
    omar.wait_for_url("**/conversations/*/")
    expect(omar.locator("#log [data-text]").last).to_have_text("Can I help you choose?")

    badge = visitor.page.locator("minichat-widget .badge")
    expect(badge).to_have_text("1")
    visitor.page.locator("minichat-widget button.launcher").click()
    visitor.sees("Can I help you choose?")
    visitor.write("Yes please")
    expect(omar.locator("#log [data-text]").last).to_have_text("Yes please")


def test_whoever_leaves_leaves_the_list(house: House, visit: Any) -> None:
    context = visit.context()
    visitor = VisitorPage(context, house.shop)
    visitor.open()
    ana = visit.signed_in("ana@acme.test").new_page()
    ana.goto(f"{house.url}/w/acme/visitors/")
    rows = ana.locator("#visitors tbody tr")
    expect(rows.first).to_be_visible()
    before = rows.count()
    context.close()
    expect(rows).to_have_count(before - 1, timeout=10_000)
