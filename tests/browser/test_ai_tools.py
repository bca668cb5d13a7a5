"""What the assistant does for a colleague at work: a reply to begin with, other words, its reasons, a new FAQ."""

from __future__ import annotations

import re
import uuid
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import pytest
from playwright.sync_api import expect

from tests.browser.house import House
from tests.browser.people import OperatorPage, VisitorPage

ANSWER = "free"


def begun(house: House, visit: Any, question: str, *, phone: bool = False, email: str = "omar@acme.test") -> Any:
    """A visitor has asked, and a colleague has it open."""
    visitor = VisitorPage(visit.context(), house.shop)
    visitor.open()
    visitor.write(question)
    size = {"viewport": {"width": 390, "height": 844}} if phone else {}
    operator = OperatorPage(visit.signed_in(email, **size), house.url)
    operator.open_row(question)
    return visitor, operator


def test_a_reply_to_begin_with(house: House, visit: Any) -> None:
    visitor, operator = begun(house, visit, "How much is shipping, please?")
    page = operator.page
    bar, field = page.locator("#suggestion"), page.locator("#composer-text")
    expect(bar).to_be_hidden()
    page.get_by_role("button", name="Suggest a reply").click()
    expect(bar.locator("[data-bar-text]")).to_contain_text(ANSWER)
    suggested = bar.locator("[data-bar-text]").inner_text()
    expect(bar.locator(".cite")).to_have_attribute("href", re.compile(r"/w/acme/knowledge/[0-9a-f-]{36}/$"))
    field.fill("Hello!")
    bar.get_by_role("button", name="Insert").click()
    expect(field).to_have_value(f"Hello!\n\n{suggested}")
    expect(field).to_be_focused()
    expect(bar).to_be_hidden()
    assert len(operator.texts()) == 1, "nothing is sent by itself"
    field.press("Enter")
    visitor.sees(suggested.splitlines()[0][:30])


def test_by_the_keyboard_also_a_thai_one(house: House, visit: Any) -> None:
    _, operator = begun(house, visit, "Is there a guarantee on it?")
    page = operator.page
    bar, field = page.locator("#suggestion"), page.locator("#composer-text")
    field.click()
    # What a Thai layout types with Alt is anything; the place of the key is the same.
    key = "{key: 'ฟ', code: 'Enter', altKey: true, bubbles: true, cancelable: true}"
    page.evaluate(f"document.activeElement.dispatchEvent(new KeyboardEvent('keydown', {key}))")
    expect(bar.locator("[data-bar-text]")).to_contain_text("two years")
    page.keyboard.press("Alt+Enter")
    expect(field).to_have_value(re.compile("two years"))
    expect(bar).to_be_hidden()
    page.keyboard.press("Alt+Enter")
    expect(bar.locator("[data-bar-text]")).to_contain_text("two years")
    bar.get_by_role("button", name="Dismiss").click()
    expect(bar).to_be_hidden()
    field.fill("")


def test_nothing_sure_enough(house: House, visit: Any) -> None:
    _, operator = begun(house, visit, "Who won the regatta in Lisbon?")
    bar = operator.page.locator("#suggestion")
    operator.page.get_by_role("button", name="Suggest a reply").click()
    expect(bar.locator("[data-bar-text]")).to_contain_text("sure enough")
    expect(bar.get_by_role("button", name="Insert")).to_be_hidden()
    operator.page.locator("[data-close] button").first.click()
    expect(operator.page.get_by_role("button", name="Suggest a reply")).to_be_hidden()


@pytest.mark.parametrize("theme", ["light", "dark"])
def test_it_has_room_on_a_phone(house: House, visit: Any, theme: str) -> None:
    _, operator = begun(house, visit, f"Do you take credit cards in {theme}?", phone=True)
    page = operator.page
    page.emulate_media(color_scheme=theme)
    page.get_by_role("button", name="Suggest a reply").click()
    expect(page.locator("#suggestion .cite")).to_be_visible()
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
    for part in ("[data-bar-insert]", "[data-bar-dismiss]", "[type=submit]"):
        box = page.locator(f"#composer {part}").bounding_box()
        assert box["x"] >= 0 and box["x"] + box["width"] <= 390, part


