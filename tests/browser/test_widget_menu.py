"""The menu of a conversation: a sound for what is answered later, and the conversation by mail."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from typing import Any

import pytest
from playwright.sync_api import expect

from tests.browser.house import House
from tests.browser.people import OperatorPage, VisitorPage, soon
from tests.browser.test_alerts import COME_BACK, LOOK_AWAY
from tests.browser.test_pages import COLOURS, COLOURS_HAVE_CHANGED, EVERYTHING, findings
from tests.browser.test_widget_access import HANGS_OVER, LAUNCHER, chat

SECOND = 1000
# Counts what a loudspeaker would play: one tone is one ring.
LISTEN = """
window.rang = 0;
window.AudioContext = class {
  state = 'running'; currentTime = 0; destination = {};
  async resume() {}
  createOscillator() {
    return { frequency: {}, connect: next => next, start() { window.rang += 1; }, stop() {} };
  }
  createGain() {
    return { gain: { setValueAtTime() {}, exponentialRampToValueAtTime() {} }, connect: next => next };
  }
};
"""
ADDRESS = "mali@customer.example"


@pytest.fixture
def loud(house: House) -> Iterator[None]:
    """The owner lets visitors switch a sound on."""
    key = house.widget_key()
    [(before,)] = house.rows("select appearance from chat_inbox where widget_key = ?", key)
    wanted = json.dumps({**json.loads(before), "sound": True})
    house.write("update chat_inbox set appearance = ? where widget_key = ?", wanted, key)
    yield
    house.write("update chat_inbox set appearance = ? where widget_key = ?", before, key)


def visitor_at(house: House, visit: Any, question: str, **options: Any) -> VisitorPage:
    context = visit.context(**options)
    context.add_init_script(LISTEN)
    visitor = VisitorPage(context, house.shop)
    visitor.open()
    visitor.write(question)
    expect(visitor.frame.locator("#log .me .state").last).to_contain_text("Sent")
    return visitor


def omar_at(house: House, visit: Any, question: str) -> OperatorPage:
    omar = OperatorPage(visit.signed_in("omar@acme.test"), house.url)
    omar.open_row(question)
    return omar


def menu(visitor: VisitorPage) -> Any:
    visitor.frame.locator("#menu").click()
    return visitor.frame.get_by_role("group", name="More")


def rang(visitor: VisitorPage) -> int:
    return chat(visitor.page).evaluate("window.rang")


def code_mailed(house: House) -> str:
    [(text,)] = house.rows(
        'select text from notifications_outgoingemail where "to" like ? order by created_at desc limit 1',
        f"%{ADDRESS}%",
    )
    return re.search(r"^\d{6}$", text, re.M)[0]  # type: ignore[index]


def test_who_switches_it_on_hears_one_tone(house: House, visit: Any, loud: None) -> None:
    visitor = visitor_at(house, visit, "ring me when you are back")
    omar = omar_at(house, visit, "ring me when you are back")
    launcher = visitor.page.locator(LAUNCHER)
    launcher.click()
    omar.write("Quiet one.")
    expect(launcher).to_have_attribute("aria-label", "Open chat, 1 unread")
    assert rang(visitor) == 0, "nobody asked for it"
    launcher.click()
    visitor.sees("Quiet one.")
    switch = menu(visitor).get_by_label("A sound when you are answered")
    expect(switch).to_be_focused()
    expect(switch).not_to_be_checked()
    visitor.page.keyboard.press("Space")
    expect(switch).to_be_checked()
    assert rang(visitor) == 1, "this is how it sounds"
    visitor.page.keyboard.press("Escape")
    expect(visitor.frame.locator("#menu")).to_be_focused()
    omar.write("Seen at once.")
    visitor.sees("Seen at once.")
    assert rang(visitor) == 1, "it rang for what is being read"
    launcher.click()
    for words in ("Back again", "with two", "of three"):
        omar.write(words)
    expect(launcher).to_have_attribute("aria-label", "Open chat, 3 unread")
    visitor.page.wait_for_timeout(SECOND)
    assert rang(visitor) == 2, "one tone for all that comes at once"
    # The next page of the site still knows, and nothing rings for what was there before.
    visitor.page.reload()
    expect(launcher).to_have_attribute("aria-label", "Open chat, 3 unread")
    visitor.page.wait_for_timeout(SECOND)
    assert rang(visitor) == 0
    omar.write("And a fourth.")
    expect(launcher).to_have_attribute("aria-label", "Open chat, 4 unread")
    visitor.page.wait_for_timeout(SECOND)
    assert rang(visitor) == 1
    launcher.click()
    visitor.sees("And a fourth.")
    chat(visitor.page).evaluate(LOOK_AWAY)
    visitor.page.wait_for_timeout(4 * SECOND)
    omar.write("Behind another tab.")
    visitor.sees("Behind another tab.")
    visitor.page.wait_for_timeout(SECOND)
    assert rang(visitor) == 2
    chat(visitor.page).evaluate(COME_BACK)
    switch = menu(visitor).get_by_label("A sound when you are answered")
    switch.uncheck()
    # The frame says it to the page, which keeps it.
    soon(visitor.page, lambda: "sound" not in visitor.page.evaluate("JSON.stringify(localStorage)"))


def test_before_consent_nothing_of_it_is_kept(house: House, visit: Any, loud: None) -> None:
    visitor = visitor_at(house, visit, "may I think about it?")
    visitor.page.evaluate("MiniChat('consent', false)")
    visitor.frame.locator("#start").click()
    menu(visitor).get_by_label("A sound when you are answered").check()
    visitor.page.wait_for_timeout(SECOND)
    assert "sound" not in visitor.page.evaluate("JSON.stringify(localStorage)")
    visitor.page.evaluate("MiniChat('consent', true)")
    soon(visitor.page, lambda: '"sound":true' in visitor.page.evaluate("Object.values(localStorage).join()"))


def test_where_the_owner_has_not_allowed_it(house: House, visit: Any) -> None:
    visitor = visitor_at(house, visit, "no sound here")
    expect(menu(visitor).get_by_role("button", name="Email me this conversation")).to_be_focused()
    expect(visitor.frame.get_by_label("A sound when you are answered")).to_be_hidden()


def test_a_conversation_by_mail_to_a_mailbox_that_is_proven(house: House, visit: Any) -> None:
    visitor = visitor_at(house, visit, "please write it down for me")
    omar = omar_at(house, visit, "please write it down for me")
    omar.write("It costs 120 baht.")
    visitor.sees("It costs 120 baht.")
    omar.page.locator("#more-acts summary").click()
    omar.page.get_by_role("button", name="Send by email").click()
    expect(omar.page.get_by_text("has not confirmed an email address")).to_be_visible()

    box = menu(visitor)
    box.get_by_role("button", name="Email me this conversation").click()
    address = box.get_by_label("Your email address")
    expect(address).to_be_focused()
    address.fill("mali@customer")
    address.press("Enter")
    expect(box.get_by_role("alert")).to_have_text("This is not an email address.")
    expect(address).to_be_focused()
    expect(address).to_have_value("mali@customer")
    address.fill(ADDRESS)
    address.press("Enter")
    code = box.get_by_label("Code from the email")
    expect(code).to_be_focused()
    expect(box).to_contain_text(ADDRESS)
    code.fill("000000" if code_mailed(house) != "000000" else "000001")
    code.press("Enter")
    expect(box.get_by_role("alert")).to_have_text("This code does not fit, or it is too old.")
    code.fill(code_mailed(house))
    code.press("Enter")
    expect(box.get_by_role("status")).to_have_text("It is on its way to the address that you confirmed.")
    sent = 'select subject, text from notifications_outgoingemail where "to" like ? order by created_at desc limit 1'
    [(subject, text)] = house.rows(sent, f"%{ADDRESS}%")
    assert subject == "Your conversation with Acme" and "It costs 120 baht." in text
    expect(omar.page.locator("#log .event").last).to_contain_text("had this conversation sent")
    visitor.page.keyboard.press("Escape")
    expect(box).to_be_hidden()
    expect(visitor.frame.locator("#body")).to_be_visible()
    # Known from now on: asked again it goes at once.
    menu(visitor).get_by_role("button", name="Email me this conversation").click()
    expect(box.get_by_role("status")).to_be_focused()


def test_an_operator_sends_it_from_the_thread(house: House, visit: Any) -> None:
    visitor_at(house, visit, "send it to my mailbox")
    house.write(
        "update contacts_contact set proven_email = ? where id = (select c.contact_id from chat_conversation c"
        " join chat_message m on m.conversation_id = c.id where m.body = 'send it to my mailbox')",
        ADDRESS,
    )
    omar = omar_at(house, visit, "send it to my mailbox")
    omar.page.locator("#more-acts summary").click()
    omar.page.get_by_role("button", name="Send by email").click()
    expect(omar.page.locator("#log .event").last).to_contain_text("Omar Haddad sent this conversation by email")


@pytest.mark.parametrize("width", [320, 390, 1280])
@pytest.mark.parametrize("language", ["en", "th", "ja"])
def test_axe_finds_nothing_in_it(house: House, visit: Any, loud: None, language: str, width: int) -> None:
    context = visit.context(viewport={"width": width, "height": 640}, reduced_motion="reduce")
    page = context.new_page()
    page.goto(house.shop)
    page.evaluate(f"MiniChat('lang', '{language}')")
    page.evaluate("MiniChat('open', 'chat')")
    frame = page.frame_locator("minichat-widget iframe")
    expect(frame.locator("#body")).to_be_focused()
    frame.locator("#body").fill("menu?")
    frame.locator("#body").press("Enter")
    expect(frame.locator("#log .me[data-state=stored]")).to_be_visible()
    found: list[str] = []

    def look(name: str) -> None:
        for theme, rules in (("light", EVERYTHING), ("dark", COLOURS)):
            page.evaluate(f"MiniChat('theme', '{theme}')")
            expect(frame.locator("html")).to_have_attribute("data-theme", theme)
            place = chat(page)
            place.evaluate(COLOURS_HAVE_CHANGED)
            wrong = findings(place, rules) + place.evaluate(HANGS_OVER.replace(".emo", ".emo, .mn, .ml"))
            found.extend(f"{name} {theme}: {one}" for one in wrong)

    frame.locator("#menu").click()
    expect(frame.locator(".mn")).to_be_visible()
    look("menu")
    frame.locator(".mn button.mn-i").click()
    frame.locator(".ml input[type=email]").press("Enter")
    expect(frame.locator(".ml [role=alert]")).to_be_visible()
    look("address")
    frame.locator(".ml input").fill(f"menu-{language}-{width}@customer.example")
    frame.locator(".ml input").press("Enter")
    expect(frame.locator(".ml input[inputmode=numeric]")).to_be_focused()
    look("code")
    assert found == []
