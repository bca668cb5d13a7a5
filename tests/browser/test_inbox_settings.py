"""The tabs of an inbox in a browser: the designer beside the real chat, chosen members, a rule that fires."""

from __future__ import annotations

import json
import uuid
from collections.abc import Iterator
from typing import Any

import pytest
from playwright.sync_api import expect

from tests.browser.house import House
from tests.browser.test_pages import inbox_of


def tab(house: House, name: str) -> str:
    return f"{house.url}/w/acme/settings/inboxes/{inbox_of(house)}/{name}/"


@pytest.fixture
def as_it_was(house: House) -> Iterator[None]:
    yield
    house.write(
        "update chat_inbox set triggers = '[]', appearance = '{}', title = '', greeting = '', color = '',"
        " is_private = 0 where id = ?",
        inbox_of(house).hex,
    )
    house.write("delete from chat_inboxmember where inbox_id = ?", inbox_of(house).hex)


@pytest.mark.parametrize("theme", ["light", "dark"])
def test_the_designer_shows_what_will_be(house: House, visit: Any, theme: str, as_it_was: None) -> None:
    page = visit.signed_in("ana@acme.test", color_scheme=theme).new_page()
    page.goto(tab(house, "look"))
    inside = page.frame_locator("#preview")
    expect(inside.locator("#title")).to_have_text("Acme")
    expect(inside.locator("html")).to_have_attribute("data-theme", theme)
    page.locator("[name=title]").fill("Acme Coffee")
    page.locator("[name=greeting]").fill("What can we brew for you?")
    expect(inside.locator("#title")).to_have_text("Acme Coffee")
    expect(inside.locator(".hi").first).to_have_text("What can we brew for you?")
    page.locator("[name=own]").fill("#ffe066")
    expect(page.locator("[data-pale]")).to_be_visible()
    page.get_by_label("Minimal").check()
    expect(inside.locator("link[href='/widget/theme/ffe066-minimal.css']")).to_have_count(1)
    page.get_by_label("Dark", exact=True).check()
    expect(inside.locator("html")).to_have_attribute("data-theme", "dark")
    page.locator("[name=home]").uncheck()
    expect(inside.locator("[data-screen=chat]")).to_be_visible()
    page.locator("[name=greeting]").press_sequentially(" Tea?")
    expect(page.locator("[name=greeting]")).to_have_value("What can we brew for you? Tea?")
    page.get_by_label("Bottom left").check()
    page.locator("[name=label]").fill("Chat with us")
    expect(page.locator("[data-launch]")).to_have_class("look-launch is-left")
    before = house.rows("select count(*) from chat_visitor")
    page.locator(".designer .form-foot .btn-primary").click()
    page.wait_for_url("**/install/")
    expect(page.locator("#snippet")).to_contain_text('data-position="left" data-label="Chat with us"')
    assert house.rows("select count(*) from chat_visitor") == before, "nobody new arrives by looking"


def test_an_inbox_of_which_omar_knows_nothing(house: House, visit: Any, as_it_was: None) -> None:
    omar = visit.signed_in("omar@acme.test").new_page()
    omar.goto(f"{house.url}/w/acme/conversations/")
    row = omar.locator("a.row").first
    row.click()
    omar.wait_for_url("**/conversations/*/")
    thread = omar.url
    ana = visit.signed_in("ana@acme.test").new_page()
    ana.goto(tab(house, "members"))
    ana.get_by_label("Only chosen members").check()
    ana.get_by_role("button", name="Save").click()
    expect(ana.locator("#toasts, .toast").first).to_be_visible()
    expect(omar.get_by_text("You can no longer see this conversation.")).to_be_visible(timeout=6_000)
    expect(omar.locator("a.row")).to_have_count(0)
    expect(omar.locator("[data-count=open]").first).to_be_hidden()
    assert omar.request.get(thread).status == 404
    ana.goto(thread)
    expect(ana.locator("#log, .log, #thread").first).to_be_visible()


def test_a_page_is_checked_and_this_machine_is_not_there(house: House, visit: Any) -> None:
    page = visit.signed_in("ana@acme.test").new_page()
    page.goto(tab(house, "install"))
    page.locator("[name=address]").fill(f"{house.url}/demo/")
    page.get_by_role("button", name="Check my site").click()
    expect(page.locator(".findings")).to_contain_text("could not be reached")
    page.locator("[name=address]").fill("not a page")
    page.get_by_role("button", name="Check my site").click()
    expect(page.locator("[name=address]")).to_have_attribute("aria-invalid", "true")


@pytest.fixture
def rule(house: House, as_it_was: None) -> Any:
    def write(**fields: Any) -> None:
        one = {"id": uuid.uuid4().hex[:8], "on": "time", "value": 0, "texts": {"en": "Need a hand?"}, **fields}
        house.write("update chat_inbox set triggers = ? where id = ?", json.dumps([one]), inbox_of(house).hex)

    return write


def on_a_site(visit: Any, website: Any, house: House) -> Any:
    line = f'<script async src="{house.url}/widget.js" data-key="{house.widget_key()}" data-preload="true"></script>'
    website.embed(f'<div style="height:4000px"></div>{line}')
    page = visit.context().new_page()
    page.goto(f"http://127.0.0.1:{website.port}/")
    return page


def test_a_rule_opens_the_chat_once_per_visit(house: House, visit: Any, website: Any, rule: Any) -> None:
    rule(then="open")
    page = on_a_site(visit, website, house)
    inside = page.frame_locator("minichat-widget iframe")
    expect(page.locator("minichat-widget .panel.off")).to_have_count(0)
    expect(inside.locator(".hi").first).to_have_text("Need a hand?")
    inside.locator("#close").click()
    expect(page.locator("minichat-widget .panel.off")).to_have_count(1)
    page.reload()
    expect(inside.locator("#title")).to_be_attached()
    page.wait_for_timeout(500)
    expect(page.locator("minichat-widget .panel.off")).to_have_count(1)


def test_the_button_says_it_when_somebody_has_read_on(house: House, visit: Any, website: Any, rule: Any) -> None:
    rule(on="scroll", value=60)
    page = on_a_site(visit, website, house)
    button = page.locator("minichat-widget button.launcher")
    expect(page.frame_locator("minichat-widget iframe").locator("#title")).to_be_attached()
    expect(button).not_to_contain_text("Need a hand?")
    page.evaluate("scrollTo(0, 3000)")
    expect(button).to_contain_text("Need a hand?")
    button.click()
    expect(button).not_to_contain_text("Need a hand?")
