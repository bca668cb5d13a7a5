"""Triage under the hands of the team: labels by keyboard alone, many at once with undo, two operators at one list."""

from __future__ import annotations

import re
import uuid
from collections.abc import Callable
from contextlib import suppress
from typing import Any

import pytest
from playwright.sync_api import Error, Locator, Page, expect

from tests.browser.house import House
from tests.browser.people import OperatorPage, VisitorPage
from tests.browser.test_inbox import press

# What a Thai layout types on these keys.
THAI = {"KeyX": "ป", "KeyS": "ห", "KeyL": "ส", "KeyP": "ย", "KeyE": "ำ"}
CLOSED, SNOOZED, UNDO = "closed", "snoozed", "Undo"


@pytest.fixture
def ask(house: House, visit: Any) -> Callable[..., str]:
    """New visitors on the shop say something, each about the same thing; answers with the word they share."""

    def several(number: int = 1) -> str:
        about = uuid.uuid4().hex[:8]
        for index in range(number):
            visitor = VisitorPage(visit.context(), house.shop)
            visitor.open()
            visitor.write(f"{about} number {index}")
        return about

    return several


def rows(page: Page, about: str) -> Any:
    return page.locator("a.row", has_text=about)


def inbox(house: House, visit: Any, email: str = "omar@acme.test", query: str = "") -> Page:
    page = OperatorPage(visit.signed_in(email), house.url).page
    if query:
        page.goto(f"{house.url}/w/acme/conversations/?{query}")
    return page


def tick(page: Page, about: str) -> None:
    for index in range(rows(page, about).count()):
        choose(page.locator(".line", has=rows(page, about)).nth(index).locator("[data-pick]"))


def choose(box: Locator) -> None:
    """A row that is drawn anew in just this moment takes its box along."""
    with suppress(Error):
        box.check(force=True)
    box.check(force=True)


def test_a_label_by_the_keyboard_alone(house: House, visit: Any, ask: Any) -> None:
    about, name = ask(), f"label {uuid.uuid4().hex[:6]}"
    page = inbox(house, visit)
    rows(page, about).focus()
    page.keyboard.press("Enter")
    expect(page.locator("#composer-text")).to_be_visible()
    page.keyboard.press("l")
    field = page.get_by_role("combobox", name=re.compile("label"))
    expect(field).to_be_focused()
    page.keyboard.type(name)
    expect(page.get_by_role("option", name=f"New label “{name}”")).to_be_visible()
    page.keyboard.press("Enter")
    expect(page.get_by_role("option", name=name, selected=True)).to_be_visible()
    page.keyboard.press("Escape")
    expect(rows(page, about).locator(".chip-label", has_text=name)).to_be_visible()
    expect(page.locator("#details .chip-label", has_text=name)).to_be_visible()
    page.keyboard.press("l")
    page.keyboard.type(name)
    page.keyboard.press("Enter")
    expect(page.get_by_role("option", name=name, selected=False)).to_be_visible()
    page.keyboard.press("Escape")
    expect(rows(page, about).locator(".chip-label")).to_have_count(0)
    page.keyboard.press("Control+z")
    expect(rows(page, about).locator(".chip-label", has_text=name)).to_be_visible()


def test_many_labels_in_one_row(house: House, visit: Any, ask: Any) -> None:
    about, names = ask(), sorted(f"{uuid.uuid4().hex[:4]} a label with many words" for _ in range(3))
    page = inbox(house, visit)
    page.emulate_media(color_scheme="dark")
    rows(page, about).click()
    expect(page.locator("#composer-text")).to_be_visible()
    page.keyboard.press("l")
    for name in names:
        page.get_by_role("combobox", name=re.compile("label")).fill(name)
        expect(page.get_by_role("option", name=f"New label “{name}”")).to_be_visible()
        page.keyboard.press("Enter")
        expect(page.get_by_role("option", name=name, selected=True)).to_be_visible()
    page.keyboard.press("Escape")
    row = rows(page, about)
    expect(row.locator(".chip-label")).to_have_text(names[:1])
    more = row.locator(".chip-more")
    expect(more).to_have_text("+2")
    expect(more).to_have_attribute("title", ", ".join(names[1:]))
    chips, last = row.locator(".row-chips").bounding_box(), more.bounding_box()
    assert last["x"] + last["width"] <= chips["x"] + chips["width"], "it hangs over the row"
    assert last["y"] + last["height"] <= chips["y"] + chips["height"] + 1, "it was wrapped out of sight"
    # On the row that is open a label keeps its colours.
    expect(row).to_have_attribute("aria-current", "true")
    colour = "chip => getComputedStyle(chip).backgroundColor"
    beside = page.locator("#details .chip-label", has_text=names[0])
    assert row.locator(".chip-label").evaluate(colour) == beside.evaluate(colour)


