"""Quick replies from both sides: written or called by the operator, sent by the visitor with a tap."""

from __future__ import annotations

from typing import Any

import pytest
from playwright.sync_api import expect

from tests.browser.house import House
from tests.browser.people import OperatorPage, VisitorPage
from tests.browser.test_pages import speak


@pytest.fixture(params=["en", "th"])
def talking(request: Any, house: House, visit: Any) -> tuple[VisitorPage, OperatorPage]:
    visitor = VisitorPage(visit.context(locale=request.param), house.shop)
    visitor.open()
    visitor.write(f"the teapot comes in which colours? ({request.param})")
    context = visit.signed_in("omar@acme.test")
    speak(context, house, request.param)
    omar = OperatorPage(context, house.url)
    omar.open_row(f"colours? ({request.param})")
    return visitor, omar


def offered(visitor: VisitorPage) -> Any:
    return visitor.frame.locator("#log .quick button")


def ask(omar: OperatorPage, text: str, *replies: str) -> None:
    omar.page.locator("[data-quick-open]").click()
    field = omar.page.locator("#quick input")
    for reply in replies:
        field.fill(reply)
        field.press("Enter")
    omar.page.locator("#composer-text").fill(text)
    omar.page.locator("#composer-text").press("Enter")
    expect(omar.page.locator("#quick")).to_be_hidden()


def test_a_tap_is_the_visitors_own_message(talking: tuple[VisitorPage, OperatorPage]) -> None:
    visitor, omar = talking
    ask(omar, "Which one do you like?", "Red", "น้ำเงิน", "<img src=x onerror=alert(1)>")
    expect(offered(visitor)).to_have_text(["Red", "น้ำเงิน", "<img src=x onerror=alert(1)>"])
    expect(omar.page.locator("#log .quicks li")).to_have_count(3)
    offered(visitor).nth(1).press("Enter")
    expect(visitor.frame.locator("#log .me .b").last).to_have_text("น้ำเงิน")
    expect(offered(visitor)).to_have_count(0)
    expect(visitor.frame.locator("#body")).to_be_focused()
    omar.sees("น้ำเงิน")
    expect(omar.page.locator("#log .quicks .is-chosen")).to_contain_text("น้ำเงิน")
    expect(omar.page.locator("#log .quicks .is-chosen .vh")).not_to_be_empty()
    omar.page.reload()
    expect(omar.page.locator("#log .quicks .is-chosen")).to_have_count(1)


def test_they_go_once_something_else_is_written(talking: tuple[VisitorPage, OperatorPage]) -> None:
    visitor, omar = talking
    ask(omar, "With or without lid?", "With", "Without")
    expect(offered(visitor)).to_have_count(2)
    omar.write("Both are here.")
    visitor.sees("Both are here.")
    expect(offered(visitor)).to_have_count(2)
    visitor.page.reload()
    visitor.page.locator("minichat-widget button.launcher").click()
    visitor.to_the_conversation()
    expect(offered(visitor)).to_have_count(2)
    visitor.write("neither")
    expect(offered(visitor)).to_have_count(0)
    omar.sees("neither")
    expect(omar.page.locator("#log .quicks .is-chosen")).to_have_count(0)
    ask(omar, "A cup then?", "Yes")
    expect(offered(visitor)).to_have_text(["Yes"])
    omar.page.locator("#log .msg-out").last.hover()
    omar.page.locator("#log .msg-out").last.locator("[data-delete]").click()
    omar.page.locator("#delete-message .btn-danger").click()
    expect(offered(visitor)).to_have_count(0)


def test_chips_in_the_composer(house: House, talking: tuple[VisitorPage, OperatorPage]) -> None:
    _, omar = talking
    page = omar.page
    page.locator("body").press("q")
    field, chips = page.locator("#quick input"), page.locator("#quick [data-reply]")
    expect(field).to_be_focused()
    for number in range(6):
        field.fill(f"answer {number}")
        field.press("Enter")
    expect(chips).to_have_count(6)
    expect(field).to_be_hidden()
    chips.first.locator("button").click()
    expect(chips).to_have_count(5)
    expect(field).to_be_focused()
    field.press("Backspace")
    expect(chips).to_have_count(4)
    field.fill("answer 1")
    field.press("Enter")
    expect(chips).to_have_count(4)
    # A note has none; they wait for the reply, also across a reload.
    page.locator("#composer [data-mode=note]").click()
    expect(page.locator("#quick")).to_be_hidden()
    page.reload()
    expect(chips).to_have_count(4)
    page.locator("#composer-text").fill("")
    page.locator("#composer-text").press("Enter")
    expect(page.locator("#composer-problem")).not_to_be_empty()
    # What stands in the field unfinished is meant as well.
    field.fill("the last one")
    omar.page.locator("#composer-text").fill("Which answer?")
    omar.page.locator("#composer-text").press("Enter")
    expect(page.locator("#log .quicks li")).to_have_text(
        ["answer 1", "answer 2", "answer 3", "answer 4", "the last one"]
    )


def test_a_canned_response_brings_them_along(house: House, talking: tuple[VisitorPage, OperatorPage]) -> None:
    visitor, omar = talking
    thread = omar.page.url
    omar.page.goto(f"{house.url}/w/acme/canned/new/")
    omar.page.fill("[name=shortcut]", "lid")
    omar.page.fill("[name=body]", "With a lid?")
    omar.page.fill("[name=quick_replies]", "Yes, please\nNo lid")
    omar.page.locator("form.form .btn-primary").click()
    expect(omar.page.locator(".row-item, .field .err").first).to_be_visible()
    omar.page.goto(thread)
    omar.page.locator("#composer-text").press_sequentially("/lid")
    omar.page.locator("#slash [role=option]").first.click()
    expect(omar.page.locator("#quick [data-reply]")).to_have_count(2)
    omar.page.locator("#composer-text").press("Enter")
    expect(offered(visitor)).to_have_text(["Yes, please", "No lid"])
