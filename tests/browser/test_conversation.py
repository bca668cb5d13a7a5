"""The main job: a visitor and an operator talk."""

from __future__ import annotations

import time
from collections.abc import Callable
from typing import Any

import pytest
from playwright.sync_api import expect

from tests.browser.house import House
from tests.browser.net import Website
from tests.browser.people import OperatorPage, VisitorPage, soon


def test_both_ways_on_two_sites_in_two_languages(house: House, visit: Any) -> None:
    """A phone on the demo shop, Thai; Omar in the inbox, English."""
    visitor = VisitorPage(visit.phone(locale="th-TH"), f"{house.shop}?lang=th")
    omar = OperatorPage(visit.signed_in("omar@acme.test"), house.url)
    visitor.open()
    expect(visitor.frame.locator("html")).to_have_attribute("lang", "th")
    visitor.write("สวัสดี มีเครื่องบดรุ่น K-Max ไหม")
    omar.open_row("K-Max ไหม")
    omar.sees("มีเครื่องบดรุ่น K-Max ไหม")
    omar.write("Yes, two are in stock.")
    visitor.sees("two are in stock")
    assert visitor.texts() == omar.texts() == ["สวัสดี มีเครื่องบดรุ่น K-Max ไหม", "Yes, two are in stock."]


def test_the_same_site_with_two_ports(
    house: House, visit: Any, website: Website, snippet: Callable[[str], str]
) -> None:
    website.embed(snippet(house.url))
    visitor = VisitorPage(visit.context(), f"http://127.0.0.1:{website.port}/")
    omar = OperatorPage(visit.signed_in("omar@acme.test"), house.url)
    visitor.open()
    visitor.write("same site, other port")
    omar.open_row("same site, other port")
    omar.write("it works here too")
    visitor.sees("it works here too")


def test_SR10_a_note_never_reaches_the_visitor(house: House, visit: Any) -> None:
    context = visit.context()
    received: list[str] = []

    def watch(socket: Any) -> None:
        socket.on("framereceived", lambda frame: received.append(str(frame)))

    context.on("page", lambda page: page.on("websocket", watch))
    visitor = VisitorPage(context, house.shop)
    omar = OperatorPage(visit.signed_in("omar@acme.test"), house.url)
    visitor.open()
    visitor.write("is there a discount?")
    omar.open_row("is there a discount?")
    omar.write("he is a regular, give him eight percent", note=True)
    omar.sees("give him eight percent")
    omar.write("Eight percent for you.")
    visitor.sees("Eight percent for you.")
    assert any("Eight percent" in frame for frame in received), "the frames were not watched"
    assert not any("regular" in frame for frame in received)
    assert "regular" not in " ".join(visitor.texts())


def test_two_tabs_of_a_visitor_agree(house: House, visit: Any) -> None:
    context = visit.context()
    first = VisitorPage(context, house.shop)
    first.open()
    first.write("written in the first tab")
    expect(first.frame.locator("#log .m.me").last).to_contain_text("written in the first tab")
    second = VisitorPage(context, house.shop)
    second.open()
    second.sees("written in the first tab")
    second.write("and in the second")
    first.sees("and in the second")
    assert first.texts() == second.texts()


def test_fifty_messages_are_seen_live(house: House, visit: Any, capsys: pytest.CaptureFixture[str]) -> None:
    """Send to display, both ways in turn; the figure is printed, not judged."""
    visitor = VisitorPage(visit.context(), house.shop)
    omar = OperatorPage(visit.signed_in("omar@acme.test"), house.url)
    visitor.open()
    visitor.write("message 0 of fifty")
    omar.open_row("message 0 of fifty")
    took = []
    for number in range(1, 51):
        writer, reader = (visitor, omar) if number % 2 else (omar, visitor)
        began = time.monotonic()
        writer.write(f"message {number} of fifty")
        reader.sees(f"message {number} of fifty")
        took.append(time.monotonic() - began)
    assert visitor.texts() == omar.texts() == house.texts("message 0 of fifty")
    took.sort()
    with capsys.disabled():
        print(f"\n50 messages, key press to screen: p50 {took[24] * 1000:.0f} ms, p95 {took[47] * 1000:.0f} ms")


def test_what_was_sent_does_not_come_back_as_a_draft(house: House, visit: Any) -> None:
    visitor = VisitorPage(visit.context(), house.shop)
    visitor.open()
    box = visitor.frame.locator("textarea")
    draft = "Object.entries(sessionStorage).find(([name]) => name.endsWith(':draft'))?.[1] ?? ''"
    box.fill("sent in a hurry")
    soon(visitor.page, lambda: visitor.page.evaluate(draft) == "sent in a hurry")
    box.press("Enter")
    soon(visitor.page, lambda: visitor.page.evaluate(draft) == "")
    visitor.page.wait_for_timeout(600)
    assert visitor.page.evaluate(draft) == ""


def test_marks_piled_upon_marks_stay_in_their_bubble(house: House, visit: Any) -> None:
    visitor = VisitorPage(visit.context(), house.shop)
    visitor.open()
    visitor.write("pile up Z" + "\u0301\u0316" * 60)
    omar = OperatorPage(visit.signed_in("omar@acme.test"), house.url)
    omar.open_row("pile up")
    omar.sees("pile up")
    clipped = "element => getComputedStyle(element).overflowY"
    assert visitor.frame.locator("#log .me .b").evaluate(clipped) == "clip"
    assert omar.page.locator("#log .bubble", has_text="pile up").evaluate(clipped) == "clip"
