"""Live visitors: somebody comes, an operator speaks first."""

from __future__ import annotations

from typing import Any

from playwright.sync_api import expect

from tests.browser.house import House
from tests.browser.people import VisitorPage, soon


def newest(house: House) -> int:
    """The number of whoever came last."""
    [(number,)] = house.rows(
        "select max(c.number) from contacts_contact c join workspaces_workspace w on w.id = c.workspace_id"
        " where w.slug = 'acme'"
    )
    return number


def row_of_the_next(house: House, page: Any, before: int) -> Any:
    """Of whoever comes after number `before`. Nobody counts the rows, or takes the first: whoever was there may leave
    at any moment."""
    soon(page, lambda: newest(house) > before)
    number = newest(house)
    return page.locator("#visitors tbody tr", has=page.get_by_role("cell", name=f"Visitor {number}", exact=True))


def test_from_the_list_into_a_chat(house: House, visit: Any) -> None:
    omar = visit.signed_in("omar@acme.test").new_page()
    omar.goto(f"{house.url}/w/acme/conversations/")
    omar.locator("#list").focus()
    omar.keyboard.press("g")
    omar.keyboard.press("v")
    omar.wait_for_url("**/w/acme/visitors/")

    before = newest(house)
    visitor = VisitorPage(visit.context(), house.shop)
    visitor.open()
    row = row_of_the_next(house, omar, before)
    expect(row).to_be_visible(timeout=5_000)
    visitor.page.locator("minichat-widget button.launcher").click()
    # Closed and at home: what comes now is unread.
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
    context, before = visit.context(), newest(house)
    visitor = VisitorPage(context, house.shop)
    visitor.open()
    ana = visit.signed_in("ana@acme.test").new_page()
    ana.goto(f"{house.url}/w/acme/visitors/")
    row = row_of_the_next(house, ana, before)
    expect(row).to_be_visible()
    context.close()
    expect(row).to_have_count(0, timeout=10_000)
