from __future__ import annotations

import os
import shutil
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any, ClassVar

import pytest

from tests.browser import house as houses
from tests.browser.net import Relay, Website

CHROMIUM = os.environ.get("CHROMIUM") or next(
    filter(None, map(shutil.which, ("chromium-headless-shell", "chromium", "chromium-browser"))), None
)
ARGUMENTS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]
# A page reports what its policy refused, in the page that loads and in every frame of it.
WATCH_POLICY = """
addEventListener('securitypolicyviolation', e => console.error('CSP refused', e.violatedDirective, e.blockedURI));
"""
# The last one is how htmx writes down an answer that is an error.
NOISE = ("net::ERR_", "WebSocket connection to", "Failed to load resource", "Response Status Error Code")


@pytest.fixture(scope="session")
def house(tmp_path_factory: pytest.TempPathFactory) -> Iterator[houses.House]:
    built = houses.build(tmp_path_factory.mktemp("house"))
    # Most tests are about people. Those about the assistant let it answer: `assistant`.
    built.write("update chat_inbox set answered_by = 'people'")
    yield built
    built.process.terminate()
    assert built.process.wait(40) == 0


@pytest.fixture
def assistant(house: houses.House) -> Iterator[None]:
    """The demo's shop as `make run` has it: the assistant answers whoever writes."""
    house.write("update chat_inbox set answered_by = 'ai' where widget_key = ?", house.widget_key())
    yield
    house.write("update chat_inbox set answered_by = 'people'")


@pytest.fixture(scope="session")
def chromium() -> Iterator[Any]:
    if CHROMIUM is None:
        pytest.skip("needs a Chromium")
    from playwright.sync_api import sync_playwright

    with sync_playwright() as engine:
        browser = engine.chromium.launch(executable_path=CHROMIUM, args=ARGUMENTS)
        yield browser
        browser.close()


@pytest.fixture
def website() -> Iterator[Website]:
    site = Website()
    yield site
    site.close()


@pytest.fixture
def relay(house: houses.House) -> Iterator[Relay]:
    line = Relay(house.port)
    yield line
    line.close()


class Visit:
    """Opens browser contexts and fails the test when a page complains about anything but a cut line."""

    # Cookies of those who have signed in, by address and house: signing in takes longer than many a test.
    sessions: ClassVar[dict[tuple[str, str], list[Any]]] = {}

    def __init__(self, browser: Any, house: houses.House) -> None:
        self.browser, self.house = browser, house
        self.complaints: list[str] = []
        self.contexts: list[Any] = []

    def context(self, **options: Any) -> Any:
        context = self.browser.new_context(**{"viewport": {"width": 1440, "height": 900}, **options})
        context.add_init_script(WATCH_POLICY)
        context.on("console", self._console)
        context.on("weberror", lambda error: self.complaints.append(str(error.error)))
        self.contexts.append(context)
        return context

    def phone(self, **options: Any) -> Any:
        return self.context(viewport={"width": 390, "height": 844}, has_touch=True, is_mobile=True, **options)

    def signed_in(self, email: str, base: str = "", *, anew: bool = False, **options: Any) -> Any:
        """A context in which this person of the demo is signed in: in the session of an earlier test, if it still
        runs. `anew`: in one of their own."""
        base = base or self.house.url
        context = self.context(**options)
        cookies = self.sessions.get((email, base), [])
        context.add_cookies(cookies)
        if anew or not cookies or not self._is_in(context, base):
            context.clear_cookies()
            self._sign_in(context, email, base)
            if not anew:
                self.sessions[email, base] = context.cookies()
        return context

    def _is_in(self, context: Any, base: str) -> bool:
        return "login" not in context.request.get(f"{base}/w/", max_redirects=0).headers["location"]

    def _sign_in(self, context: Any, email: str, base: str) -> None:
        page = context.new_page()
        page.goto(f"{base}/accounts/login/")
        page.fill("[name=login]", email)
        page.fill("[name=password]", houses.PASSWORD)
        page.locator("form.form .btn-primary").click()
        page.wait_for_url("**/conversations/**")
        page.close()

    def close(self) -> None:
        for context in self.contexts:
            context.close()

    def _console(self, message: Any) -> None:
        if message.type == "error" and not any(noise in message.text for noise in NOISE):
            self.complaints.append(message.text)


@pytest.fixture
def visit(chromium: Any, house: houses.House) -> Iterator[Visit]:
    visits = Visit(chromium, house)
    yield visits
    visits.close()
    house.forget_choices()
    assert visits.complaints == []


@pytest.fixture
def snippet(house: houses.House) -> Callable[[str], str]:
    """The line a customer pastes, for Acme's inbox at some address of ours."""
    return lambda base: f'<script async src="{base}/widget.js" data-key="{house.widget_key()}"></script>'


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Where two workers share the tests, those of a file stay together: they may build on each other. The walks through
    all pages stand alone, and are too long for one worker."""
    for item in items:
        if Path(__file__).parent in item.path.parents:
            if item.path.stem != "test_pages":
                item.add_marker(pytest.mark.xdist_group(item.path.stem))
            item.add_marker(pytest.mark.browser)
            item.add_marker(pytest.mark.pure)