def test_several_are_snoozed_and_taken_back(house: House, visit: Any, ask: Any) -> None:
    about = ask(3)
    page = inbox(house, visit)
    expect(rows(page, about)).to_have_count(3)
    tick(page, about)
    expect(page.locator("#picked")).to_contain_text("3 chosen")
    page.locator("#picked [data-do=snooze]").click()
    expect(page.get_by_role("option", name=re.compile("Tomorrow morning"))).to_be_visible()
    page.get_by_role("option", name=re.compile("Tomorrow morning")).click()
    expect(rows(page, about)).to_have_count(0)
    expect(page.locator("#picked")).to_be_hidden()
    toast = page.locator(".toast", has_text="3 conversations snoozed")
    toast.get_by_role("button", name=UNDO).click()
    expect(rows(page, about)).to_have_count(3)
    assert house.rows(
        "select count(*) from chat_conversation where status = 'snoozed' and last_message_preview like ?", f"{about}%"
    ) == [(0,)]


def test_sixty_at_once_and_back(house: House, visit: Any, ask: Any) -> None:
    about = ask()
    page = inbox(house, visit)
    expect(rows(page, about)).to_have_count(1)
    multiply(house, about, 59)
    page.goto(f"{house.url}/w/acme/conversations/?language=ja")
    expect(rows(page, about).first).to_be_visible()
    page.keyboard.press("Shift+X")
    expect(page.locator("#picked")).to_contain_text("All in this list")
    page.keyboard.press("e")
    expect(page.locator(".toast", has_text="60 conversations closed")).to_be_visible(timeout=20_000)
    expect(page.locator("a.row")).to_have_count(0)
    closed = "select count(*) from chat_conversation where status = 'resolved' and last_message_preview like ?"
    assert house.rows(closed, f"{about}%") == [(60,)]
    page.keyboard.press("Control+z")
    expect(page.locator(".toast", has_text="Taken back")).to_be_visible(timeout=20_000)
    assert house.rows(closed, f"{about}%") == [(0,)]


def multiply(house: House, about: str, number: int) -> None:
    """More conversations like this one, all of them in Japanese, which the demo speaks to nobody."""
    names = [name for _, name, *_ in house.rows("pragma table_info(chat_conversation)")]
    kept = ", ".join(name for name in names if name not in ("id", "number"))
    like = "from chat_conversation where last_message_preview like ? limit 1"
    house.write("update contacts_contact set language = 'en' where language = 'ja'")  # visitors of other tests
    house.write(
        "update contacts_contact set language = 'ja' where id in (select contact_id from chat_conversation"
        " where last_message_preview like ?)",
        f"{about}%",
    )
    for index in range(number):
        house.write(
            f"insert into chat_conversation (id, number, {kept}) select ?, ?, {kept} {like}",
            uuid.uuid4().hex,
            100_000 + index,
            f"{about}%",
        )


def test_an_undo_waits_for_the_act_that_is_on_its_way(house: House, visit: Any, ask: Any) -> None:
    """Its push may be here before its answer: then the undo is about it, and not about the act before it."""
    about = ask()
    page = inbox(house, visit)
    rows(page, about).click()
    expect(page.locator("#composer-text")).to_be_visible()
    page.keyboard.press("p")
    page.get_by_role("option", name="High", exact=True).click()
    expect(page.locator(".toast", has_text="Priority changed")).to_be_visible()

    def late(route: Any) -> None:
        answer = route.fetch()
        page.wait_for_timeout(700)
        route.fulfill(response=answer)

    page.route("**/triage/", late, times=1)
    page.keyboard.press("p")
    page.get_by_role("option", name="Urgent").click()
    expect(page.locator("#thread-head")).to_have_attribute("data-priority", "urgent")
    page.keyboard.press("Control+z")
    expect(page.locator("#thread-head")).to_have_attribute("data-priority", "high")


