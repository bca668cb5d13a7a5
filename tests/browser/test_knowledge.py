"""An owner teaches the assistant something, and asks it in other words."""

from __future__ import annotations

from typing import Any

from playwright.sync_api import expect

from tests.browser.house import House


def test_an_faq_in_thai_is_found_in_other_words(house: House, visit: Any) -> None:
    page = visit.signed_in("ana@acme.test").new_page()
    page.goto(f"{house.url}/w/acme/conversations/")
    page.get_by_role("navigation").get_by_role("link", name="Knowledge").click()
    page.get_by_role("link", name="New FAQ").click()
    page.get_by_label("Question", exact=True).fill("มีที่จอดรถไหม")
    page.get_by_label("Answer", exact=True).fill("จอดได้หลังร้าน **ฟรี 2 ชั่วโมง** ค่ะ")
    page.get_by_label("Other ways to ask").fill("เอารถไปจอดตรงไหน\nใกล้ร้านจอดรถได้หรือเปล่า\nIs there parking?")
    page.get_by_label("Category", exact=True).fill("หน้าร้าน")
    page.get_by_role("button", name="Save").click()
    expect(page.locator(".row-item", has_text="มีที่จอดรถไหม")).to_contain_text("จอดได้หลังร้าน")

    page.get_by_role("link", name="Try it").click()
    page.get_by_label("Your customer asks").fill("ขับรถไป จะจอดรถที่ไหนได้บ้าง")
    page.get_by_role("button", name="Ask").click()
    expect(page.get_by_role("heading", name="Your assistant answers")).to_be_visible()
    expect(page.locator(".msg-ai .bubble")).to_contain_text("จอดได้หลังร้าน ฟรี 2 ชั่วโมง")
    expect(page.locator(".row-item").first).to_contain_text("จอดรถ")

    page.locator(".cite").click()
    page.get_by_role("link", name="Edit").click()
    page.get_by_role("button", name="Delete").click()
    dialog = page.get_by_role("dialog")
    expect(dialog).to_contain_text("มีที่จอดรถไหม")
    dialog.get_by_role("button", name="Delete").click()
    expect(page.locator(".row-item", has_text="มีที่จอดรถไหม")).to_have_count(0)


def test_the_panel_works_without_scripts(house: House, visit: Any) -> None:
    cookies = visit.signed_in("vera@acme.test").cookies()
    context = visit.context(java_script_enabled=False)
    context.add_cookies(cookies)
    page = context.new_page()
    page.goto(f"{house.url}/w/acme/knowledge/test/")
    page.locator("#id_q").fill("When will my parcel get here?")
    page.locator(".find button").click()
    expect(page.locator(".msg-ai .bubble")).to_contain_text("1–2 working days")
    expect(page.get_by_role("link", name="Write an FAQ")).to_have_count(0)
