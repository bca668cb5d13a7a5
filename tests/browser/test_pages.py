"""Every page in both languages and both themes: axe finds nothing, the policy refuses nothing, nothing hangs over."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from tests.browser.house import House

AXE = (Path(__file__).parent / "vendor" / "axe.min.js").read_text()
TAGS = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]
PUBLIC = [
    "/",
    "/pricing/",
    "/privacy/",
    "/terms/",
    "/status/",
    "/accounts/login/",
    "/accounts/signup/",
    "/accounts/password/reset/",
    "/dev/mail/",
    "/demo/",
    "/nowhere/",
]
MEMBERS = [
    "/w/acme/conversations/",
    "/w/acme/conversations/?tab=waiting",
    "/w/acme/conversations/?tab=closed",
    "/w/acme/conversations/?tab=mine",
    "THREAD",
    "THREAD details/",
    "/w/acme/settings/members/",
    "/w/acme/settings/widget/",
    "/w/acme/settings/branding/",
    "/accounts/photo/",
    "/accounts/password/change/",
    "/accounts/logout/",
]
STYLES = [(language, theme) for language in ("en", "th") for theme in ("light", "dark")]


@pytest.mark.parametrize(("language", "theme"), STYLES)
def test_public_pages(house: House, visit: Any, language: str, theme: str) -> None:
    context = visit.context(color_scheme=theme, bypass_csp=False)
    _speak(context, house, language)
    _walk(context, house, PUBLIC)


@pytest.mark.parametrize(("language", "theme"), STYLES)
def test_pages_of_members(house: House, visit: Any, language: str, theme: str) -> None:
    context = visit.signed_in("ana@acme.test", color_scheme=theme)
    _speak(context, house, language)
    [(thread,)] = house.rows(
        "select c.id from chat_conversation c join workspaces_workspace w on w.id = c.workspace_id"
        " where w.slug = 'acme' and c.status = 'open' order by c.last_message_at desc limit 1"
    )
    address = f"/w/acme/conversations/{_hyphens(thread)}/"
    _walk(context, house, [path.replace("THREAD ", address).replace("THREAD", address) for path in MEMBERS])


@pytest.mark.parametrize(("language", "theme"), STYLES)
def test_the_widget(house: House, visit: Any, language: str, theme: str) -> None:
    context = visit.context(color_scheme=theme, viewport={"width": 320, "height": 640})
    page = context.new_page()
    page.goto(f"{house.shop}?lang={language}")
    page.locator("minichat-widget button.launcher").click()
    frame = page.frame_locator("minichat-widget iframe")
    frame.locator("textarea").fill("a11y")
    frame.locator("textarea").press("Enter")
    frame.locator("#log .m.me").wait_for()
    inner = next(one for one in page.frames if "/widget/" in one.url)
    assert findings(inner) == []
    assert inner.evaluate("document.documentElement.scrollWidth <= innerWidth")


def _speak(context: Any, house: House, language: str) -> None:
    """Choose the language as a person would: with the switch."""
    page = context.new_page()
    page.goto(f"{house.url}/accounts/password/change/")
    page.goto(f"{house.url}/")
    page.locator(f"button[name=language][value={language}]").first.click()
    page.wait_for_load_state()
    assert page.locator("html").get_attribute("lang") == language
    page.close()


def _walk(context: Any, house: House, paths: list[str]) -> None:
    page = context.new_page()
    problems = []
    for path in paths:
        page.set_viewport_size({"width": 1440, "height": 900})
        page.goto(f"{house.url}{path}")
        problems += [f"{path}: {finding}" for finding in findings(page)]
        for width in (320, 390):
            page.set_viewport_size({"width": width, "height": 800})
            if page.evaluate("document.documentElement.scrollWidth > innerWidth"):
                problems.append(f"{path}: scrolls sideways at {width} px")
        problems += [f"{path} at 390: {finding}" for finding in findings(page)]
    assert problems == []


def findings(page: Any) -> list[str]:
    """What axe objects to, in short. It is handed over by the debugger, so the page's policy stays as it is."""
    page.evaluate(AXE)
    found = page.evaluate("tags => axe.run({runOnly: {type: 'tag', values: tags}})", TAGS)
    return [f"{one['id']} {one['nodes'][0]['target']} {one['nodes'][0]['html'][:120]}" for one in found["violations"]]


def _hyphens(hexadecimal: str) -> str:
    text = hexadecimal.replace("-", "")
    return f"{text[:8]}-{text[8:12]}-{text[12:16]}-{text[16:20]}-{text[20:]}"