def test_shift_picks_a_range_and_escape_forgets_it(house: House, visit: Any, ask: Any) -> None:
    about = ask(3)
    page = inbox(house, visit)
    expect(rows(page, about)).to_have_count(3)
    boxes = page.locator(".line", has=rows(page, about)).locator("[data-pick]")
    choose(boxes.nth(0))
    rows(page, about).nth(2).click(modifiers=["Shift"])
    expect(page.locator("#picked")).to_contain_text("3 chosen")
    assert page.url.rstrip("/").split("/")[-1] + "/" == "conversations/", "no thread was opened by it"
    page.keyboard.press("Escape")
    expect(page.locator("#picked")).to_be_hidden()


def test_single_keys_on_a_thai_layout(house: House, visit: Any, ask: Any) -> None:
    about = ask()
    page = inbox(house, visit)
    rows(page, about).click()
    expect(page.locator("#composer-text")).to_be_visible()
    for code, title in (("KeyS", "Snooze until"), ("KeyL", "Labels"), ("KeyP", "Priority")):
        press(page, THAI[code], code)
        expect(page.locator("#picker-title")).to_have_text(title)
        page.keyboard.press("Escape")
        expect(page.locator("#picker")).to_be_hidden()
    press(page, THAI["KeyX"], "KeyX")
    expect(page.locator("#picked")).to_contain_text("1 chosen")
    press(page, THAI["KeyE"], "KeyE")
    expect(rows(page, about)).to_have_count(0)
    expect(page.locator("#thread-head")).to_have_attribute("data-status", "resolved")


def test_two_operators_see_the_same_list(house: House, visit: Any, ask: Any) -> None:
    about = ask(2)
    omar, ana = inbox(house, visit), inbox(house, visit, "ana@acme.test")
    expect(rows(ana, about)).to_have_count(2)
    rows(ana, about).nth(1).click()
    expect(ana.locator("#composer-text")).to_be_visible()
    ana.locator("#composer-text").fill("half a sentence")
    expect(rows(omar, about)).to_have_count(2)
    tick(omar, about)
    omar.keyboard.press("p")
    expect(omar.get_by_role("option", name="Urgent")).to_be_visible()
    omar.get_by_role("option", name="Urgent").click()
    expect(rows(ana, about).locator(".chip-prio")).to_have_count(2)
    expect(ana.locator("#thread-head .chip-prio")).to_have_count(1)
    tick(omar, about)
    omar.keyboard.press("e")
    expect(rows(ana, about)).to_have_count(0)
    expect(ana.locator("#thread-head")).to_have_attribute("data-status", "resolved")
    expect(ana.locator("#composer-text")).to_have_value("half a sentence")
    # Ana opens one again; Omar's undo gives back the other and leaves hers alone.
    ana.locator("#thread-head [data-close] button").click()
    expect(rows(ana, about)).to_have_count(1)
    omar.locator(".toast", has_text="2 conversations closed").get_by_role("button", name=UNDO).click()
    expect(omar.locator(".toast", has_text="except where somebody changed it since: 1")).to_be_visible()
    expect(rows(ana, about)).to_have_count(2)


def test_a_filter_is_an_address_and_back_works(house: House, visit: Any, ask: Any) -> None:
    about = ask()
    page = inbox(house, visit)
    expect(rows(page, about)).to_have_count(1)
    page.keyboard.press("f")
    page.locator("#filters [name=priority][value=urgent]").check()
    page.locator("#filters [type=submit]").click()
    expect(rows(page, about)).to_have_count(0)
    expect(page).to_have_url(re.compile(r"\?priority=urgent$"))
    expect(page.locator("#wanted a", has_text="Urgent")).to_be_visible()
    page.go_back()
    expect(rows(page, about)).to_have_count(1)
    expect(page.locator("#filters [name=priority][value=urgent]")).not_to_be_checked()
    page.go_forward()
    expect(rows(page, about)).to_have_count(0)
    page.reload()
    page.locator("#wanted a", has_text="Urgent").click()
    expect(rows(page, about)).to_have_count(1)
    expect(page.locator("#wanted a")).to_have_count(0)


