"""The inbox under the hands of the team: keyboard, phone, two tabs, a role that only reads, a lost session."""

from __future__ import annotations

import re
from collections.abc import Callable
from contextlib import suppress
from typing import Any

import pytest
from playwright.sync_api import expect

from tests.browser.house import House
from tests.browser.people import OperatorPage, VisitorPage, soon

# What a Thai layout types on these keys.
THAI_J, THAI_E = ("่", "KeyJ"), ("ำ", "KeyE")
_STORED = re.compile(r"^m-")


@pytest.fixture
def ask(house: House, visit: Any) -> Callable[[str], VisitorPage]:
    """A new visitor on the shop says this."""

    def open_and_write(text: str) -> VisitorPage:
        visitor = VisitorPage(visit.context(), house.shop)
        visitor.open()
        visitor.write(text)
        return visitor

    return open_and_write


def opened(house: House, context: Any, text: str) -> OperatorPage:
    operator = OperatorPage(context, house.url)
    operator.open_row(text)
    operator.sees(text)
    return operator


def press(page: Any, key: str, code: str) -> None:
    """A key of another layout; Playwright's keyboard is always American."""
    page.evaluate("document.activeElement.blur()")
    event = "new KeyboardEvent('keydown', {key: k, code: c, bubbles: true, cancelable: true})"
    page.evaluate(f"([k, c]) => document.body.dispatchEvent({event})", [key, code])


def test_single_keys_work_with_a_thai_layout(house: House, visit: Any, ask: Any) -> None:
    ask("which key is this on a Thai keyboard?")
    omar = opened(house, visit.signed_in("omar@acme.test"), "which key is this")
    before = omar.page.url
    press(omar.page, *THAI_E)
    expect(omar.page.locator("#thread-head")).to_have_attribute("data-status", "resolved")
    press(omar.page, *THAI_J)
    expect(omar.page.locator("#panes")).not_to_have_attribute("data-conversation", before.rstrip("/").split("/")[-1])
    expect(omar.page).not_to_have_url(before)


def test_letters_in_a_field_are_letters(house: House, visit: Any, ask: Any) -> None:
    ask("do shortcuts eat my words?")
    omar = opened(house, visit.signed_in("omar@acme.test"), "do shortcuts eat")
    omar.page.locator("#composer-text").click()
    omar.page.keyboard.type("jeanne")
    expect(omar.page.locator("#composer-text")).to_have_value("jeanne")
    expect(omar.page.locator("#thread-head")).to_have_attribute("data-status", "open")


def test_a_phone_walks_from_the_list_to_the_details_and_back(house: House, visit: Any, ask: Any) -> None:
    ask("answer me from the train")
    page = opened(house, visit.phone(storage_state=_session(visit)), "answer me from the train").page
    expect(page.locator("#list")).to_be_hidden()
    page.locator("#thread-head [data-nav=details]").click()
    expect(page.locator("#details .who")).to_be_visible()
    expect(page).to_have_url(re.compile("/details/$"))
    page.go_back()
    expect(page.locator("#composer-text")).to_be_visible()
    page.go_back()
    expect(page.locator("#list")).to_be_visible()
    expect(page.locator("#composer-text")).to_have_count(0)


def test_on_a_phone_the_name_has_room_and_more_holds_the_rest(house: House, visit: Any, ask: Any) -> None:
    ask("assign me from the train")
    page = opened(house, visit.phone(storage_state=_session(visit)), "assign me from the train").page
    name = page.locator("#thread-head h2")
    assert name.evaluate("one => one.scrollWidth <= one.clientWidth"), "the name is cut"
    page.locator("#more-acts > summary").click()
    page.locator("#more-acts [data-do=assign]").click()
    page.get_by_role("option", name="Ana Reyes").click()
    expect(page.locator("#assign")).to_have_attribute("data-assignee", str(house.member("ana@acme.test")))
    # A keyboard at a narrow window: the same list.
    page.locator("#log").focus()
    page.keyboard.press("a")
    expect(page.locator("#picker-title")).to_have_text("Assign to")
    page.keyboard.press("Escape")


def test_on_a_phone_the_line_of_settings_begins_where_one_is(house: House, visit: Any) -> None:
    page = visit.phone(storage_state=_session(visit)).new_page()
    page.goto(f"{house.url}/w/acme/settings/blocked/")
    here = page.locator(".subnav [aria-current]")
    expect(here).to_be_in_viewport(ratio=1)
    links = page.locator(".subnav a")
    tops = {round(links.nth(index).bounding_box()["y"]) for index in range(links.count())}
    assert len(tops) == 1, "it takes more than one line"


