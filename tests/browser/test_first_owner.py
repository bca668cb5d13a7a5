"""A first-time owner: from the landing page to a chat that works on a plain page, in Thai, on a phone."""

from __future__ import annotations

import re
import time
from typing import Any

from playwright.sync_api import Locator, expect

from tests.browser.house import House, code_of
from tests.browser.net import Website
from tests.browser.people import OperatorPage, VisitorPage

MOST_CLICKS = 12
MOST_SECONDS = 120
# A ring around the element, or around what is drawn in its place (a swatch after its radio).
SEEN = """e => [e, e.nextElementSibling].filter(Boolean).map(x => getComputedStyle(x))
    .some(s => (s.outlineStyle !== 'none' && s.outlineWidth !== '0px') || s.boxShadow !== 'none')"""
PASSWORD = "jasmine on the balcony 9"


class Thumb:
    """Counts what is tapped. Between fields the keyboard moves, as a phone's "next" key does."""

    def __init__(self) -> None:
        self.clicks = 0

    def tap(self, target: Locator) -> None:
        self.clicks += 1
        target.click()


def read_code(context: Any, house: House, email: str) -> str:
    """Look into the mailbox, in a tab of its own."""
    mails = context.new_page()
    mails.goto(f"{house.url}/dev/mail/")
    code = code_of(mails.locator("tr", has_text=email).first.inner_text())
    mails.close()
    return code


def test_from_the_landing_page_to_a_chat_on_ones_website(house: House, visit: Any, website: Website) -> None:
    began, thumb = time.monotonic(), Thumb()
    owner = visit.phone(locale="th-TH", permissions=["clipboard-read", "clipboard-write"])
    page = owner.new_page()
    page.goto(f"{house.url}/")
    expect(page.locator("html")).to_have_attribute("lang", "th")
    thumb.tap(page.locator("main").get_by_role("link", name="เริ่มใช้ฟรี").first)

    page.fill("[name=name]", "มะลิ")
    page.fill("[name=email]", "mali@flowers.test")
    page.fill("[name=password1]", PASSWORD)
    thumb.tap(page.locator("form.form .btn-primary").first)
    expect(page.locator("[name=code]")).to_be_visible()
    page.fill("[name=code]", read_code(owner, house, "mali@flowers.test"))
    thumb.tap(page.locator("form.form .btn-primary").first)

    page.wait_for_url("**/setup/name/")
    page.fill("[name=name]", "ร้านดอกไม้มะลิ")
    thumb.tap(page.get_by_role("button", name="ถัดไป"))

    page.wait_for_url("**/setup/look/")
    thumb.tap(page.locator(".colour-violet input"))
    preview = page.frame_locator("#preview")
    expect(preview.locator("#theme")).to_have_attribute("href", "/widget/theme/6d3fc0.css", timeout=20_000)
    expect(preview.locator("h1")).to_contain_text("ร้านดอกไม้มะลิ")
    thumb.tap(page.get_by_role("button", name="ถัดไป"))

    page.wait_for_url("**/setup/install/")
    page.fill("[name=origin]", f"http://localhost:{website.port}")
    thumb.tap(page.get_by_role("button", name="อนุญาต"))
    expect(page.locator(".sites")).to_contain_text(f"localhost:{website.port}")
    thumb.tap(page.locator("[data-copy]"))
    expect(page.locator("[data-copy-words]")).to_have_text("คัดลอกแล้ว")
    website.embed(page.evaluate("navigator.clipboard.readText()"))

    visitor = VisitorPage(visit.phone(locale="th-TH"), f"http://localhost:{website.port}/")
    expect(visitor.page.locator("minichat-widget button.launcher")).to_have_css("background-color", "rgb(109, 63, 192)")
    thumb.clicks += 1  # the button in the corner
    visitor.open()
    visitor.write("วันอาทิตย์ส่งกุหลาบไหม")

    # The page has noticed by itself that the chat was opened there.
    expect(page.locator(".notice-ok")).to_be_visible(timeout=10_000)
    thumb.tap(page.get_by_role("button", name="ไปที่กล่องข้อความ"))
    page.wait_for_url("**/conversations/")
    thumb.tap(page.locator("a.row", has_text="ส่งกุหลาบไหม").first)
    expect(page.locator("#log [data-text]", has_text="ส่งกุหลาบไหม")).to_be_visible()
    seconds = time.monotonic() - began

    print(f"\nFrom the landing page to a message in the inbox: {seconds:.1f} s, {thumb.clicks} clicks")
    assert thumb.clicks <= MOST_CLICKS
    assert seconds < MOST_SECONDS

    page.fill("#composer-text", "ส่งถึงเที่ยงวัน")
    page.locator("#composer button[type=submit]").first.click()
    visitor.sees("ส่งถึงเที่ยงวัน")
    page.goto(re.sub(r"conversations/.*", "conversations/", page.url))
    expect(page.locator("#todo")).to_contain_text("5 จาก 5")


