"""An owner changes how the assistant is: checked, refused, mended, published, taken back."""

from __future__ import annotations

from typing import Any

from playwright.sync_api import expect

from tests.browser.house import House

QUESTIONS = ("ร้านเปิดกี่โมง", "How long is delivery?")


def test_a_worse_draft_is_refused_mended_published_and_taken_back(house: House, visit: Any) -> None:
    house.write("delete from ai_goldenquestion")
    [(before,)] = house.rows("select coalesce(max(number), 0) from ai_assistantversion")
    page = visit.signed_in("ana@acme.test").new_page()
    page.goto(f"{house.url}/w/acme/conversations/")
    page.get_by_role("navigation").get_by_role("link", name="AI assistant").click()

    # Two test questions: one written, one from the panel with what the assistant does today.
    page.get_by_role("link", name="Test questions").click()
    page.locator("main").get_by_role("link", name="New question").or_(
        page.get_by_role("link", name="Write the first question")
    ).first.click()
    page.get_by_label("Question", exact=True).fill(QUESTIONS[0])
    page.get_by_label("It answers from one FAQ or text").check()
    page.get_by_label("FAQ or text", exact=True).select_option(label=QUESTIONS[0])
    page.get_by_role("button", name="Save").click()
    page.goto(f"{house.url}/w/acme/knowledge/test/?q=talk+to+a+human")
    page.get_by_role("link", name="Make it a test question").click()
    expect(page.get_by_label("It hands over to a person")).to_be_checked()
    page.get_by_role("button", name="Save").click()
    expect(page.locator(".row-item", has_text="talk to a human")).to_contain_text("Hands over")

    # The tone, and a topic that takes an answer away.
    page.locator(".tabs").get_by_role("link", name="Settings").click()
    page.get_by_label("Professional: polite and matter-of-fact").check()
    page.get_by_label("ค่ะ and คะ, as women speak").check()
    page.get_by_label("Words", exact=True).last.fill("เปิด")
    page.get_by_label("Reply", exact=True).last.fill("เรื่องนี้สอบถามที่ร้านนะคะ")
    page.get_by_role("button", name="Save as a draft").first.click()
    expect(page.locator("main .notice-warn")).to_contain_text("A draft with 3 changes")

    page.locator(".tabs").get_by_role("link", name="Check and publish").click()
    page.get_by_role("button", name="Start the check").or_(page.get_by_role("button", name="Check again")).click()
    expect(page.get_by_text("Not passed")).to_be_visible(timeout=30_000)
    failing = page.get_by_role("region", name="goes wrong")
    expect(failing).to_contain_text(QUESTIONS[0])
    expect(failing).to_contain_text("Says that it does not talk about this")
    expect(page.get_by_role("button", name="Publish")).to_have_count(0)

    # Mended.
    page.locator(".tabs").get_by_role("link", name="Settings").click()
    page.get_by_label("Words", exact=True).first.fill("การเมือง")
    page.get_by_role("button", name="Save as a draft").first.click()
    page.locator(".tabs").get_by_role("link", name="Check and publish").click()
    page.get_by_role("button", name="Check again").click()
    expect(page.get_by_text("Passed", exact=True)).to_be_visible(timeout=30_000)
    page.get_by_label("What is new in it").fill("Politer")
    page.get_by_role("button", name="Publish").click()
    newest = page.locator(".row-item").first
    expect(newest).to_contain_text("In force")
    expect(newest).to_contain_text("Politer")
    expect(newest).to_contain_text("2 of 2 test questions right")

    # A second one, and back with one click.
    page.locator(".tabs").get_by_role("link", name="Settings").click()
    page.get_by_label("Brief: no word too many").check()
    page.get_by_role("button", name="Save as a draft").first.click()
    page.locator(".tabs").get_by_role("link", name="Check and publish").click()
    page.get_by_role("button", name="Check again").click()
    page.get_by_role("button", name="Publish").click(timeout=30_000)
    page.get_by_role("button", name=f"Put back in force: version {before + 1}").click()
    expect(page.locator(".row-item").first).to_contain_text(f"Version {before + 1} once more")
    page.locator(".tabs").get_by_role("link", name="Settings").click()
    expect(page.get_by_label("Professional: polite and matter-of-fact")).to_be_checked()


def test_a_preset_asks_before_it_replaces_and_saves_nothing(house: House, visit: Any) -> None:
    page = visit.signed_in("ana@acme.test").new_page()
    page.goto(f"{house.url}/w/acme/ai/")
    page.get_by_label("Instructions").fill("Mine.")
    page.get_by_role("button", name="Fill in “Sales assistant”").click()
    expect(page.get_by_role("alert")).to_contain_text("Replace your instructions")
    expect(page.get_by_label("Instructions")).to_have_value("Mine.")
    page.get_by_role("button", name="Replace", exact=True).click()
    expect(page.get_by_label("Instructions")).not_to_have_value("Mine.")
    expect(page.get_by_label("Lively")).to_be_checked()
    # Enter in a field saves; it does not fill in the first preset.
    page.get_by_label("Name of the assistant").fill("Nok")
    page.get_by_label("Name of the assistant").press("Enter")
    expect(page.locator(".toast, .notice-warn").first).to_be_visible()
    expect(page.get_by_label("Name of the assistant")).to_have_value("Nok")
    page.get_by_role("button", name="Discard").first.click()
    page.get_by_role("dialog").get_by_role("button", name="Discard").click()
    expect(page.get_by_label("Name of the assistant")).not_to_have_value("Nok")
