"""Every page in both languages and both themes: axe finds nothing, the policy refuses nothing, nothing hangs over.

The pages are read from the addresses that the server knows, so a new page is looked at without being listed here. What
cannot be opened without an id of something is named below, or said to be no page.
"""

from __future__ import annotations

import re
import time
import uuid
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from django.core import signing
from django.urls import URLPattern, URLResolver, get_resolver
from playwright.sync_api import Error

from minichat.tests.matrix import TABLE
from tests.browser.house import SECRET_KEY, House

AXE = (Path(__file__).parent / "vendor" / "axe.min.js").read_text()
TAGS = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]
STYLES = [(language, theme) for language in ("en", "th") for theme in ("light", "dark")]
MOST_FINDINGS = 30

# Addresses that hold an id: how to find one. What is missing here and below fails `test_every_page_is_walked`.
WITH_ID: dict[str, Callable[[House], str]] = {
    "thread": lambda house: f"/w/acme/conversations/{thread_of(house)}/",
    "unsubscribe": lambda house: f"/unsubscribe/{unsubscribe_token(house)}/",
    "thread-details": lambda house: f"/w/acme/conversations/{thread_of(house)}/details/",
    "edit-canned": lambda house: f"/w/acme/canned/{canned(house)}/",
    "member": lambda house: f"/w/acme/settings/team/{house.member('omar@acme.test')}/",
}
# States that a page has by its query.
STATES = [
    "/w/acme/conversations/?tab=waiting",
    "/w/acme/conversations/?tab=closed",
    "/w/acme/conversations/?tab=mine",
    "/w/acme/notifications/?show=unread",
    "/unsubscribe/dead/",
    "/dev/mail/?page=2",
    "/nowhere/",
]
# What a GET answers with no page of ours: JSON, files, fragments, redirects and verbs; and frames shown elsewhere.
NO_PAGE = {
    "changes",
    "find",
    "offered-canned",
    "export-canned",
    "widget-theme",
    "notifications-latest",
    "notifications-count",
    "widget-loader",
    "widget-frame",
    "widget-state",
    "widget-changes",
    "picture",
    "file",
    "account_export_file",
    "robots",
    "sitemap",
    "invitation-link",
    "dev-mail-one",
    "dev-mail-html",
    "account_reset_password_from_key",
    # Nobody of the demo has a passkey.
    "mfa_edit_webauthn",
    "mfa_remove_webauthn",
}


def canned(house: House) -> uuid.UUID:
    """A text of Acme's team, which the demo has none of."""
    one = uuid.uuid5(uuid.NAMESPACE_URL, "walked")
    house.write(
        "insert or ignore into chat_cannedresponse (id, workspace_id, shortcut, body, created_at, changed_at)"
        " select ?, id, 'walked', 'We are here.', datetime('now'), datetime('now') from workspaces_workspace"
        " where slug = 'acme'",
        one.hex,
    )
    return one


def unsubscribe_token(house: House) -> str:
    """As a mail to one of Acme's members would hold it."""
    [(member,)] = house.rows(
        "select m.id from workspaces_membership m join workspaces_workspace w on w.id = m.workspace_id"
        " join accounts_user u on u.id = m.user_id where w.slug = 'acme' and u.email = 'omar@acme.test'"
    )
    stands_for = {"m": member, "k": ["conversation.assigned"], "t": int(time.time())}
    return signing.dumps(stands_for, key=SECRET_KEY, salt="notifications.unsubscribe")


def routes(patterns: list[Any] | None = None, prefix: str = "/") -> Iterator[tuple[str, URLPattern]]:
    for pattern in get_resolver().url_patterns if patterns is None else patterns:
        where = prefix + str(pattern.pattern)
        if where.startswith("/admin/"):
            continue
        if isinstance(pattern, URLResolver):
            yield from routes(pattern.url_patterns, where)
        else:
            yield where, pattern


def pages(house: House) -> dict[str, str]:
    """Name and address of all that can be opened."""
    found = {}
    for where, pattern in routes():
        place = where.replace("<slug:slug>", "acme")
        if pattern.name in WITH_ID:
            found[pattern.name] = WITH_ID[pattern.name](house)
        elif not re.search(r"[<(^$]", place) and pattern.name not in NO_PAGE and opens(pattern.name):
            found[pattern.name or place] = place
    return found