@pytest.mark.usefixtures("assistant")
def test_why_it_said_so(house: House, visit: Any) -> None:
    visitor = VisitorPage(visit.context(), house.shop)
    visitor.open()
    visitor.write("Can you grind the beans for me, kindly?")
    visitor.sees("We grind free of charge")
    page = visit.signed_in("ana@acme.test").new_page()
    page.goto(f"{house.url}/w/acme/conversations/?tab=ai")
    page.locator("a.row", has_text="grind").first.click()
    answer = page.locator("#log .msg-ai").last
    expect(page.get_by_role("button", name="Suggest a reply")).to_be_hidden()
    answer.get_by_text("Why this answer?").click()
    expect(answer.locator("[data-why-text]")).to_contain_text("% sure")
    expect(answer.locator("[data-why-text]")).to_contain_text("Words in common")
    answer.get_by_role("link", name="Edit this FAQ").first.click()
    expect(page.get_by_label("Answer", exact=True)).to_contain_text("grind")


@pytest.mark.usefixtures("assistant")
def test_a_poor_answer_goes_on_the_list(house: House, visit: Any) -> None:
    visitor = VisitorPage(visit.context(), house.shop)
    visitor.open()
    visitor.write("Will you grind the beans for me, as a favour?")
    visitor.sees("We grind free of charge")
    omar = visit.signed_in("omar@acme.test").new_page()
    omar.goto(f"{house.url}/w/acme/conversations/?tab=ai")
    omar.locator("a.row", has_text="grind").first.click()
    answer = omar.locator("#log .msg-ai").last
    answer.get_by_text("Why this answer?").click()
    good, poor = (answer.get_by_role("button", name=f"{word} answer") for word in ("Good", "Poor"))
    for button in (good, poor):
        expect(button).to_have_attribute("aria-pressed", "false")
    poor.focus()
    omar.keyboard.press("Enter")
    expect(poor).to_have_attribute("aria-pressed", "true")
    expect(poor).to_be_focused()
    answer.get_by_role("link", name="Unanswered questions").click()
    row = omar.locator("li.row-item", has_text="as a favour")
    expect(row.get_by_text("Answered, but judged poor")).to_be_visible()
    expect(row.get_by_text("We grind free of charge")).to_be_visible()
    expect(omar.get_by_text(re.compile(r"\d+ good, 1 poor"))).to_be_visible()
    ana = visit.signed_in("ana@acme.test").new_page()
    ana.goto(house.url + str(row.get_by_role("link", name="Open the conversation").get_attribute("href")))
    answer = ana.locator("#log .msg-ai").last
    answer.get_by_text("Why this answer?").click()
    expect(answer.get_by_text("Judged by Omar")).to_be_visible()
    answer.get_by_role("button", name="Poor answer").click()
    expect(answer.get_by_role("button", name="Poor answer")).to_have_attribute("aria-pressed", "false")
    answer.get_by_role("button", name="Good answer").click()
    expect(answer.get_by_role("button", name="Good answer")).to_have_attribute("aria-pressed", "true")
    omar.reload()
    expect(omar.locator("li.row-item", has_text="as a favour")).to_have_count(0)


def test_an_faq_from_a_reply(house: House, visit: Any) -> None:
    _, operator = begun(house, visit, "Do you roast beans on Mondays?", email="ana@acme.test")
    page = operator.page
    operator.write("Every Monday, from seven.")
    operator.sees("Every Monday, from seven.")
    reply = page.locator("#log .msg-out", has_text="Every Monday").last
    reply.hover()
    reply.get_by_role("link", name="Save as FAQ").click()
    expect(page.get_by_label("Question", exact=True)).to_have_value("Do you roast beans on Mondays?")
    expect(page.get_by_label("Answer", exact=True)).to_have_value("Every Monday, from seven.")


