"""The command palette and the shortcuts under the hands of the team: keyboard only, Thai layout, IME, no network."""

from __future__ import annotations

import re
from typing import Any

import pytest
from playwright.sync_api import expect

from tests.browser.house import House
from tests.browser.test_pages import findings

THAI_G, THAI_T, THAI_K = ("เ", "KeyG"), ("ะ", "KeyT"), ("า", "KeyK")


@pytest.fixture
def page(house: House, visit: Any) -> Any:
    page = visit.signed_in("ana@acme.test").new_page()
    page.goto(f"{house.url}/w/acme/settings/branding/")
    return page


def press(page: Any, key: str, code: str, *, ctrl: bool = False) -> None:
    """A key of another layout; Playwright's keyboard is always American."""
    event = "new KeyboardEvent('keydown', {key: k, code: c, ctrlKey: ctrl, bubbles: true, cancelable: true})"
    page.evaluate(
        f"([k, c, ctrl]) => (document.activeElement ?? document.body).dispatchEvent({event})", [key, code, ctrl]
    )


def selected(page: Any) -> Any:
    return page.locator("#palette [role=option][aria-selected=true]")


def test_from_the_keyboard_to_a_page_and_a_person(page: Any) -> None:
    page.keyboard.press("Control+k")
    expect(page.locator("#palette input")).to_be_focused()
    page.keyboard.type("team")
    expect(selected(page)).to_have_text("Team")
    page.keyboard.press("Enter")
    page.wait_for_url("**/settings/team/")
    page.keyboard.press("/")
    page.keyboard.type("Daniel Hughes")
    expect(selected(page)).to_contain_text("Daniel Hughes")
    page.keyboard.press("Enter")
    page.wait_for_url(re.compile(r"/conversations/[0-9a-f-]{36}/"))


def test_the_list_is_walked_and_said(page: Any) -> None:
    page.keyboard.press("Control+k")
    expect(selected(page)).to_have_count(1)
    first = selected(page).get_attribute("id")
    page.keyboard.press("ArrowDown")
    now = selected(page).get_attribute("id")
    assert now != first
    expect(page.locator("#palette input")).to_have_attribute("aria-activedescendant", now)
    page.keyboard.press("ArrowUp")
    page.keyboard.press("ArrowUp")
    assert selected(page).get_attribute("id").startswith("pal-act-")
    expect(page.locator("#palette [data-live]")).to_have_text(re.compile(r"\d+ results"))
    assert findings(page) == []
    page.keyboard.type("zzzz")
    expect(page.locator("#palette .pal-say")).to_have_text(re.compile("Nothing found for “zzzz”"))
    assert findings(page) == []


def test_focus_comes_back_where_it_was(page: Any) -> None:
    page.locator(".nav-find").focus()
    page.keyboard.press("Enter")
    expect(page.locator("#palette")).to_be_visible()
    page.keyboard.press("Escape")
    expect(page.locator(".nav-find")).to_be_focused()


def test_an_action_of_the_palette_is_done(page: Any) -> None:
    before = page.locator("html").get_attribute("data-theme")
    page.keyboard.press("Control+k")
    page.keyboard.type("light and dark")
    expect(selected(page)).to_contain_text("Switch between light and dark")
    page.keyboard.press("Enter")
    expect(page.locator("html")).not_to_have_attribute("data-theme", before)


def test_a_word_that_is_still_composed_is_not_chosen(page: Any) -> None:
    page.keyboard.press("Control+k")
    expect(selected(page)).to_have_count(1)
    page.evaluate(
        "document.activeElement.dispatchEvent("
        "new KeyboardEvent('keydown', {key: 'Enter', isComposing: true, bubbles: true, cancelable: true}))"
    )
    page.wait_for_timeout(200)
    expect(page.locator("#palette")).to_be_visible()
    page.keyboard.insert_text("ทีม")
    expect(selected(page)).to_have_text("Team")


def test_no_network_is_said_and_tried_again(page: Any) -> None:
    page.keyboard.press("Control+k")
    expect(selected(page)).to_have_count(1)
    page.context.set_offline(True)
    page.keyboard.type("team")
    expect(page.locator("#palette .pal-say p")).to_contain_text("You are offline")
    page.context.set_offline(False)
    page.locator("#palette .pal-say button").click()
    expect(selected(page)).to_have_text("Team")


def test_the_shortcuts_work_with_a_thai_layout(page: Any) -> None:
    press(page, *THAI_K, ctrl=True)
    expect(page.locator("#palette")).to_be_visible()
    page.keyboard.press("Escape")
    expect(page.locator("#palette")).to_be_hidden()
    press(page, *THAI_G)
    press(page, *THAI_T)
    page.wait_for_url("**/settings/team/")


def test_the_sheet_lists_what_works_and_switches_it_off(page: Any) -> None:
    page.keyboard.press("?")
    sheet = page.locator("#sheet")
    expect(sheet).to_be_visible()
    expect(sheet.locator("dt", has_text="Go to the inbox")).to_be_visible()
    assert findings(page) == []
    sheet.locator("#single-keys").uncheck()
    page.keyboard.press("Escape")
    page.keyboard.press("?")
    expect(sheet).to_be_hidden()
    page.keyboard.press("Control+k")
    expect(page.locator("#palette")).to_be_visible()


def test_nothing_fires_while_somebody_types(house: House, visit: Any) -> None:
    page = visit.signed_in("ana@acme.test").new_page()
    page.goto(f"{house.url}/w/acme/settings/widget/")
    field = page.locator("[name=allowed_domains]")
    field.focus()
    before = field.input_value()
    page.keyboard.press("End")
    page.keyboard.type("gt?/")
    expect(page.locator("#sheet")).to_be_hidden()
    expect(page.locator("#palette")).to_be_hidden()
    assert len(field.input_value()) == len(before) + 4
    assert page.url.endswith("/install/")


def test_every_shortcut_of_the_inbox_does_something(house: House, visit: Any) -> None:
    """Each row of the sheet is taken by somebody; a row that nobody answers would be a lie."""
    page = visit.signed_in("ana@acme.test").new_page()
    page.goto(f"{house.url}/w/acme/conversations/")
    page.locator("a.row").first.click()
    expect(page.locator("#composer-text")).to_be_visible()
    names = page.eval_on_selector_all(
        "#sheet [data-shortcut]", "rows => rows.filter(r => !r.dataset.href).map(r => r.dataset.shortcut)"
    )
    assert len(names) > 8
    take = "name => !document.dispatchEvent(new CustomEvent('minichat:shortcut', {detail: {name}, cancelable: true}))"
    for name in [name for name in names if name != "sign-out"]:
        expect(page.locator("#panes[aria-busy]")).to_have_count(0)  # keys wait for the thread that is on its way
        if name == "undo":  # of what the rows before it did
            expect(page.locator(".toast-act").first).to_be_visible()
        if name == "pick":  # the conversation on screen, once it is back in the list
            expect(page.locator("a.row[aria-current=true]")).to_be_visible()
        if name == "quick-replies":  # not in a note, which is what an earlier row has begun
            assert page.evaluate(take, "reply")
            expect(page.locator("#composer.is-note")).to_have_count(0)
        assert page.evaluate(take, name), name
        page.keyboard.press("Escape")