def test_sending_with_ctrl_enter_resolves_and_a_reply_reopens(house: House, visit: Any, ask: Any) -> None:
    ask("thanks, that was all")
    omar = opened(house, visit.signed_in("omar@acme.test"), "thanks, that was all")
    omar.page.locator("#composer-text").fill("You are welcome")
    omar.page.locator("#composer-text").press("Control+Enter")
    expect(omar.page.locator("#thread-head")).to_have_attribute("data-status", "resolved")
    expect(omar.page.locator("a.row", has_text="You are welcome")).to_have_count(0)
    omar.write("One more thing")
    expect(omar.page.locator("#thread-head")).to_have_attribute("data-status", "open")
    expect(omar.page.locator("a.row", has_text="One more thing")).to_be_visible()
    expect(omar.page.locator("[id=thread-head]")).to_have_count(1)


def test_who_writes_and_resolves_at_once_does_not_open_it_again(house: House, visit: Any, ask: Any) -> None:
    """The line is slow: the reply is on its way while the button is pressed."""
    ask("and a last question")
    context, held = visit.signed_in("omar@acme.test"), []

    def slow(socket: Any) -> None:
        server = socket.connect_to_server()
        late = '"type":"message"'
        socket.on_message(lambda text: held.append((server, text)) if late in text else server.send(text))

    context.route_web_socket(re.compile("/ws/w/"), slow)
    omar = opened(house, context, "and a last question")
    omar.write("and a last answer")
    omar.page.locator("#thread-head form[action$='/resolution/'] button").click()
    soon(omar.page, lambda: bool(held))
    omar.page.wait_for_timeout(500)
    expect(omar.page.locator("#thread-head")).to_have_attribute("data-status", "open")
    [(server, text)] = held
    server.send(text)
    expect(omar.page.locator("#thread-head")).to_have_attribute("data-status", "resolved")
    assert house.texts("and a last answer") == ["and a last question", "and a last answer"]
    said = "select status from chat_conversation where last_message_preview like '%and a last answer%'"
    assert house.rows(said) == [("resolved",)]


def test_two_tabs_of_an_operator_agree_on_texts_and_on_what_is_read(house: House, visit: Any, ask: Any) -> None:
    visitor = ask("first of two tabs")
    context = visit.signed_in("omar@acme.test")
    listing = OperatorPage(context, house.url).page
    badge = listing.locator("a.row", has_text="of two tabs").locator("[data-unread]")
    expect(badge).to_be_visible()
    reading = opened(house, context, "first of two tabs")
    expect(badge).to_be_hidden()
    second = opened(house, context, "first of two tabs")
    reading.write("written in one of them")
    second.sees("written in one of them")
    visitor.write("second of two tabs")
    second.sees("second of two tabs")
    assert reading.texts() == second.texts() == house.texts("first of two tabs")


def test_who_only_reads_is_offered_nothing_else(house: House, visit: Any, ask: Any) -> None:
    ask("may a viewer answer this?")
    page = OperatorPage(visit.signed_in("vera@acme.test"), house.url).page
    page.locator("a.row", has_text="may a viewer").first.click()
    expect(page.locator("#log [data-text]")).to_have_text("may a viewer answer this?")
    omar = opened(house, visit.signed_in("omar@acme.test"), "may a viewer")
    omar.page.locator("#thread-head [data-close] button").click()
    expect(page.locator("#thread-head")).to_have_attribute("data-status", "resolved")
    expect(page.locator("#composer, .head-acts")).to_have_count(0)


def test_a_lost_session_keeps_the_text_until_the_person_is_back(house: House, visit: Any, ask: Any) -> None:
    ask("sign out in the middle")
    context = visit.signed_in("omar@acme.test")
    omar = opened(house, context, "sign out in the middle")
    address, session = omar.page.url, context.cookies()
    context.clear_cookies()
    context.set_offline(True)
    omar.write("written while signed out")
    context.set_offline(False)
    expect(omar.page.locator("#conn [data-sign-in]")).to_be_visible()
    assert house.texts("sign out in the middle") == ["sign out in the middle"]
    context.add_cookies(session)
    omar.page.goto(address)
    expect(omar.page.locator("#log article", has_text="written while signed out")).to_have_attribute("id", _STORED)
    assert house.texts("sign out in the middle") == ["sign out in the middle", "written while signed out"]


def test_resolving_row_after_row_by_keyboard_misses_none(house: House, visit: Any, ask: Any) -> None:
    for number in (3, 2, 1):
        ask(f"row by row {number}")
    page = opened(house, visit.signed_in("omar@acme.test"), "row by row 2").page
    page.locator("a.row[aria-current=true]").focus()
    page.keyboard.press("e")
    expect(page.locator("a.row", has_text="row by row 2")).to_have_count(0)
    expect(page.locator("a.row", has_text="row by row 3")).to_be_focused()
    page.keyboard.press("j")
    expect(page.locator("#log [data-text]")).to_have_text("row by row 3")
    page.keyboard.press("k")
    expect(page.locator("#log [data-text]")).to_have_text("row by row 1")