@contextmanager
def a_model(house: House) -> Iterator[None]:
    """No model is in the demo: a row says that there is one."""
    [(workspace,)] = house.rows("select id from workspaces_workspace where slug = 'acme'")
    house.write(
        "insert into ai_chainlink (id, created_at, workspace_id, provider, model, position)"
        " values (?, datetime('now'), ?, 'ollama', 'llama3.2', 0)",
        uuid.uuid4().hex,
        workspace,
    )
    try:
        yield
    finally:
        house.write("delete from ai_chainlink where workspace_id = ?", workspace)


def test_other_words_are_taken_on_demand(house: House, visit: Any) -> None:
    """Its answer is played."""
    with a_model(house):
        _, operator = begun(house, visit, "Is the shop closed on Songkran?")
        page = operator.page
        # Written past the house, it shows once the house looks again (`ai/context.py`).
        page.wait_for_timeout(10_500)
        page.reload()
        page.route("**/ai/rewriting/**", lambda route: route.fulfill(json={"text": "Yes, closed.", "detail": ""}))
        bar, field = page.locator("#suggestion"), page.locator("#composer-text")
        page.get_by_role("button", name="Put it in other words").click()
        expect(bar.locator("[data-bar-text]")).to_contain_text("Write something first")
        field.fill("Yes, on that day the shop is closed, as far as I know.")
        page.get_by_role("button", name="Put it in other words").click()
        bar.get_by_role("button", name="Shorter").click()
        expect(bar.locator("[data-bar-text]")).to_have_text("Yes, closed.")
        expect(field).to_have_value("Yes, on that day the shop is closed, as far as I know.")
        bar.get_by_role("button", name="Replace").click()
        expect(field).to_have_value("Yes, closed.")
        page.keyboard.press("Control+z")
        expect(field).to_have_value("Yes, on that day the shop is closed, as far as I know.")
        field.fill("")


def test_other_ways_to_ask_are_suggested_and_saved_with_the_faq(house: House, visit: Any) -> None:
    """Nobody answers where the model should be; then its answer is played."""
    page = visit.signed_in("ana@acme.test").new_page()
    place = f"{house.url}/w/acme/knowledge/faqs/new/"
    with a_model(house):
        page.goto(place)
        # Written past the house, it shows once the house looks again (`ai/context.py`).
        page.wait_for_timeout(10_500)
        page.reload()
        suggest, ways = page.get_by_role("button", name="Suggest other ways to ask"), page.get_by_label("Other ways")
        suggest.click()
        expect(page.get_by_text("Write the question first.")).to_be_visible()
        page.get_by_label("Question", exact=True).fill("Do you wrap presents?")
        page.get_by_label("Answer", exact=True).fill("Yes, for 50 baht.")
        ways.fill("Gift wrapping?")
        suggest.click()
        expect(page.get_by_text("No model answered")).to_be_visible(timeout=30_000)
        expect(ways).to_have_value("Gift wrapping?")
        expect(suggest).to_be_focused()
        page.route(place, _played)
        suggest.click()
        expect(page.get_by_text("1 more way to ask")).to_be_visible()
        expect(ways).to_have_value("Gift wrapping?\nCan it be a present?")
        expect(page.get_by_label("Answer", exact=True)).to_have_value("Yes, for 50 baht.")
        page.unroute(place)
        page.get_by_label("Category").press("Enter")
        expect(page).to_have_url(f"{house.url}/w/acme/knowledge/")
    [(saved,)] = house.rows("select other_ways from ai_source where title = 'Do you wrap presents?'")
    assert saved == "Gift wrapping?\nCan it be a present?", "Return saves, and asks no model"


def _played(route: Any) -> None:
    """The page as the house draws it, with what a model said in it."""
    drawn = route.fetch().text()
    drawn = drawn.replace("Gift wrapping?</textarea>", "Gift wrapping?\nCan it be a present?</textarea>")
    route.fulfill(body=drawn.replace("No model answered", "1 more way to ask"), content_type="text/html")
