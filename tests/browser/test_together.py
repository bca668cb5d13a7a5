"""Two operators in one conversation."""

from __future__ import annotations

import re
from typing import Any

import pytest
from playwright.sync_api import expect

from tests.browser.house import House
from tests.browser.people import OperatorPage, VisitorPage, soon


def asked(request: pytest.FixtureRequest) -> str:
    return request.node.name.removeprefix("test_").replace("_", " ")


@pytest.fixture
def talk(house: House, visit: Any, request: pytest.FixtureRequest) -> VisitorPage:
    """A visitor who asked something that no other test asked."""
    visitor = VisitorPage(visit.context(), house.shop)
    visitor.open()
    visitor.write(asked(request))
    return visitor


@pytest.fixture
def both(house: House, visit: Any, talk: VisitorPage, request: pytest.FixtureRequest) -> tuple[Any, Any]:
    """Omar and Ana, who have it open."""
    people = []
    for email in ("omar@acme.test", "ana@acme.test"):
        operator = OperatorPage(visit.signed_in(email), house.url)
        operator.open_row(asked(request))
        people.append(operator)
    return people[0], people[1]


def test_each_sees_that_the_other_looks_and_writes(both: tuple[Any, Any], talk: VisitorPage) -> None:
    omar, ana = both
    line = omar.page.locator("#colleagues")
    expect(line).to_have_text("Ana Reyes is viewing", timeout=2000)
    expect(ana.page.locator("#colleagues")).to_have_text("Omar Haddad is viewing", timeout=2000)
    before = omar.page.locator("#composer").bounding_box()

    ana.page.locator("#composer [data-mode=note]").click()
    ana.page.locator("#composer-text").press_sequentially("he is")
    expect(line).to_have_text("Ana Reyes is writing a note")
    assert omar.page.locator("#composer").bounding_box() == before, "the sign moved what is under somebody's hands"
    expect(talk.frame.locator("#typing")).to_be_hidden()
    ana.page.locator("#composer-text").press("Enter")
    expect(line).to_have_text("Ana Reyes is viewing")

    ana.page.locator("#composer [data-mode=reply]").click()
    ana.page.locator("#composer-text").press_sequentially("We")
    expect(line).to_have_text("Ana Reyes is writing a reply")
    expect(talk.frame.locator("#typing")).to_be_visible()
    ana.page.close()
    expect(line).to_have_text("")


def test_of_two_who_take_it_the_slower_one_sees_who(both: tuple[Any, Any]) -> None:
    omar, ana = both
    # Ana clicks on what her screen showed a moment ago.
    stale = ana.page.locator("#thread-head form").first.evaluate("form => form.action")
    omar.page.locator("#thread-head form[action$='takeover/'] button").click()
    expect(omar.page.locator("#assign > summary")).to_contain_text("Omar Haddad")
    expect(ana.page.locator("#assign > summary")).to_contain_text("Omar Haddad")
    ana.page.evaluate(
        """address => {
            const form = document.querySelector('#thread-head form');
            form.action = address;
            form.dispatchEvent(new SubmitEvent('submit', { bubbles: true, cancelable: true }));
        }""",
        stale,
    )
    expect(ana.page.locator(".toast", has_text="Omar Haddad was faster")).to_be_visible()


def test_an_answer_that_was_overtaken_undoes_nothing(both: tuple[Any, Any]) -> None:
    """Omar closes, Ana opens again, and then the answer to Omar's click is here."""
    omar, ana = both
    held: list[Any] = []
    omar.page.route("**/resolution/", lambda route: held.append((route, route.fetch())))
    omar.page.locator("#thread-head [data-close] button").click()
    expect(ana.page.locator("#thread-head")).to_have_attribute("data-status", "resolved")
    ana.page.locator("#thread-head [data-close] button").click()
    head = omar.page.locator("#thread-head")
    expect(head).to_have_attribute("data-status", "open")
    expect(omar.page.locator("#log .event", has_text="Ana Reyes reopened")).to_be_visible()
    route, answer = held.pop()
    assert 'data-status="resolved"' in answer.text()
    route.fulfill(response=answer)
    expect(omar.page.locator("#toasts")).to_contain_text("Conversation closed.")
    expect(head).to_have_attribute("data-status", "open")


