"""A stranger signs up, reads the code, copies the snippet into a plain page, and chats from it."""

from __future__ import annotations

import re
from typing import Any

from playwright.sync_api import expect

from tests.browser.house import House, code_of
from tests.browser.net import Website
from tests.browser.people import OperatorPage, VisitorPage


def test_from_a_stranger_to_the_first_chat(house: House, visit: Any, website: Website) -> None:
    owner = visit.context()
    page = owner.new_page()
    page.goto(f"{house.url}/")
    page.get_by_role("link", name="Start free").first.click()
    page.fill("[name=name]", "Malee")
    page.fill("[name=email]", "malee@flowers.test")
    page.fill("[name=password1]", "jasmine on the balcony 9")
    page.locator("form.form .btn-primary").click()
    expect(page.locator("[name=code]")).to_be_visible()

    mails = owner.new_page()
    mails.goto(f"{house.url}/dev/mail/")
    page.fill("[name=code]", code_of(mails.locator("table").inner_text()))
    page.locator("form.form .btn-primary").first.click()
    page.wait_for_url(re.compile(r"/w/malee[\w-]*/conversations/"))
    slug = page.url.split("/w/")[1].split("/")[0]

    page.goto(f"{house.url}/w/{slug}/settings/widget/")
    snippet = page.locator("pre, code").filter(has_text="widget.js").first.inner_text()
    website.embed(snippet)
    page.fill("[name=allowed_domains]", f"http://localhost:{website.port}")
    page.locator("form:has([name=allowed_domains]) .btn-primary").click()
    expect(page.locator("[name=allowed_domains]")).to_have_value(f"http://localhost:{website.port}")

    visitor = VisitorPage(visit.phone(), f"http://localhost:{website.port}/")
    visitor.open()
    visitor.write("Do you deliver roses on Sunday?")
    inbox = OperatorPage(owner, house.url, slug)
    inbox.open_row("roses on Sunday")
    inbox.write("We do, until noon.")
    visitor.sees("until noon")
