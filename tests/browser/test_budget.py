"""What a first visit costs: every file that a browser fetches, as it goes over the wire with brotli."""

from __future__ import annotations

import urllib.request
from dataclasses import dataclass, field
from typing import Any

import brotli
import pytest

from tests.browser.house import House
from tests.browser.test_pages import speak, thread_of

KB = 1000


@dataclass
class Visited:
    requests: list[str] = field(default_factory=list)
    size: int = 0
    styles: int = 0
    shift: float = 0.0


@pytest.fixture
def cost(house: House, visit: Any) -> Any:
    """Open a page as somebody who was never here, in Thai, which needs both fonts."""

    def first_visit(path: str, *, email: str = "") -> Visited:
        context = visit.signed_in(email) if email else visit.context()
        speak(context, house, "th")
        page = context.new_page()
        seen = Visited()
        session = context.new_cdp_session(page)
        session.send("Network.enable")
        session.send("Network.setCacheDisabled", {"cacheDisabled": True})
        answers: list[Any] = []
        page.on("response", lambda answer: answers.append(answer))
        page.goto(f"{house.url}{path}", wait_until="networkidle")
        page.wait_for_timeout(500)
        seen.shift = page.evaluate(SHIFT)
        seen.requests = [answer.url for answer in answers]
        seen.size = sum(map(size_of, answers))
        seen.styles = page.locator("link[rel=stylesheet]").count()
        return seen

    def size_of(answer: Any) -> int:
        if "/static/" not in answer.url:
            # In front of a real installation the proxy packs what is drawn for one person.
            return len(brotli.compress(answer.body(), quality=5))
        asked = urllib.request.Request(answer.url, headers={"Accept-Encoding": "br"})
        with urllib.request.urlopen(asked, timeout=10) as packed:
            return len(packed.read())

    return first_visit


SHIFT = """() => new Promise(resolve => {
  new PerformanceObserver(list => resolve(list.getEntries().reduce((sum, one) => sum + one.value, 0)))
    .observe({type: 'layout-shift', buffered: true});
  setTimeout(() => resolve(0), 300);
})"""


def test_the_inbox_and_a_thread(house: House, cost: Any) -> None:
    for path in ("/w/acme/conversations/", f"/w/acme/conversations/{thread_of(house)}/"):
        seen = cost(path, email="ana@acme.test")
        assert seen.size <= 150 * KB, seen
        assert len(seen.requests) <= 14, seen.requests
        assert seen.shift <= 0.02


@pytest.mark.usefixtures("assistant")
def test_the_inbox_and_a_thread_where_the_assistant_answers(house: House, cost: Any) -> None:
    for path in ("/w/acme/conversations/", f"/w/acme/conversations/{thread_of(house)}/"):
        seen = cost(path, email="ana@acme.test")
        assert seen.size <= 150 * KB, seen


@pytest.mark.parametrize("path", ["/w/acme/settings/team/", "/w/acme/settings/inboxes/"])
def test_a_page_of_the_dashboard(cost: Any, path: str) -> None:
    seen = cost(path, email="ana@acme.test")
    assert seen.size <= 150 * KB, seen
    assert len(seen.requests) <= 14, seen.requests
    assert seen.styles == 1
    assert seen.shift <= 0.02


def test_the_landing_page(cost: Any) -> None:
    seen = cost("/")
    assert seen.size <= 120 * KB, seen
    assert len(seen.requests) <= 14, seen.requests
    assert seen.styles == 1
    assert seen.shift <= 0.02