def test_a_tab_that_cannot_be_fetched_is_not_an_empty_one(house: House, visit: Any, ask: Any) -> None:
    ask("tabs without a network")
    context = visit.signed_in("omar@acme.test")
    page = OperatorPage(context, house.url).page
    row = page.locator("a.row", has_text="tabs without a network")
    expect(row).to_be_visible()
    context.route("**/conversations/?tab=*", lambda route: route.abort())
    page.locator("#tabs [data-tab=closed]").click()
    expect(page.locator(".toast")).to_contain_text("No connection")
    expect(page.locator("#tabs [aria-current]")).to_have_attribute("data-tab", "open")
    expect(row).to_be_visible()
    context.unroute("**/conversations/?tab=*")
    page.locator("#tabs [data-tab=closed]").click()
    expect(row).to_have_count(0)
    page.reload()
    expect(page.locator("#tabs [aria-current]")).to_have_attribute("data-tab", "closed")


def test_the_tab_chosen_last_is_the_one_that_shows(house: House, visit: Any, ask: Any) -> None:
    ask("the quick tab")
    context = visit.signed_in("omar@acme.test")
    page = OperatorPage(context, house.url).page
    expect(page.locator("a.row", has_text="the quick tab")).to_be_visible()
    late: list[Any] = []
    context.route("**/conversations/?tab=waiting", lambda route: late.append(route))  # noqa: PLW0108
    page.locator("#tabs [data-tab=waiting]").click()
    page.locator("#tabs [data-tab=closed]").click()
    expect(page.locator("a.row").first).to_have_attribute("data-status", "resolved")
    late[0].continue_()
    page.wait_for_timeout(500)
    expect(page.locator("a.row", has_text="the quick tab")).to_have_count(0)


def test_a_message_that_arrives_while_a_gap_is_filled_is_shown(house: House, visit: Any, relay: Any, ask: Any) -> None:
    visitor = ask("before the gap")
    ours = f"http://127.0.0.1:{relay.port}"
    context = visit.signed_in("omar@acme.test", ours)
    omar = OperatorPage(context, ours)
    omar.open_row("before the gap")
    omar.sees("before the gap")
    held: list[Any] = []

    def hold_the_first(route: Any) -> None:
        if held:
            route.continue_()
        else:
            held.append((route, route.fetch()))

    context.route("**/changes/**", hold_the_first)
    relay.cut()
    visitor.write("in the gap")
    visitor.sees("in the gap")
    relay.mend()
    for _ in range(100):
        omar.page.wait_for_timeout(100)
        if held:
            break
    visitor.write("while it is filled")
    omar.page.wait_for_timeout(800)  # its push has come, and waits for the answer that does not know it
    route, answer = held[0]
    route.fulfill(response=answer)
    omar.sees("while it is filled", seconds=4)
    assert omar.texts() == ["before the gap", "in the gap", "while it is filled"]


def test_a_visitor_without_a_name_is_typing_too(house: House, visit: Any, ask: Any) -> None:
    visitor = ask("guess who is typing")
    omar = opened(house, visit.signed_in("omar@acme.test"), "guess who is typing")
    name = omar.page.locator("#thread-head h2").inner_text()
    typing = omar.page.locator("#typing [data-typing-name]")
    for _ in range(4):  # it is said every three seconds, to whoever has the thread open by then
        visitor.frame.locator("textarea").press_sequentially("hm")
        with suppress(AssertionError):
            expect(typing).to_have_text(f"{name} is typing", timeout=3_500)
            break
    expect(typing).to_have_text(f"{name} is typing")


def test_storage_that_is_refused_stops_nothing(house: House, visit: Any, ask: Any) -> None:
    ask("no storage in this browser")
    context = visit.signed_in("omar@acme.test")
    context.add_init_script("Object.defineProperty(window, 'localStorage', { get() { throw new DOMException('no') } })")
    omar = opened(house, context, "no storage in this browser")
    omar.write("it works without")
    expect(omar.page.locator("#log article", has_text="it works without")).to_have_attribute("id", _STORED)


def test_a_chip_in_the_open_row_has_one_colour(house: House, visit: Any, ask: Any) -> None:
    ask("how long have I waited?")
    page = opened(house, visit.signed_in("omar@acme.test"), "how long have I waited").page
    expect(page.locator("a.row[aria-current=true] .chip-bad time")).to_be_attached()
    # In one look: a row that is drawn anew in between has no colour.
    chip, waited = page.evaluate(
        "['', ' time'].map(part => document.querySelector(`a.row[aria-current=true] .chip-bad${part}`))"
        ".map(node => getComputedStyle(node).color)"
    )
    assert chip == waited
    assert chip


