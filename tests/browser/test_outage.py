"""A line that is cut for half a minute while both sides go on writing."""

from __future__ import annotations

import time
from collections.abc import Callable
from typing import Any

from playwright.sync_api import expect

from tests.browser.house import House
from tests.browser.net import Relay, Website
from tests.browser.people import OperatorPage, VisitorPage

CUT_SECONDS = 30
BACK_SECONDS = 45


def test_forty_messages_in_half_a_minute_without_network(
    house: House, visit: Any, relay: Relay, website: Website, snippet: Callable[[str], str]
) -> None:
    ours = f"http://127.0.0.1:{relay.port}"
    website.embed(snippet(ours))
    visitor = VisitorPage(visit.context(), f"http://localhost:{website.port}/")
    omar = OperatorPage(visit.signed_in("omar@acme.test", ours), ours)
    visitor.open()
    visitor.write("before the tunnel")
    omar.open_row("before the tunnel")
    omar.write("have a good trip")
    visitor.sees("have a good trip")

    assert relay.cut() > 0, "there was nothing to cut"
    began = time.monotonic()
    written = ["before the tunnel", "have a good trip"]
    for number in range(20):
        visitor.write(f"visitor in the tunnel {number}")
        omar.write(f"operator in the tunnel {number}")
        written += [f"visitor in the tunnel {number}", f"operator in the tunnel {number}"]
        time.sleep(1)
    assert not [text for text in house.texts("before the tunnel") if "in the tunnel" in text], "the line was not cut"
    time.sleep(max(0.0, CUT_SECONDS - (time.monotonic() - began)))
    relay.mend()

    _until(lambda: len(house.texts("before the tunnel")) == len(written))
    stored = house.texts("before the tunnel")
    assert sorted(stored) == sorted(written)
    for side in ("visitor", "operator"):
        own = [f"{side} in the tunnel {number}" for number in range(20)]
        assert [text for text in stored if text.startswith(f"{side} in")] == own
    _until(lambda: visitor.texts() == stored and omar.texts() == stored)

    visitor.page.reload()
    omar.page.reload()
    visitor.open()
    _until(lambda: visitor.texts() == stored and omar.texts() == stored)


def test_a_reload_loses_nothing_unsent(
    house: House, visit: Any, relay: Relay, website: Website, snippet: Callable[[str], str]
) -> None:
    ours = f"http://127.0.0.1:{relay.port}"
    website.embed(snippet(ours))
    visitor = VisitorPage(visit.context(), f"http://localhost:{website.port}/")
    omar = OperatorPage(visit.signed_in("omar@acme.test", ours), ours)
    visitor.open()
    visitor.write("before the reload")
    omar.open_row("before the reload")
    omar.sees("before the reload")
    address = omar.page.url
    relay.cut()
    visitor.write("unsent by the visitor")
    omar.write("unsent by the operator")
    visitor.page.wait_for_timeout(500)
    visitor.page.goto("about:blank")
    omar.page.goto("about:blank")
    relay.mend()
    omar.page.goto(address)
    visitor.page.goto(f"http://localhost:{website.port}/")
    visitor.open()
    _until(lambda: len(house.texts("before the reload")) == 3)
    assert set(house.texts("before the reload")) == {
        "before the reload",
        "unsent by the visitor",
        "unsent by the operator",
    }
    _until(lambda: visitor.texts() == omar.texts() == house.texts("before the reload"))


def test_the_first_message_may_be_written_without_network(
    house: House, visit: Any, relay: Relay, website: Website, snippet: Callable[[str], str]
) -> None:
    website.embed(snippet(f"http://127.0.0.1:{relay.port}"))
    visitor = VisitorPage(visit.phone(), f"http://localhost:{website.port}/")
    visitor.open()
    relay.cut()
    visitor.write("my very first words")
    visitor.page.wait_for_timeout(1500)
    relay.mend()
    _until(lambda: house.texts("my very first words") == ["my very first words"])
    expect(visitor.frame.locator("#log .m.me")).to_have_count(1)


def _until(holds: Callable[[], bool], seconds: float = BACK_SECONDS) -> None:
    deadline = time.monotonic() + seconds
    while not holds():
        assert time.monotonic() < deadline, "it did not come together"
        time.sleep(0.25)
