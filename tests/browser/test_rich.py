"""What is written on one side is drawn alike on both."""

from __future__ import annotations

import json
from typing import Any

import pytest
from playwright.sync_api import expect

from tests.browser.house import ROOT, House
from tests.browser.people import OperatorPage, VisitorPage

CASES = json.loads((ROOT / "minichat/tests/rich.json").read_text())
# What the server wrote is read and written anew by the browser, so that both have its spelling.
DRAWN = """async cases => {
  const { rich } = await import('/static/widget/more/rich.js');
  const parsed = html => new DOMParser().parseFromString(`<div>${html}</div>`, 'text/html').body.firstChild.innerHTML;
  const drawn = (kind, body) => {
    const place = document.createElement('div');
    rich(place, { kind, body });
    return place.innerHTML;
  };
  return cases.map(({ text, team, visitor }) => ({
    text, team: [drawn('operator', text), parsed(team)], visitor: [drawn('visitor', text), parsed(visitor)],
  }));
}"""


def test_SR39_the_widgets_script_and_the_server_draw_the_same(house: House, visit: Any) -> None:
    page = visit.context().new_page()
    page.goto(house.url)
    rows = page.evaluate(DRAWN, CASES)
    assert len(rows) > 30
    for row in rows:
        assert row["team"][0] == row["team"][1], row["text"]
        assert row["visitor"][0] == row["visitor"][1], row["text"]


@pytest.fixture
def talking(house: House, visit: Any) -> tuple[VisitorPage, OperatorPage]:
    visitor = VisitorPage(visit.context(), house.shop)
    visitor.open()
    visitor.write("**is** the violet jug there? ask me@shop.test")
    omar = OperatorPage(visit.signed_in("omar@acme.test"), house.url)
    omar.open_row("violet jug")
    return visitor, omar


def test_both_sides_see_the_same(talking: tuple[VisitorPage, OperatorPage]) -> None:
    visitor, omar = talking
    omar.page.locator("#composer-text").fill("**Yes!** <b>See</b> https://acme.test/jug\n- red\n- `violet`")
    omar.page.locator("#composer-text").press("Enter")
    theirs = visitor.frame.locator("#log .m:not(.me):not(#greeting):not(#typing) .b")
    for log in (theirs.last, omar.page.locator("#log [data-text]").last):
        expect(log.locator("strong")).to_have_text("Yes!")
        expect(log.locator("li")).to_have_text(["red", "violet"])
        expect(log.locator("a")).to_have_attribute("rel", "noopener noreferrer nofollow")
        expect(log.locator("b")).to_have_count(0)
    expect(visitor.frame.locator("[data-screen=list]")).to_be_hidden()
    # A visitor's own words stay text, with links.
    for log in (visitor.frame.locator("#log .me .b").first, omar.page.locator("#log [data-text]").first):
        expect(log).to_contain_text("**is** the violet jug")
        expect(log.locator("a")).to_have_attribute("href", "mailto:me@shop.test")
        expect(log.locator("strong")).to_have_count(0)


def test_an_edit_begins_with_what_was_written(talking: tuple[VisitorPage, OperatorPage]) -> None:
    visitor, omar = talking
    omar.write("It is **blue**.")
    expect(omar.page.locator("#log [data-text] strong")).to_have_text("blue")
    expect(omar.page.locator("[data-edit]:not([hidden])")).to_have_count(1)
    omar.page.locator("#composer-text").press("ArrowUp")
    edit = omar.page.locator("[data-edit-text]")
    expect(edit).to_have_value("It is **blue**.")
    edit.fill("It is **violet**.")
    edit.press("Enter")
    expect(visitor.frame.locator("#log .b strong").last).to_have_text("violet")
    expect(omar.page.locator("#log [data-text] strong")).to_have_text("violet")
