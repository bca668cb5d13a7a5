"""What visitors and operators do, in words."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import suppress
from typing import Any

from playwright.sync_api import TimeoutError, expect

SECOND = 1000


def soon(page: Any, holds: Callable[[], bool], seconds: float = 10) -> None:
    """What no element shows comes about: in a store, in the database, in another frame. `page` is any that is open."""
    for _ in range(int(seconds * 10)):
        if holds():
            return
        page.wait_for_timeout(100)
    assert holds()


def types_in_the_chat(page: Any) -> None:
    """The keys go to the frame. It is a process of its own, and a browser sends them there a moment after both pages
    show where the focus is."""
    frame = next(frame for frame in page.frames if "/widget/wk_" in frame.url)
    soon(page, lambda: frame.evaluate("document.hasFocus()"))


class VisitorPage:
    def __init__(self, context: Any, address: str) -> None:
        self.page = context.new_page()
        self.page.goto(address)

    @property
    def frame(self) -> Any:
        return self.page.frame_locator("minichat-widget iframe")

    def open(self) -> None:
        """The conversation that is running, or a new one: home lies before it, unless something unread is waiting."""
        is_known = self.is_known()
        self.page.locator("minichat-widget button.launcher").click()
        self.to_the_conversation(is_known=is_known)

    def to_the_conversation(self, *, is_known: bool = True) -> None:
        way = "#recent .card" if is_known else "#start"
        expect(self.frame.locator(f"{way}:visible, #body:visible").first).to_be_visible(timeout=20 * SECOND)
        with suppress(TimeoutError):
            # What is unread opens by itself meanwhile.
            self.frame.locator(way).first.click(timeout=2 * SECOND)
        expect(self.frame.locator("#body")).to_be_visible()

    def is_known(self) -> bool:
        """Whether this browser has been here before. From the moment a chat is opened it has."""
        return self.page.evaluate("Object.keys(localStorage).some(name => /^minichat:wk_\\w+$/.test(name))")

    def write(self, text: str) -> None:
        box = self.frame.locator("#body")
        box.fill(text)
        box.press("Enter")
        expect(box).to_have_value("")

    def texts(self) -> list[str]:
        return self.frame.locator("#log .m:not(#greeting):not(#typing) .b").all_inner_texts()

    def sees(self, text: str, seconds: float = 10) -> None:
        expect(self.frame.locator("#log .b", has_text=text).last).to_be_visible(timeout=seconds * SECOND)


class OperatorPage:
    def __init__(self, context: Any, base: str, workspace: str = "acme") -> None:
        self.page = context.new_page()
        self.page.goto(f"{base}/w/{workspace}/conversations/")

    def open_row(self, text: str, seconds: float = 10) -> None:
        row = self.page.locator("a.row", has_text=text).first
        expect(row).to_be_visible(timeout=seconds * SECOND)
        row.click()
        expect(self.page.locator("#panes[aria-busy]")).to_have_count(0, timeout=seconds * SECOND)
        expect(self.page.locator("#composer-text")).to_be_visible()

    def write(self, text: str, *, note: bool = False) -> None:
        self.page.locator(f"#composer [data-mode={'note' if note else 'reply'}]").click()
        box = self.page.locator("#composer-text")
        box.fill(text)
        box.press("Enter")
        expect(box).to_have_value("")

    def texts(self) -> list[str]:
        return self.page.locator("#log article.msg [data-text]").all_inner_texts()

    def sees(self, text: str, seconds: float = 10) -> None:
        expect(self.page.locator("#log [data-text]", has_text=text).last).to_be_visible(timeout=seconds * SECOND)
