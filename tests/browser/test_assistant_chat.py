"""The assistant answers a visitor of the demo's shop, gives up where it should, and is silent once a person speaks."""

from __future__ import annotations

from typing import Any

import pytest
from playwright.sync_api import expect

from tests.browser.house import House
from tests.browser.people import OperatorPage, VisitorPage

pytestmark = pytest.mark.usefixtures("assistant")

BELIEVABLE = {
    "en": [
        ("When will my parcel arrive?", "1–2 working days"),
        ("Do you take credit cards?", "PromptPay"),
        ("What are your opening hours?", "every day from 8:00"),
        ("Is there a guarantee?", "two years"),
        ("Can you grind the beans for me?", "We grind free of charge"),
    ],
    "th": [
        ("ต่างจังหวัดใช้เวลาส่งนานไหม", "2–3 วันทำการ"),
        ("รับบัตรเครดิตไหม", "พร้อมเพย์"),
        ("วันอาทิตย์เปิดไหม", "เปิดทุกวัน"),
        ("มีประกันหรือเปล่า", "2 ปี"),
        ("บดเมล็ดให้ได้ไหม", "บดให้ฟรี"),
    ],
}


@pytest.mark.parametrize("language", BELIEVABLE)
def test_five_believable_questions(house: House, visit: Any, language: str) -> None:
    visitor = VisitorPage(visit.context(locale=language), f"{house.shop}?lang={language}")
    visitor.open()
    expect(visitor.frame.locator("[data-tool=more]")).to_be_visible()
    for number, (question, answer) in enumerate(BELIEVABLE[language], 1):
        visitor.write(question)
        visitor.sees(answer)
        expect(visitor.frame.locator(".m.ai")).to_have_count(number)
    cite = visitor.frame.locator(".m.ai .cite").last
    cite.locator("summary").click()
    expect(cite.locator("q")).to_contain_text(BELIEVABLE[language][-1][1])
    expect(visitor.frame.locator(".m.ai .who").last).to_contain_text("AI")


def test_off_topic_it_hands_over_and_is_silent_from_then_on(house: House, visit: Any) -> None:
    operator = OperatorPage(visit.signed_in("omar@acme.test"), house.url)
    visitor = VisitorPage(visit.context(), house.shop)
    visitor.open()
    visitor.write("How much is shipping?")
    visitor.sees("free")
    row = operator.page.locator("a.row", has_text="How much is shipping").or_(
        operator.page.locator("a.row", has_text="From ฿1,500 on")
    )
    expect(row.first).to_contain_text("AI is answering")
    operator.page.locator("#tabs [data-tab=ai]").click()
    expect(row.first).to_be_visible()

    visitor.write("Who won the football match in Madrid last night?")
    line = visitor.frame.locator("#log .line", has_text="person")
    expect(line).to_be_visible()
    expect(visitor.frame.locator("[data-tool=more]")).to_be_hidden()
    operator.page.locator("#tabs [data-tab=waiting]").click()
    operator.open_row("football match in Madrid")
    event = operator.page.locator(".event:has(.handoff)")
    expect(event).to_contain_text("did not know the answer")
    expect(event.locator(".handoff")).to_contain_text("How much is shipping?")
    expect(event.locator(".handoff")).to_contain_text("football match in Madrid")
    expect(operator.page.locator("#log .msg-ai .cite").first).to_be_visible()

    operator.write("I do not know either, but can I help with coffee?")
    visitor.sees("can I help with coffee")
    visitor.write("Can I pay by PromptPay?")
    operator.sees("Can I pay by PromptPay?")
    visitor.page.wait_for_timeout(2500)
    assert visitor.frame.locator(".m.ai").count() == 1, "silent"

    operator.page.locator("#more-acts summary").click()
    operator.page.get_by_role("button", name="Hand back to the AI assistant").click()
    visitor.sees("Visa, Mastercard, JCB")
    expect(operator.page.locator("#thread-head")).to_contain_text("AI is answering")

    operator.page.goto(f"{house.url}/w/acme/knowledge/unanswered/")
    gap = operator.page.locator(".row-item", has_text="football match in Madrid")
    expect(gap).to_be_visible()
    expect(gap.get_by_role("link", name="Write an answer")).to_have_count(0)


def test_a_person_is_one_tap_away(house: House, visit: Any) -> None:
    visitor = VisitorPage(visit.phone(locale="th"), f"{house.shop}?lang=th")
    visitor.open()
    visitor.frame.locator("[data-tool=more]").click()
    expect(visitor.frame.locator("#log .m.me .b")).to_have_text("คุยกับเจ้าหน้าที่")
    expect(visitor.frame.locator("#log .line", has_text="เจ้าหน้าที่")).to_be_visible()
    expect(visitor.frame.locator("[data-tool=more]")).to_be_hidden()


def test_an_answer_is_written_for_what_was_asked_in_vain(house: House, visit: Any) -> None:
    visitor = VisitorPage(visit.context(), house.shop)
    visitor.open()
    visitor.write("Do you repair bicycles from Denmark?")
    expect(visitor.frame.locator("#log .line", has_text="person")).to_be_visible()
    page = visit.signed_in("ana@acme.test").new_page()
    page.goto(f"{house.url}/w/acme/knowledge/unanswered/")
    page.locator(".row-item", has_text="bicycles from Denmark").get_by_role("link", name="Write an answer").click()
    expect(page.get_by_label("Question", exact=True)).to_have_value("Do you repair bicycles from Denmark?")
    page.get_by_label("Answer", exact=True).fill("Only coffee grinders, sorry.")
    page.get_by_role("button", name="Save").click()
    page.goto(f"{house.url}/w/acme/knowledge/unanswered/")
    expect(page.locator(".row-item", has_text="bicycles from Denmark")).to_have_count(0)
    again = VisitorPage(visit.context(), house.shop)
    again.open()
    again.write("Do you repair bicycles from Denmark?")
    again.sees("Only coffee grinders")
