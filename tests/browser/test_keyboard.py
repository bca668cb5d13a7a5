"""Settings without a mouse: whatever can be used is reached with Tab, shows that it has the focus, and works."""

from __future__ import annotations

from typing import Any

import pytest
from playwright.sync_api import expect

from tests.browser.house import House

MOST_STEPS = 160
# What Tab is expected to reach: numbered once, so that a stop can be named. Of radios with one name a browser reaches
# the chosen one, the arrows do the rest.
NUMBER = """() => {
  const names = new Set();
  const kinds = 'a[href], button, input:not([type=hidden]), select, textarea, summary, [tabindex="0"]';
  const all = [...document.querySelectorAll(kinds)]
    .filter(e => !e.disabled && e.tabIndex >= 0 && e.checkVisibility({visibilityProperty: true}))
    .filter(e => !e.closest('dialog:not([open])'))
    .filter(e => e.type !== 'radio' || (e.checked && !names.has(e.name) && names.add(e.name)));
  all.forEach((e, n) => { e.dataset.walk = String(n); });
  return all.map(e => e.outerHTML.slice(0, 100));
}"""
# Where the focus is, whether it shows, and whether something lies over it (WCAG 2.4.7 and 2.4.11).
STOP = """() => {
  const e = document.activeElement;
  const box = e.getBoundingClientRect();
  const ring = getComputedStyle(e);
  const isDrawnBeside = e.matches('.picture-choose input, .colour input');
  const shown = ring.outlineStyle !== 'none' || ring.boxShadow !== 'none' || isDrawnBeside;
  const over = document.elementFromPoint(box.x + box.width / 2, box.y + Math.min(box.height / 2, 12));
  const isBeside = over?.closest('label, .field-secret, .search');
  const covered = Boolean(over) && !e.contains(over) && !over.contains(e) && !isBeside;
  return {walk: e.dataset.walk ?? null, shown, covered, html: e.outerHTML.slice(0, 100)};
}"""


@pytest.fixture
def page(house: House, visit: Any) -> Any:
    page = visit.signed_in("ana@acme.test").new_page()
    page.goto(f"{house.url}/w/acme/settings/team/")
    return page


def test_every_settings_page_is_reached_and_walked(page: Any) -> None:
    addresses = page.eval_on_selector_all(".subnav a", "links => links.map(link => link.href)")
    assert len(addresses) > 3
    for address in addresses:
        page.goto(address)
        assert problems(page) == [], address


def problems(page: Any) -> list[str]:
    """Walk once around the page with Tab."""
    wanted = page.evaluate(NUMBER)
    reached: list[int] = []
    found = []
    for _ in range(MOST_STEPS):
        page.keyboard.press("Tab")
        stop = page.evaluate(STOP)
        if stop["walk"] is None:
            continue
        # A field for a time is several stops, one for the hour and one for the minute.
        number = int(stop["walk"])
        if reached and number == reached[-1]:
            continue
        if number in reached:
            break
        reached.append(number)
        if not stop["shown"]:
            found.append(f"the focus does not show: {stop['html']}")
        if stop["covered"]:
            found.append(f"something lies over it: {stop['html']}")
    missing = [html for number, html in enumerate(wanted) if number not in reached]
    return found + [f"not reached: {html}" for html in missing]


def test_the_first_stop_leads_past_the_menu(page: Any) -> None:
    page.keyboard.press("Tab")
    expect(page.locator(".skip")).to_be_focused()
    page.keyboard.press("Enter")
    expect(page.locator("#main")).to_be_focused()


def test_a_setting_is_changed_with_the_keyboard_alone(page: Any) -> None:
    page.keyboard.press("g")
    page.keyboard.press("w")
    page.wait_for_url("**/settings/inboxes/*/install/")
    field = page.locator("[name=allowed_domains]")
    before = field.input_value()
    for _ in range(MOST_STEPS):
        page.keyboard.press("Tab")
        if page.evaluate("document.activeElement.name") == "allowed_domains":
            break
    page.keyboard.press("Control+End")
    page.keyboard.type("\nhttps://by-keyboard.example")
    page.keyboard.press("Tab")
    with page.expect_navigation():
        page.keyboard.press("Enter")
    expect(field).to_have_value(f"{before}\nhttps://by-keyboard.example")
    expect(page.locator("#toasts .toast:not(.toast-bad)")).to_be_visible()


def test_dialogs_drawers_tabs_and_menus(house: House, visit: Any) -> None:
    page = visit.context().new_page()
    page.goto(f"{house.url}/dev/components/")
    for name in ("sample-dialog", "sample-drawer"):
        opener = page.locator(f"[data-dialog-open={name}]")
        opener.focus()
        page.keyboard.press("Enter")
        expect(page.locator(f"#{name}")).to_be_visible()
        page.keyboard.press("Escape")
        expect(page.locator(f"#{name}")).to_be_hidden()
        expect(opener).to_be_focused()
    page.locator("#tab-a").focus()
    page.keyboard.press("ArrowRight")
    expect(page.locator("#tab-b")).to_be_focused()
    expect(page.locator("#panel-b")).to_be_visible()
    expect(page.locator("#panel-a")).to_be_hidden()
    page.keyboard.press("End")
    expect(page.locator("#panel-c")).to_be_visible()
    summary = page.locator("#menus details.drop > summary")
    summary.focus()
    page.keyboard.press("Enter")
    page.keyboard.press("ArrowDown")
    expect(page.locator("#menus details.drop .opt").first).to_be_focused()
    page.keyboard.press("Escape")
    expect(summary).to_be_focused()
    expect(page.locator("#menus details.drop .opt").first).to_be_hidden()


def test_a_table_sorts_and_its_rows_are_picked(house: House, visit: Any) -> None:
    page = visit.context().new_page()
    page.goto(f"{house.url}/dev/components/")
    table = page.locator("table[data-sortable]")
    header = table.locator("th", has_text="Name")
    header.locator("button").focus()
    page.keyboard.press("Enter")
    expect(header).to_have_attribute("aria-sort", "descending")
    names = table.locator("tbody th").all_inner_texts()
    page.keyboard.press("Enter")
    expect(header).to_have_attribute("aria-sort", "ascending")
    assert table.locator("tbody th").all_inner_texts() == names[::-1]
    bar = page.locator("form[data-bulk] .bulk")
    expect(bar).to_be_hidden()
    table.locator("[name=who]").nth(1).focus()
    page.keyboard.press("Space")
    expect(bar).to_contain_text("1 selected")
    page.locator("[data-bulk-all]").focus()
    page.keyboard.press("Space")
    expect(bar).to_contain_text("6 selected")
    bar.get_by_role("button", name="Clear selection").click()
    expect(bar).to_be_hidden()
    expect(page.locator("[data-bulk-all]")).to_be_focused()
