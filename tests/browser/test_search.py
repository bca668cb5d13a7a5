"""Searching in the inbox with the keyboard, on a phone, and far back in a long thread."""

from __future__ import annotations

import re
import uuid
from datetime import UTC, datetime
from typing import Any

import pytest
from playwright.sync_api import expect

from tests.browser.house import House

LINES = 300


@pytest.fixture
def omar(house: House, visit: Any) -> Any:
    page = visit.signed_in("omar@acme.test").new_page()
    page.goto(f"{house.url}/w/acme/conversations/")
    return page


def test_by_keyboard_into_a_thread_and_back(omar: Any) -> None:
    omar.keyboard.press("/")
    omar.keyboard.type("คั่ว")
    expect(omar.locator(".hit mark").first).to_have_text("คั่ว")
    expect(omar).to_have_url(re.compile(r"\?q="))
    omar.keyboard.press("ArrowDown")
    omar.keyboard.press("Enter")
    wanted = omar.locator(".msg.is-wanted")
    expect(wanted).to_be_in_viewport()
    expect(wanted.locator("mark").first).to_have_text("คั่ว")
    expect(omar.locator("#found .row[aria-current]")).to_have_count(1)
    omar.go_back()
    expect(omar.locator("#panes")).to_have_attribute("data-conversation", "")
    expect(omar.locator(".hit").first).to_be_visible()
    omar.go_back()
    expect(omar.locator("#found")).to_be_hidden()
    expect(omar.locator("#list .row").first).to_be_visible()
    omar.go_forward()
    expect(omar.locator("#search")).to_have_value("คั่ว")
    expect(omar.locator(".hit").first).to_be_visible()


def test_escape_leaves_and_nothing_found_says_so(omar: Any) -> None:
    omar.fill("#search", "nobody wrote this")
    expect(omar.locator("#found")).to_contain_text("Nothing found")
    omar.keyboard.press("Escape")
    expect(omar.locator("#found")).to_be_hidden()
    expect(omar.locator("#search")).to_have_value("")
    expect(omar).not_to_have_url(re.compile("q="))


def test_a_lost_line_can_be_tried_again(omar: Any) -> None:
    # Chromium's own switch is turned back a moment later than it says.
    line = f"**{omar.locator('#search-form').get_attribute('data-search')}?*"
    omar.route(line, lambda route: route.abort("internetdisconnected"))
    omar.fill("#search", "order")
    expect(omar.locator("#found [role=alert]")).to_be_visible()
    omar.unroute(line)
    omar.locator("#found [data-again]").click()
    expect(omar.locator(".hit").first).to_be_visible()


def test_narrowing_stands_in_the_address(omar: Any) -> None:
    omar.fill("#search", "คั่ว")
    expect(omar.locator(".hit").first).to_be_visible()
    omar.locator("#narrow summary").click()
    omar.select_option("#search-form [name=by]", "team")
    expect(omar.locator(".hit .row-by").first).to_be_visible()
    expect(omar).to_have_url(re.compile("by=team"))
    expect(omar.locator(".hit:not(:has(.row-by))")).to_have_count(0)
    omar.reload()
    expect(omar.locator("#search-form [name=by]")).to_have_value("team")
    expect(omar.locator("#narrow")).to_have_attribute("open", "")


def test_on_a_phone(house: House, visit: Any) -> None:
    visit.signed_in("omar@acme.test")
    context = visit.phone(storage_state=visit.contexts[0].storage_state())
    page = context.new_page()
    page.goto(f"{house.url}/w/acme/conversations/")
    page.fill("#search", "คั่ว")
    page.locator(".hit").first.tap()
    expect(page.locator(".msg.is-wanted")).to_be_in_viewport()
    page.locator("#thread-head [data-nav=list]").tap()
    expect(page.locator(".hit").first).to_be_visible()
    expect(page).to_have_url(re.compile("q="))


@pytest.fixture
def long_thread(house: House) -> str:
    """A conversation of 300 lines more, written straight into the file."""
    [(conversation, workspace, last)] = house.rows(
        "select c.id, c.workspace_id, c.last_position from chat_conversation c join workspaces_workspace w on"
        " w.id = c.workspace_id where w.slug = 'acme' and c.status = 'open' order by c.number limit 1"
    )
    now = datetime.now(UTC).strftime("%Y-%m-%d %H:%M:%S.%f")
    for at in range(last + 1, last + LINES + 1):
        house.write(
            "insert into chat_message (id, workspace_id, conversation_id, position, seq, public_seq, kind, body,"
            " mentions, quick_replies, author_name, sender_key, client_id, created_at)"
            " values (?, ?, ?, ?, ?, ?, 'visitor', ?, '[]', '[]', '', 'v:x', ?, ?)",
            uuid.uuid4().hex,
            workspace,
            conversation,
            at,
            at + 1000,
            at + 1000,
            f"long line {at - last}",
            uuid.uuid4().hex,
            now,
        )
    house.write(
        "update chat_conversation set last_position = ?, last_seq = ?, public_seq = ? where id = ?",
        last + LINES,
        last + LINES + 1000,
        last + LINES + 1000,
        conversation,
    )
    return f"{house.url}/w/acme/conversations/{uuid.UUID(conversation)}/?at={last + 40}"


def test_a_thread_opens_far_back_and_leads_to_the_newest(omar: Any, long_thread: str) -> None:
    omar.goto(long_thread)
    expect(omar.get_by_text("long line 40", exact=True)).to_be_in_viewport()
    newest = omar.get_by_text(f"long line {LINES}", exact=True)
    expect(newest).to_have_count(0)
    # Downwards page by page …
    omar.locator("#log").evaluate("log => { log.scrollTop = log.scrollHeight; }")
    expect(omar.get_by_text("long line 80", exact=True)).to_have_count(1)
    # … and at once. What one writes is written at the end.
    expect(omar.locator("#new-below")).to_have_text("Jump to the newest")
    omar.locator("#new-below").click()
    expect(newest).to_be_in_viewport()
    expect(omar.locator("#new-below")).to_be_hidden()
    omar.goto(long_thread)
    expect(newest).to_have_count(0)
    omar.locator("#composer textarea").fill("I am down here")
    omar.keyboard.press("Enter")
    expect(omar.locator("#log").get_by_text("I am down here", exact=True)).to_be_in_viewport()
    expect(newest).to_have_count(1)


def test_what_is_stored_while_the_newest_are_asked_for_is_not_lost_from_sight(
    house: House, omar: Any, long_thread: str
) -> None:
    """The answer is of the moment before."""
    omar.goto(long_thread)
    held = []

    def hold(route: Any) -> None:
        if held:
            route.continue_()
        else:
            held.append((route, route.fetch()))

    omar.route("**/changes/?after=-1*", hold)
    omar.locator("#new-below").click()
    while not held:
        omar.wait_for_timeout(50)
    omar.locator("#composer textarea").fill("sent in between")
    omar.keyboard.press("Enter")
    # Its row in the list is the proof that the push has come.
    expect(omar.locator("a.row[aria-current=true]", has_text="sent in between")).to_have_count(1)
    omar.wait_for_timeout(300)
    route, answer = held[0]
    route.fulfill(response=answer)
    expect(omar.locator("#log").get_by_text("sent in between", exact=True)).to_be_in_viewport()
    expect(omar.get_by_text(f"long line {LINES}", exact=True)).to_have_count(1)