@pytest.mark.parametrize("width", [1280, 1366])
def test_a_small_laptop_shows_whose_conversation_it_is(house: House, visit: Any, ask: Any, width: int) -> None:
    ask(f"three panes on {width} pixels")
    context = visit.signed_in("omar@acme.test", viewport={"width": width, "height": 800})
    page = opened(house, context, f"three panes on {width}").page
    assert page.locator("#thread-head h2").evaluate("name => name.scrollWidth <= name.clientWidth")
    lines = "hint => hint.getClientRects().length"
    assert page.locator(".composer-t [data-hint=reply]").evaluate(lines) <= 1


def _session(visit: Any) -> Any:
    return visit.signed_in("omar@acme.test").storage_state()


def test_a_late_row_undoes_nothing(house: House, visit: Any, ask: Any) -> None:
    """Of two processes the slower tells last: what it says of a row is older than what is shown."""
    visitor = ask("first words of the green chair")
    page = visit.signed_in("omar@acme.test").new_page()
    said: list[str] = []
    heard: list[str] = []

    def let_through(line: Any) -> None:
        server = line.connect_to_server()

        def hear(text: str) -> None:
            line.send(text)
            heard.append(text)
            if '"type":"row"' in text and "of the green chair" in text:
                said.append(text)
                if len(said) > 1:
                    line.send(said[0])

        server.on_message(hear)

    page.route_web_socket(re.compile("/ws/w/"), let_through)
    page.goto(f"{house.url}/w/acme/conversations/")
    row = page.locator("a.row", has_text="of the green chair")
    expect(row).to_be_visible()
    while not heard:  # until then rows come with the page
        page.wait_for_timeout(100)
    for words in ("second words of the green chair", "third words of the green chair"):
        visitor.write(words)
        expect(row).to_contain_text(words)
    page.wait_for_timeout(300)
    assert len(said) > 1
    expect(row).to_contain_text("third words")


def test_a_row_is_not_taken_from_under_a_finger(house: House, visit: Any, ask: Any) -> None:
    """Two visitors write on while one row is pressed: the click opens it, and then the rows move."""
    ask("the upper one of two")
    lower = ask("the lower one of two")
    upper = ask("above them both")
    page = OperatorPage(visit.signed_in("omar@acme.test"), house.url).page
    row = page.locator("a.row", has_text="the lower one of two")
    expect(row).to_be_visible()
    row.hover()
    page.mouse.down()
    lower.write("the lower one of two goes on")
    upper.write("above them both, and more")
    soon(page, lambda: len(house.texts("above them both, and more")) == 2)
    page.mouse.up()
    expect(page.locator("#composer-text")).to_be_visible()
    expect(page.locator("#log [data-text]").last).to_have_text("the lower one of two goes on")
    expect(page.locator("a.row", has_text="the lower one of two goes on")).to_be_visible()
    expect(page.locator("a.row", has_text="above them both, and more")).to_be_visible()
    # Whoever holds on for longer gets what is new all the same.
    row = page.locator("a.row", has_text="the upper one of two")
    row.hover()
    page.mouse.down()
    lower.write("a third time")
    expect(page.locator("a.row", has_text="a third time")).to_be_visible()
    page.mouse.up()


def test_nothing_is_written_to_the_one_before_while_the_next_is_loading(house: House, visit: Any, ask: Any) -> None:
    ask("the first of two")
    ask("the second of two")
    omar, held = opened(house, visit.signed_in("omar@acme.test"), "the first of two"), []
    page = omar.page
    page.route("**/conversations/*-*-*-*-*/", lambda route: held.append(route))  # noqa: PLW0108 (Playwright marks it)
    page.locator("#composer-text").focus()
    page.locator("a.row", has_text="the second of two").click()
    expect(page.locator("#panes")).to_have_attribute("aria-busy", "true")
    page.locator("#composer-text").click(force=True)
    page.keyboard.type("every letter of this is for the second one")
    expect(page.locator("#composer-text")).to_have_value("")
    expect(page.locator("#thread-head")).to_have_attribute("data-status", "open")
    expect(page.locator("dialog[open], details[open].drop")).to_have_count(0)
    # Back at the first: it is as usable as before.
    page.locator("a.row", has_text="the first of two").click()
    omar.write("to the first")
    page.unroute("**/conversations/*-*-*-*-*/")
    omar.open_row("the second of two")
    omar.write("to the second")
    expect(page.locator("#log article", has_text="to the second")).to_have_attribute("id", _STORED)
    assert house.texts("to the first") == ["the first of two", "to the first"]
    assert house.texts("to the second") == ["the second of two", "to the second"]
