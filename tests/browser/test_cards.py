"""A card from a canned response, seen on both sides."""

from __future__ import annotations

from typing import Any

import pytest
from playwright.sync_api import expect

from tests.browser.house import House
from tests.browser.people import OperatorPage, VisitorPage
from tests.browser.test_pages import speak

HOSTILE = "<img src=x onerror=alert(1)>"


@pytest.fixture(params=["en", "th"])
def talking(request: Any, house: House, visit: Any) -> tuple[VisitorPage, OperatorPage]:
    visitor = VisitorPage(visit.context(locale=request.param), house.shop)
    visitor.open()
    visitor.write(f"which grinder is the quiet one? ({request.param})")
    context = visit.signed_in("omar@acme.test")
    speak(context, house, request.param)
    omar = OperatorPage(context, house.url)
    omar.page.goto(f"{house.url}/w/acme/canned/new/")
    omar.page.fill("[name=shortcut]", "kmax")
    omar.page.fill("[name=body]", "This one, it is quiet.")
    omar.page.locator("details.own-words summary").click()
    omar.page.fill("[name=card_title]", "K-Max")
    omar.page.fill("[name=card_lines]", f"64 mm burrs\n{HOSTILE}")
    omar.page.fill("[name=card_price]", "฿8,900")
    omar.page.fill("[name=card_label]", "See it")
    omar.page.fill("[name=card_url]", "https://shop.test/k-max?a=1&b=2")
    omar.page.locator("form.form .btn-primary").click()
    expect(omar.page.locator(".row-item, .field .err").first).to_be_visible()
    omar.page.goto(f"{house.url}/w/acme/conversations/")
    omar.open_row(f"quiet one? ({request.param})")
    omar.page.locator("#composer-text").press_sequentially("/kmax")
    omar.page.locator("#slash [role=option]").first.click()
    expect(omar.page.locator("#card [data-card-title]")).to_have_text("K-Max")
    return visitor, omar


def test_both_sides_see_it(talking: tuple[VisitorPage, OperatorPage]) -> None:
    visitor, omar = talking
    omar.page.reload()
    expect(omar.page.locator("#card [data-card-title]")).to_have_text("K-Max")
    omar.page.locator("#composer-text").press("Enter")
    expect(omar.page.locator("#card")).to_be_hidden()
    for card in (visitor.frame.locator("#log .crd"), omar.page.locator("#log .msg-card")):
        expect(card.locator("b")).to_have_text("K-Max")
        expect(card.locator("p")).to_have_text(["64 mm burrs", HOSTILE, "฿8,900"])
        link = card.get_by_role("link", name="See it")
        expect(link).to_have_attribute("href", "https://shop.test/k-max?a=1&b=2")
        expect(link).to_have_attribute("rel", "noopener noreferrer nofollow")
    visitor.sees("This one, it is quiet.")
    visitor.page.reload()
    visitor.page.locator("minichat-widget button.launcher").click()
    visitor.to_the_conversation()
    expect(visitor.frame.locator("#log .crd")).to_be_visible()
    omar.page.locator("#log .msg-out").last.hover()
    omar.page.locator("#log .msg-out").last.locator("[data-delete]").click()
    omar.page.locator("#delete-message .btn-danger").click()
    expect(visitor.frame.locator("#log .crd")).to_have_count(0)
    expect(omar.page.locator("#log .msg-card")).to_have_count(0)


def test_a_card_alone_and_one_that_was_taken_away(talking: tuple[VisitorPage, OperatorPage]) -> None:
    visitor, omar = talking
    field = omar.page.locator("#composer-text")
    # A note has none.
    omar.page.locator("#composer [data-mode=note]").click()
    expect(omar.page.locator("#card")).to_be_hidden()
    omar.page.locator("#composer [data-mode=reply]").click()
    field.fill("")
    field.press("Enter")
    expect(visitor.frame.locator("#log .crd b")).to_have_text("K-Max")
    expect(visitor.frame.locator("#log .b", has_text="K-Max")).to_be_hidden()
    expect(omar.page.locator("#log .msg-card")).to_have_count(1)
    expect(omar.page.locator("#log [data-text]", has_text="K-Max")).to_have_count(0)
    field.press_sequentially("/kmax")
    omar.page.locator("#slash [role=option]").first.click()
    omar.page.locator("#card button").click()
    expect(omar.page.locator("#card")).to_be_hidden()
    expect(field).to_be_focused()
    field.press("Enter")
    visitor.sees("This one, it is quiet.")
    expect(visitor.frame.locator("#log .crd")).to_have_count(1)