def test_by_the_keyboard_alone(house: House, visit: Any) -> None:
    """Sign-up and the first steps without a pointer: what has the focus is seen, and Enter does it."""
    context = visit.context()
    page = context.new_page()
    page.goto(f"{house.url}/")
    _tab_to(page, "main a[href='/accounts/signup/']")
    page.keyboard.press("Enter")
    page.wait_for_url("**/accounts/signup/")
    for name, text in (("name", "Kit"), ("email", "kit@keys.test"), ("password1", PASSWORD)):
        _tab_to(page, f"[name={name}]")
        page.keyboard.type(text)
    page.keyboard.press("Enter")
    expect(page.locator("[name=code]")).to_be_visible()
    code = read_code(context, house, "kit@keys.test")
    _tab_to(page, "[name=code]")
    page.keyboard.type(code)
    page.keyboard.press("Enter")

    page.wait_for_url("**/setup/name/")
    _tab_to(page, "[name=name]")
    page.keyboard.press("Control+A")
    page.keyboard.type("Keys and locks")
    page.keyboard.press("Enter")

    page.wait_for_url("**/setup/look/")
    _tab_to(page, "[name=color]:checked")
    page.keyboard.press("ArrowRight")
    expect(page.locator("[name=color][value=ocean]")).to_be_checked()
    _tab_to(page, "[name=greeting]")
    page.keyboard.type("Locked out?")
    expect(page.frame_locator("#preview").locator("#hello")).to_have_text("Locked out?")
    _tab_to(page, ".setup-foot .btn-primary")
    page.keyboard.press("Enter")

    page.wait_for_url("**/setup/install/")
    _tab_to(page, "[name=origin]")
    page.keyboard.type("keys.example")
    page.keyboard.press("Enter")
    expect(page.locator(".sites")).to_contain_text("https://keys.example")
    _tab_to(page, "form.setup-foot .btn-primary")
    page.keyboard.press("Enter")
    page.wait_for_url("**/conversations/")
    assert house.rows("select count(*) from chat_visitor v join chat_inbox i on i.id = v.inbox_id where i.greeting = ?",
                      "Locked out?") == [(0,)]  # fmt: skip


def test_without_a_website_there_is_a_page_to_try(house: House, visit: Any) -> None:
    owner = visit.signed_in("gil@globex.test")
    page = owner.new_page()
    page.goto(f"{house.url}/w/globex/setup/install/")
    with owner.expect_page() as opened:
        page.locator("a[href$='/setup/try/']").click()
    visitor = VisitorPage.__new__(VisitorPage)
    visitor.page = opened.value
    visitor.open()
    visitor.write("Do the boots come in 47?")
    inbox = OperatorPage(owner, house.url, "globex")
    inbox.open_row("boots come in 47")
    inbox.write("They do.")
    visitor.sees("They do.")


def test_prices_turn_in_place(house: House, visit: Any) -> None:
    page = visit.context().new_page()
    page.goto(f"{house.url}/pricing/")
    page.get_by_role("link", name="USD $").click()
    page.get_by_role("link", name="Yearly, 2 months free").click()
    expect(page.locator(".price:visible b")).to_have_text(["$0", "$90", "$290", "$990"])
    expect(page).to_have_url(f"{house.url}/pricing/?currency=usd&period=year")
    page.reload()
    expect(page.locator(".price:visible b")).to_have_text(["$0", "$90", "$290", "$990"])


def _tab_to(page: Any, selector: str, most: int = 60) -> None:
    """Press Tab until `selector` has the focus, and check that one can see where one is."""
    target = page.locator(selector).first
    for _ in range(most):
        if target.evaluate("element => element === document.activeElement"):
            break
        page.keyboard.press("Tab")
    else:
        raise AssertionError(f"Tab does not reach {selector}")
    seen = target.evaluate(SEEN)
    assert seen, f"the focus on {selector} cannot be seen"
