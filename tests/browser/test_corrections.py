"""Edit and delete, seen on both sides while it happens."""

from __future__ import annotations

import re
from typing import Any

import pytest
from playwright.sync_api import expect

from tests.browser.house import House
from tests.browser.people import OperatorPage, VisitorPage


@pytest.fixture
def talking(house: House, visit: Any) -> tuple[VisitorPage, OperatorPage]:
    visitor = VisitorPage(visit.context(), house.shop)
    visitor.open()
    visitor.write("when does the orange lamp arrive?")
    omar = OperatorPage(visit.signed_in("omar@acme.test"), house.url)
    omar.open_row("orange lamp")
    omar.write("It arrives on Mnoday.")
    visitor.sees("It arrives on Mnoday.")
    return visitor, omar


def test_an_edit_by_keyboard_is_seen_on_both_sides(talking: tuple[VisitorPage, OperatorPage]) -> None:
    visitor, omar = talking
    field = omar.page.locator("#composer-text")
    expect(omar.page.locator("[data-edit]:not([hidden])")).to_have_count(1)
    field.press("ArrowUp")
    edit = omar.page.locator("[data-edit-text]")
    expect(edit).to_be_focused()
    expect(edit).to_have_value("It arrives on Mnoday.")
    edit.fill("It arrives on Monday.")
    edit.press("Enter")
    visitor.sees("It arrives on Monday.")
    omar.sees("It arrives on Monday.")
    expect(field).to_be_focused()
    assert omar.texts() == visitor.texts() == ["when does the orange lamp arrive?", "It arrives on Monday."]
    expect(omar.page.locator("#log .msg-out .meta")).to_contain_text("edited")


def test_a_cancelled_edit_changes_nothing(talking: tuple[VisitorPage, OperatorPage]) -> None:
    visitor, omar = talking
    omar.page.locator("#composer-text").press("ArrowUp")
    omar.page.locator("[data-edit-text]").fill("never mind")
    omar.page.locator("[data-edit-text]").press("Escape")
    expect(omar.page.locator("[data-edit-form]")).to_have_count(0)
    omar.sees("It arrives on Mnoday.")
    visitor.sees("It arrives on Mnoday.")


def test_an_edit_in_the_tunnel_keeps_its_words(talking: tuple[VisitorPage, OperatorPage]) -> None:
    _, omar = talking
    omar.page.route(re.compile("/edit/$"), lambda route: route.abort())
    omar.page.locator("#composer-text").press("ArrowUp")
    edit = omar.page.locator("[data-edit-text]")
    edit.fill("It arrives on Tuesday.")
    edit.press("Enter")
    expect(omar.page.locator("[data-edit-form] .err")).to_contain_text("No connection")
    expect(edit).to_have_value("It arrives on Tuesday.")
    omar.page.unroute(re.compile("/edit/$"))
    edit.press("Enter")
    omar.sees("It arrives on Tuesday.")


def test_a_deleted_message_is_gone_for_the_visitor_too(talking: tuple[VisitorPage, OperatorPage]) -> None:
    visitor, omar = talking
    omar.page.locator("#log .msg-out").hover()
    omar.page.locator("[data-delete]").click()
    dialog = omar.page.locator("#delete-message")
    expect(dialog).to_contain_text("visitor")
    expect(dialog.get_by_role("button", name="Cancel")).to_be_focused()
    dialog.get_by_role("button", name="Delete").click()
    expect(omar.page.locator("#log .bubble-gone")).to_be_visible()
    expect(visitor.frame.locator("#log .b.gone")).to_be_visible()
    assert "Mnoday" not in visitor.frame.locator("#log").inner_text() + omar.page.locator("#log").inner_text()
    expect(omar.page.locator(".msg-tools")).to_have_count(0)