def test_what_happens_while_a_thread_is_opened_is_in_its_header(
    house: House, visit: Any, talk: VisitorPage, request: pytest.FixtureRequest
) -> None:
    omar = OperatorPage(visit.signed_in("omar@acme.test"), house.url)
    held: list[Any] = []

    def hold_first(route: Any) -> None:
        if held:
            route.continue_()
        else:
            held.append((route, route.fetch()))

    omar.page.route(re.compile(r"/conversations/[0-9a-f-]{36}/$"), hold_first)
    omar.page.locator("a.row", has_text=asked(request)).click()
    soon(omar.page, lambda: bool(held))
    ana = OperatorPage(visit.signed_in("ana@acme.test"), house.url)
    ana.open_row(asked(request))
    ana.page.locator("#thread-head form[action$='takeover/'] button").click()
    expect(ana.page.locator("#assign > summary")).to_contain_text("Ana Reyes")
    route, answer = held[0]
    assert 'data-assignee=""' in answer.text()
    route.fulfill(response=answer)
    expect(omar.page.locator("#assign > summary")).to_contain_text("Ana Reyes")


def test_assigning_by_keyboard(both: tuple[Any, Any]) -> None:
    omar, ana = both
    omar.page.locator("#log").focus()
    omar.page.keyboard.press("a")
    field = omar.page.locator("#assign-q")
    expect(field).to_be_focused()
    options = omar.page.locator("#assign-list [role=option]")
    expect(options.first).to_be_visible()
    field.press_sequentially("reyes")
    expect(options).to_have_count(1)
    expect(field).to_have_attribute("aria-activedescendant", "assign-list-0")
    field.press("Enter")
    expect(omar.page.locator("#assign > summary")).to_contain_text("Ana Reyes")
    expect(ana.page.locator("#assign > summary")).to_contain_text("Ana Reyes")
    field = omar.page.locator("#assign-q")
    omar.page.locator("#assign > summary").click()
    field.press_sequentially("nobody by this name")
    expect(omar.page.locator("#assign-list")).to_contain_text("Nobody by that name")
    field.press("Enter")
    expect(omar.page.locator("#assign > summary")).to_contain_text("Ana Reyes")


def test_a_colleague_is_mentioned_by_keyboard(both: tuple[Any, Any]) -> None:
    omar, ana = both
    ana.page.goto(f"{ana.page.url.split('/conversations')[0]}/canned/")
    field = omar.page.locator("#composer-text")
    field.press_sequentially("@an")
    expect(omar.page.locator("#mentions")).to_be_hidden()
    field.fill("")
    omar.page.locator("#composer [data-mode=note]").click()
    field.press_sequentially("eight percent, @rey")
    option = omar.page.locator("#mentions [role=option]")
    expect(option).to_have_text(["ARAna Reyes"])
    expect(field).to_have_attribute("aria-activedescendant", "mentions-0")
    field.press("Enter")
    expect(field).to_have_value("eight percent, @Ana Reyes ")
    expect(omar.page.locator("#mentions")).to_be_hidden()
    field.press_sequentially("ok?")
    field.press("Enter")
    expect(omar.page.locator("#log .mention").last).to_have_text("@Ana Reyes")
    expect(ana.page.locator("[data-bell-count]").first).not_to_have_text("")
    ana.page.locator("#bell-button").click()
    entry = ana.page.locator("#bell-list [data-notification-link]", has_text="Omar Haddad mentioned you").first
    entry.click()
    expect(ana.page.locator("#log .mention.is-me").last).to_have_text("@Ana Reyes")


