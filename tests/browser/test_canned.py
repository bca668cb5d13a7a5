"""Canned responses under the hands of an operator."""

from __future__ import annotations

from typing import Any

import pytest
from playwright.sync_api import expect

from tests.browser.house import House
from tests.browser.people import OperatorPage, VisitorPage


@pytest.fixture
def omar(house: House, visit: Any) -> OperatorPage:
    """In a conversation with a visitor who has not said their name, with two texts of his own."""
    visitor = VisitorPage(visit.context(), house.shop)
    visitor.open()
    visitor.write("is the purple mug in stock?")
    operator = OperatorPage(visit.signed_in("omar@acme.test"), house.url)
    for shortcut, body in (("mug-stock", "Yes, it is in stock."), ("dear", "Dear {contact}, {operator} here.")):
        operator.page.goto(f"{house.url}/w/acme/canned/new/")
        operator.page.fill("[name=shortcut]", shortcut)
        operator.page.fill("[name=body]", body)
        operator.page.locator("form.form .btn-primary").click()
        # Saved, or refused because the test before saved it.
        expect(operator.page.locator(".row-item, .field .err").first).to_be_visible()
    operator.page.goto(f"{house.url}/w/acme/conversations/")
    operator.open_row("purple mug")
    return operator


def test_slash_by_keyboard_and_a_name_that_is_missing(omar: OperatorPage) -> None:
    page = omar.page
    field, slash = page.locator("#composer-text"), page.locator("#slash")
    field.press_sequentially("/mug")
    expect(slash.get_by_role("option")).to_have_count(1)
    expect(field).to_have_attribute("aria-activedescendant", "slash-0")
    field.press("Enter")
    expect(field).to_have_value("Yes, it is in stock.")
    field.press("Enter")
    omar.sees("Yes, it is in stock.")

    field.press_sequentially("/dear")
    field.press("Tab")
    expect(field).to_have_value("Dear {contact}, Omar Haddad here.")
    field.press("Enter")
    expect(page.locator("#composer-problem")).to_contain_text("{contact}")
    expect(field).to_have_value("Dear {contact}, Omar Haddad here.")
    # What is missing is marked: one types over it.
    field.press_sequentially("Joe")
    field.press("Enter")
    omar.sees("Dear Joe, Omar Haddad here.")


def test_escape_and_the_button(omar: OperatorPage) -> None:
    page = omar.page
    field, slash = page.locator("#composer-text"), page.locator("#slash")
    page.locator("[data-canned-open]").click()
    expect(slash).to_be_visible()
    field.press("Escape")
    expect(slash).to_be_hidden()
    expect(field).to_have_value("/")
    field.fill("either/or")
    expect(slash).to_be_hidden()
    field.fill("/nothing-like-it")
    expect(slash).to_contain_text("No canned response matches")
    field.press("Enter")
    omar.sees("/nothing-like-it")
    page.locator("[data-canned-open]").click()
    slash.get_by_role("option").first.click()
    expect(field).to_be_focused()
    expect(field).not_to_have_value("/")


def test_a_choice_is_not_taken_from_under_a_finger(omar: OperatorPage) -> None:
    """The list is asked for once, however fast one types; and drawn anew only once the button is up again."""
    page, asked = omar.page, []
    field, option = page.locator("#composer-text"), page.locator("#slash [role=option]")
    address = page.locator("#composer").get_attribute("data-canned")

    def late(route: Any) -> None:
        asked.append(route.request.url)
        page.wait_for_timeout(500)
        route.continue_()

    page.route(f"**{address}", late)
    field.press_sequentially("/mug")
    expect(option).to_have_count(1)
    assert len(asked) == 1
    option.hover()
    page.mouse.down()
    field.evaluate("field => field.dispatchEvent(new InputEvent('input', { bubbles: true }))")
    page.wait_for_timeout(200)
    page.mouse.up()
    expect(field).to_have_value("Yes, it is in stock.")
    # Lifted beside it, nothing is chosen, and the list goes on.
    field.fill("/mug")
    expect(option).to_have_count(1)
    option.hover()
    page.mouse.down()
    field.press_sequentially("-none")
    page.mouse.move(5, 5)
    page.mouse.up()
    expect(page.locator("#slash")).to_contain_text("No canned response matches")
