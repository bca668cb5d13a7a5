"""The visitor's ways through the widget: home, several conversations, the list of them, and back."""

from __future__ import annotations

from typing import Any

import pytest
from playwright.sync_api import expect

from tests.browser.house import House
from tests.browser.people import OperatorPage, VisitorPage, soon, types_in_the_chat

SECOND = 1000


@pytest.fixture
def visitor(house: House, visit: Any) -> VisitorPage:
    page = VisitorPage(visit.context(), house.shop)
    page.open()
    return page


def home(visitor: VisitorPage) -> None:
    visitor.frame.locator("#back").click()
    expect(visitor.frame.locator("#start")).to_be_visible()


def rows(visitor: VisitorPage) -> Any:
    return visitor.frame.locator("#recent .card")


def another(visitor: VisitorPage, text: str) -> None:
    home(visitor)
    visitor.frame.locator("#start").click()
    expect(visitor.frame.locator("#log .m.me")).to_have_count(0)
    visitor.write(text)
    visitor.sees(text)
    expect(visitor.frame.locator("#log .m.me .state").last).to_contain_text("Sent")


def omar_answers(house: House, visit: Any, question: str, answer: str) -> OperatorPage:
    omar = OperatorPage(visit.signed_in("omar@acme.test"), house.url)
    omar.open_row(question)
    omar.write(answer)
    omar.sees(answer)
    return omar


def test_two_conversations_go_side_by_side(house: House, visit: Any, visitor: VisitorPage) -> None:
    visitor.write("first: the blue kettle")
    visitor.sees("first: the blue kettle")
    another(visitor, "second: an invoice")
    assert visitor.texts() == ["second: an invoice"]
    home(visitor)
    expect(rows(visitor)).to_have_count(2)
    expect(rows(visitor).first).to_contain_text("You: second: an invoice")
    omar_answers(house, visit, "the blue kettle", "It is back in stock.")
    expect(rows(visitor).first).to_contain_text("It is back in stock.")
    expect(rows(visitor).first).to_contain_text("1 new message")
    expect(rows(visitor).last).not_to_contain_text("new message")
    rows(visitor).first.click()
    visitor.sees("It is back in stock.")
    assert visitor.texts() == ["first: the blue kettle", "It is back in stock."]
    home(visitor)
    expect(rows(visitor).first).not_to_contain_text("new message")


def test_a_row_of_the_list_is_not_taken_from_under_a_finger(house: House, visitor: VisitorPage) -> None:
    """The list shows what it knew, and is asked for again meanwhile: the answer comes while a row is pressed."""
    visitor.write("one of five")
    expect(visitor.frame.locator("#log .m.me .state").last).to_contain_text("Sent")
    for text in ("two of five", "three of five", "four of five", "five of five"):
        another(visitor, text)
    home(visitor)
    visitor.frame.locator("#all").click()
    expect(visitor.frame.locator(".rows .card")).to_have_count(5)
    visitor.frame.locator(".rows .card", has_text="five of five").click()
    visitor.sees("five of five")
    held: list[Any] = []
    visitor.page.route("**/conversations/?*", lambda route: held.append((route, route.fetch())))
    visitor.frame.locator("#back").click()
    row = visitor.frame.locator(".rows .card", has_text="two of five")
    row.hover()
    visitor.page.mouse.down()
    soon(visitor.page, lambda: bool(held))
    older = visitor.frame.locator("[data-screen=list] > .plain")
    expect(older).to_be_disabled()
    route, answer = held.pop()
    route.fulfill(response=answer)
    expect(older).to_be_enabled()
    visitor.page.mouse.up()
    visitor.sees("two of five")


def test_a_text_goes_where_it_was_written(house: House, visitor: VisitorPage) -> None:
    """Also when the visitor has gone on before it was sent."""
    visitor.write("about the grinder")
    visitor.sees("about the grinder")
    visitor.page.context.set_offline(True)
    visitor.write("written without a line")
    home(visitor)
    visitor.frame.locator("#start").click()
    visitor.write("something quite different")
    visitor.page.context.set_offline(False)
    expect(visitor.frame.locator("#log .m.me .state").last).to_contain_text("Sent", timeout=40 * SECOND)
    assert visitor.texts() == ["something quite different"]
    soon(visitor.page, lambda: house.texts("about the grinder") == ["about the grinder", "written without a line"])
    assert house.texts("something quite different") == ["something quite different"]