def opens(name: str | None) -> bool:
    """Whether there is anything to see: an address that only takes what is sent to it has no page."""
    return name not in TABLE or any(rule.method == "get" for rule in TABLE[name])


def test_every_page_is_walked(house: House) -> None:
    known = pages(house).keys() | NO_PAGE
    unknown = [where for where, pattern in routes() if pattern.name in TABLE.keys() - known and opens(pattern.name)]
    assert unknown == [], "Say in WITH_ID how to open it, or in NO_PAGE that there is nothing to look at"


@pytest.mark.parametrize(("language", "theme"), STYLES)
def test_SR40_pages_of_everybody(house: House, visit: Any, language: str, theme: str) -> None:
    context = visit.context(color_scheme=theme)
    speak(context, house, language)
    walk(context, house, [*pages(house).values(), *STATES])


@pytest.mark.parametrize(("language", "theme"), STYLES)
def test_SR40_pages_of_the_owner(house: House, visit: Any, language: str, theme: str) -> None:
    context = visit.signed_in("ana@acme.test", color_scheme=theme)
    speak(context, house, language)
    seen = walk(context, house, [*pages(house).values(), *STATES])
    assert len(seen) > 20, seen


@pytest.mark.parametrize(("language", "theme"), STYLES)
def test_SR40_the_widget(house: House, visit: Any, language: str, theme: str) -> None:
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


def thread_of(house: House) -> str:
    [(thread,)] = house.rows(
        "select c.id from chat_conversation c join workspaces_workspace w on w.id = c.workspace_id"
        " where w.slug = 'acme' and c.status = 'open' order by c.last_message_at desc limit 1"
    )
    text = thread.replace("-", "")
    return f"{text[:8]}-{text[8:12]}-{text[12:16]}-{text[16:20]}-{text[20:]}"


def speak(context: Any, house: House, language: str) -> None:
    """Choose the language as a person would: with the switch."""
    page = context.new_page()
    page.goto(f"{house.url}/")
    page.locator(f"button[name=language][value={language}]").first.click()
    page.wait_for_load_state()
    assert page.locator("html").get_attribute("lang") == language
    page.close()


def walk(context: Any, house: House, paths: list[str]) -> set[str]:
    """Open each page once; whoever is led to one that was looked at already goes on."""
    page = context.new_page()
    problems: list[str] = []
    seen: set[str] = set()
    for path in paths:
        page.set_viewport_size({"width": 1440, "height": 900})
        response = opened(page, f"{house.url}{path}")
        if not is_page(response) or place_of(page.url) in seen:
            continue
        seen.add(place_of(page.url))
        problems += [f"{path}: {finding}" for finding in findings(page)]
        for width in (320, 390):
            page.set_viewport_size({"width": width, "height": 800})
            if page.evaluate("document.documentElement.scrollWidth > innerWidth"):
                problems.append(f"{path}: scrolls sideways at {width} px")
            if width == 320:
                problems += [f"{path} at 320: {finding}" for finding in findings(page)]
        if len(problems) > MOST_FINDINGS:
            break
    assert problems == []
    return seen


def place_of(url: str) -> str:
    """Asked to sign in for one page or for another, one sees the same page."""
    return url.partition("?")[0] if "next=" in url else url


def opened(page: Any, address: str) -> Any:
    """The answer; None for a file, which is kept and not shown."""
    try:
        return page.goto(address)
    except Error as error:
        if "Download is starting" in error.message:
            return None
        raise


def is_page(response: Any) -> bool:
    """405 is a verb that was opened by hand; everything else that is HTML has to be in order, refusals too."""
    return (
        response is not None and "text/html" in (response.headers.get("content-type") or "") and response.status != 405
    )


def findings(page: Any) -> list[str]:
    """What axe objects to, in short. It is handed over by the debugger, so the page's policy stays as it is."""
    if page.evaluate("typeof axe") == "undefined":
        page.evaluate(AXE)
    found = page.evaluate("tags => axe.run({runOnly: {type: 'tag', values: tags}})", TAGS)
    return [f"{one['id']} {one['nodes'][0]['target']} {one['nodes'][0]['html'][:120]}" for one in found["violations"]]