def test_a_snoozed_one_comes_back_to_the_open_list(house: House, visit: Any, ask: Any) -> None:
    about = ask()
    page = inbox(house, visit)
    rows(page, about).click()
    expect(page.locator("#composer-text")).to_be_visible()
    page.keyboard.press("s")
    page.get_by_role("option", name="Own date and time").click()
    page.locator("#picker-when").fill("2020-01-01T10:00")
    expect(page.locator("#picker-text")).to_contain_text("2020")
    page.locator("[data-own] [type=submit]").click()
    expect(page.locator("#picker-problem")).to_contain_text("still to come")
    expect(page.locator("#picker-when")).to_have_value("2020-01-01T10:00")
    page.keyboard.press("Escape")
    page.keyboard.press("s")
    page.get_by_role("option", name=re.compile("Next week")).click()
    expect(rows(page, about)).to_have_count(0)
    page.locator("#tabs [data-tab=snoozed]").click()
    expect(rows(page, about)).to_have_count(1)
    house.write(
        "update chat_conversation set snoozed_until = '2020-01-01 00:00:00' where last_message_preview like ?",
        f"{about}%",
    )
    expect(rows(page, about)).to_have_count(0, timeout=40_000)
    page.locator("#tabs [data-tab=open]").click()
    expect(rows(page, about)).to_have_count(1)
    expect(page.locator("#log .event", has_text="Back from snooze")).to_be_visible()


def test_a_shared_view_appears_in_the_menus_of_the_team_at_once(house: House, visit: Any) -> None:
    name = f"view {uuid.uuid4().hex[:6]}"
    omar = inbox(house, visit)
    contacts = omar.context.new_page()
    contacts.goto(f"{house.url}/w/acme/contacts/")
    expect(contacts.locator("[data-bell-count]").first).to_be_attached()
    ana = inbox(house, visit, "ana@acme.test", "priority=urgent")
    ana.locator(".wanted-save").click()
    ana.locator("[name=name]").fill(name)
    ana.locator("[name=is_shared]").check()
    ana.locator("form.form [type=submit]").click()
    expect(ana.locator(".nav [aria-current]", has_text=name)).to_be_visible()
    for page in (omar, contacts):
        link = page.locator(".nav .sub[data-view-of=team]", has_text=name)
        expect(link).to_be_visible()
        assert link.evaluate("link => link.compareDocumentPosition(document.querySelector('[data-views-end]')) & 4")
    omar.locator(".nav .sub", has_text=name).click()
    expect(omar.locator("#wanted a", has_text="Urgent")).to_be_visible()
    expect(omar.locator(".nav [aria-current]", has_text=name)).to_be_visible()
    expect(omar.locator(".nav .sub", has_text=name).locator(".n")).not_to_have_text("")
    ana.goto(ana.locator(".wanted-save").evaluate("link => link.href"))
    ana.locator("[popovertarget=delete-view]").first.click()
    ana.locator("#delete-view [type=submit]").click()
    expect(omar.locator(".nav .sub", has_text=name)).to_have_count(0)


def test_several_visitors_are_blocked_and_let_in_again(house: House, visit: Any, ask: Any) -> None:
    about = ask(2)
    page = inbox(house, visit)
    expect(rows(page, about)).to_have_count(2)
    blocked = (
        "select count(*) from chat_visitor v join chat_conversation c on c.visitor_id = v.id"
        " where v.blocked_at is not null and c.last_message_preview like ?"
    )
    tick(page, about)
    page.locator("#picked [data-do=block]").click()
    dialog = page.locator("#block")
    expect(dialog).to_contain_text("Block these visitors?")
    expect(dialog).to_contain_text("2 chosen")
    dialog.get_by_role("button", name="Cancel").click()
    expect(dialog).to_be_hidden()
    assert house.rows(blocked, f"{about}%") == [(0,)]
    page.keyboard.press("b")
    dialog.get_by_role("button", name="Block", exact=True).click()
    toast = page.locator(".toast", has_text="2 visitors blocked")
    expect(toast).to_be_visible()
    expect(page.locator("#picked")).to_be_hidden()
    assert house.rows(blocked, f"{about}%") == [(2,)]
    toast.get_by_role("button", name=UNDO).click()
    expect(page.locator(".toast", has_text="Taken back")).to_be_visible()
    assert house.rows(blocked, f"{about}%") == [(0,)]