def test_somebody_with_unread_words_lands_in_them(house: House, visit: Any, visitor: VisitorPage) -> None:
    visitor.write("are you open on Sunday?")
    visitor.sees("are you open on Sunday?")
    another(visitor, "and where do I park?")
    visitor.page.goto("about:blank")
    omar_answers(house, visit, "are you open on Sunday", "From ten to four.")
    visitor.page.goto(house.shop)
    launcher = visitor.page.locator("minichat-widget button.launcher")
    expect(launcher).to_have_attribute("aria-label", "Open chat, 1 unread")
    launcher.click()
    visitor.sees("From ten to four.")
    expect(visitor.frame.locator("#body")).to_be_focused()


def test_two_tabs_agree_on_what_is_unread(house: House, visit: Any) -> None:
    context = visit.context()
    one = VisitorPage(context, house.shop)
    one.open()
    one.write("a question of two tabs of mine")
    one.sees("a question of two tabs of mine")
    two = VisitorPage(context, house.shop)
    two.open()
    two.sees("a question of two tabs of mine")
    for tab in (one, two):
        tab.page.locator("minichat-widget button.launcher").click()
    omar_answers(house, visit, "question of two tabs of mine", "Here I am.")
    badges = [tab.page.locator("minichat-widget .badge") for tab in (one, two)]
    for badge in badges:
        expect(badge).to_have_text("1")
    one.page.bring_to_front()
    one.page.locator("minichat-widget button.launcher").click()
    one.sees("Here I am.")
    one.page.locator("minichat-widget button.launcher").click()
    for badge in badges:
        expect(badge).to_be_hidden(timeout=2 * SECOND)


def test_the_list_holds_all_of_them(house: House, visitor: VisitorPage) -> None:
    visitor.write("chat 0")
    visitor.sees("chat 0")
    for number in range(1, 5):
        another(visitor, f"chat {number}")
    home(visitor)
    expect(rows(visitor)).to_have_count(3)
    visitor.frame.locator("#all").click()
    lines = visitor.frame.locator(".rows .card")
    expect(lines).to_have_count(5)
    expect(visitor.frame.get_by_role("heading", name="Your conversations")).to_be_focused()
    lines.last.click()
    visitor.sees("chat 0")
    visitor.write("chat 0 goes on")
    assert visitor.texts() == ["chat 0", "chat 0 goes on"]
    visitor.frame.locator("#back").click()
    expect(lines.first).to_contain_text("chat 0 goes on")


def test_the_page_opens_the_screen_it_wants(house: House, visit: Any, visitor: VisitorPage) -> None:
    visitor.write("where is home?")
    visitor.sees("where is home?")
    visitor.frame.locator("#close").click()
    visitor.page.evaluate("MiniChat('open', 'home')")
    expect(visitor.frame.locator("#start")).to_be_visible()
    visitor.frame.locator("#close").click()
    visitor.page.evaluate("MiniChat('open', 'list')")
    expect(visitor.frame.get_by_role("heading", name="Your conversations")).to_be_visible()


def test_the_focus_goes_along(house: House, visit: Any) -> None:
    page = visit.context().new_page()
    page.goto(house.shop)
    page.locator("minichat-widget button.launcher").press("Enter")
    frame = page.frame_locator("minichat-widget iframe")
    expect(frame.locator("#start")).to_be_focused()
    types_in_the_chat(page)
    page.keyboard.press("Enter")
    expect(frame.locator("#body")).to_be_focused()
    frame.locator("#back").press("Enter")
    expect(frame.locator("#start")).to_be_focused()
    page.keyboard.press("Escape")
    expect(page.locator("minichat-widget button.launcher")).to_be_focused()


def test_one_tap_when_it_is_closed(house: House, visit: Any, visitor: VisitorPage) -> None:
    visitor.write("how long is the warranty?")
    visitor.sees("how long is the warranty?")
    omar = omar_answers(house, visit, "how long is the warranty", "Two years.")
    expect(visitor.frame.locator(".stars")).to_have_count(0)
    omar.page.locator("#thread-head form[action$='/resolution/'] button").click()
    stars = visitor.frame.get_by_role("radio")
    expect(stars).to_have_count(5)
    heard = "window.heard = []; MiniChat('on', 'rating', detail => heard.push(detail.rating))"
    visitor.page.evaluate(heard)
    stars.nth(3).click()
    expect(stars.nth(3)).to_have_attribute("aria-checked", "true")
    visitor.frame.get_by_placeholder("Would you like to say why?").fill("Clear answer")
    visitor.frame.locator(".why button").click()
    expect(visitor.frame.locator("#log .line").last).to_contain_text("You rated this conversation: 4 of 5")
    expect(omar.page.locator("#log .event", has_text="4 of 5")).to_contain_text("Clear answer")
    # The page hears of the answer a moment after the team does.
    soon(visitor.page, lambda: visitor.page.evaluate("heard") == [4, 4])