def test_a_draft_on_a_second_device_and_gone_when_sent(house: House, visit: Any, talk: VisitorPage) -> None:
    words = "a draft on a second device and gone when sent"
    first = OperatorPage(visit.signed_in("omar@acme.test"), house.url)
    first.open_row(words)
    field = first.page.locator("#composer-text")
    with first.page.expect_response("**/draft/"):
        field.press_sequentially("We do ship")
    first.page.locator("#composer [data-mode=note]").click()
    expect(field).to_have_value("")
    with first.page.expect_response("**/draft/"):
        field.press_sequentially("a regular")
    expect(first.page.locator(".row[aria-current] [data-draft-sign]")).to_be_visible()

    second = OperatorPage(visit.signed_in("omar@acme.test"), house.url)
    expect(second.page.locator(".row", has_text=words).locator("[data-draft-sign]")).to_be_visible()
    second.open_row(words)
    other = second.page.locator("#composer-text")
    second.page.locator("#composer [data-mode=note]").click()
    expect(other).to_have_value("a regular")
    second.page.locator("#composer [data-mode=reply]").click()
    expect(other).to_have_value("We do ship")
    other.press("End")
    other.press_sequentially(" to Chiang Mai")
    first.page.locator("#composer [data-mode=reply]").click()
    expect(field).to_have_value("We do ship to Chiang Mai")
    field.press("Enter")
    first.sees("We do ship to Chiang Mai")
    expect(other).to_have_value("")
    second.page.reload()
    second.page.locator("#composer [data-mode=reply]").click()
    expect(second.page.locator("#composer-text")).to_have_value("")


def test_a_draft_survives_a_reload_without_a_connection(house: House, visit: Any, talk: VisitorPage) -> None:
    context = visit.signed_in("omar@acme.test")
    omar = OperatorPage(context, house.url)
    omar.open_row("a draft survives a reload without a connection")
    omar.page.route("**/draft/", lambda route: route.abort())
    omar.page.locator("#composer-text").press_sequentially("typed in a tunnel")
    omar.page.reload()
    expect(omar.page.locator("#composer-text")).to_have_value("typed in a tunnel")
    with omar.page.expect_response("**/draft/") as saved:
        # From here on it may be saved at any moment, also by the page that is left.
        omar.page.unroute("**/draft/")
        omar.page.reload()
    assert saved.value.ok
    assert house.rows("select count(*) from chat_draft where body = 'typed in a tunnel'") == [(1,)]


def test_a_name_comes_into_a_note_by_an_edit(both: tuple[Any, Any]) -> None:
    omar, _ana = both
    omar.write("who knows?", note=True)
    expect(omar.page.locator(".msg-note .msg-tools")).to_be_attached()
    field = omar.page.locator("#composer-text")
    field.press("ArrowUp")
    edit = omar.page.locator("[data-edit-text]")
    expect(edit).to_be_focused()
    edit.press_sequentially(" @rey")
    expect(omar.page.locator("#edit-mentions [role=option]")).to_have_count(1)
    edit.press("Enter")
    expect(edit).to_have_value("who knows? @Ana Reyes ")
    edit.press("Enter")
    expect(omar.page.locator("#log .mention").last).to_have_text("@Ana Reyes")


def test_a_draft_is_saved_when_another_row_is_opened_at_once(house: House, visit: Any, talk: VisitorPage) -> None:
    omar = OperatorPage(visit.signed_in("omar@acme.test"), house.url)
    omar.open_row("a draft is saved when another row is opened at once")
    here = omar.page.locator("#composer").get_attribute("data-conversation") or ""
    field = omar.page.locator("#composer-text")
    field.press_sequentially("half a sen")

    def is_all_of_it(reply: Any) -> bool:
        """A slow machine has sent half of the half before."""
        said = reply.request.post_data or ""
        return reply.url.endswith(f"{here}/draft/") and bool(re.search("half.a.sen", said))

    with omar.page.expect_response(is_all_of_it) as saved:
        omar.page.locator("a.row:not([aria-current])").first.click()
    assert saved.value.json()["body"] == "half a sen"
    expect(omar.page.locator("#composer")).not_to_have_attribute("data-conversation", here)
    expect(omar.page.locator(f"#r-{here} [data-draft-sign]")).to_be_visible()
