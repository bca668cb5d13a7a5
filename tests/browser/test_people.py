"""From the invitation to the inbox with the keyboard alone, and the states in which an invited person may find it."""

from __future__ import annotations

import re
from typing import Any

import pytest
from playwright.sync_api import expect

from tests.browser.house import House, code_of
from tests.browser.test_pages import findings

INVITATIONS = "/w/acme/settings/team/invitations/"


class Keys:
    """Somebody who has no mouse: walks with Tab, presses with Enter or Space, and sees where they are."""

    MOST_STEPS = 80

    def __init__(self, page: Any) -> None:
        self.page = page

    def go_to(self, where: str) -> None:
        """Tab until the focus is on it; it must be visible there."""
        for _ in range(self.MOST_STEPS):
            if self.page.evaluate("where => document.activeElement?.matches(where)", where):
                assert self.page.evaluate(_SHOWS_FOCUS), f"{where} has the focus and does not show it"
                return
            self.page.keyboard.press("Tab")
        raise AssertionError(f"{where} is not reached by Tab on {self.page.url}")

    def press(self, where: str, key: str = "Enter") -> None:
        self.go_to(where)
        self.page.keyboard.press(key)

    def write(self, where: str, text: str) -> None:
        self.go_to(where)
        self.page.keyboard.type(text)


_SHOWS_FOCUS = """() => {
  const style = getComputedStyle(document.activeElement);
  return style.outlineStyle !== 'none' || style.boxShadow !== 'none';
}"""


def invite(page: Any, house: House, *addresses: str) -> None:
    page.goto(f"{house.url}{INVITATIONS}")
    page.fill("[name=emails]", "\n".join(addresses))
    page.locator("form:has([name=emails]) .btn-primary").click()
    expect(page.locator("table")).to_contain_text(addresses[0])


def newest_link(page: Any, house: House, address: str) -> str:
    [text] = house.rows(
        "select text from notifications_outgoingemail where json_extract(\"to\", '$[0]') = ?"
        " order by created_at desc limit 1",
        address,
    )[0]
    return re.search(r"https?://\S+/invitations/\S+", text)[0]  # type: ignore[index]


def test_keyboard_only_from_the_invitation_to_the_inbox(house: House, visit: Any) -> None:
    owner = visit.signed_in("ana@acme.test").new_page()
    keys = Keys(owner)
    owner.goto(f"{house.url}{INVITATIONS}")
    keys.write("[name=emails]", "keys@guest.test")
    keys.go_to("[name=role]")
    owner.keyboard.press("ArrowUp")
    keys.press("form:has([name=emails]) [type=submit]")
    expect(owner.locator("tbody tr").filter(has_text="keys@guest.test")).to_contain_text("Viewer")

    guest = visit.context()
    page = guest.new_page()
    keys = Keys(page)
    page.goto(newest_link(page, house, "keys@guest.test"))
    assert page.url == f"{house.url}/invitation/"
    assert findings(page) == []
    keys.press("a[href*='/accounts/signup/']")
    page.wait_for_url("**/accounts/signup/**")
    expect(page.locator("[name=email]")).to_have_value("keys@guest.test")
    keys.write("[name=name]", "Kay Boards")
    keys.write("[name=password1]", "jasmine on the balcony 9")
    keys.press("form.form .btn-primary")
    page.locator("[name=code]").wait_for()
    mails = guest.new_page()
    mails.goto(f"{house.url}/dev/mail/")
    code = code_of(mails.locator("table").inner_text())
    mails.close()
    keys.write("[name=code]", code)
    page.keyboard.press("Enter")
    page.wait_for_url("**/w/acme/conversations/")
    expect(page.locator("nav.nav, .nav").first).to_contain_text("Acme")


def test_keyboard_only_through_the_list_and_back_with_undo(house: House, visit: Any) -> None:
    page = visit.signed_in("ana@acme.test").new_page()
    keys = Keys(page)
    page.goto(f"{house.url}/w/acme/settings/team/")
    expect(page.locator(".bulk")).to_be_hidden()
    keys.press(f"input[name=who][value='{house.member('vera@acme.test')}']", "Space")
    expect(page.locator(".bulk")).to_be_visible()
    # The bar stands before the list: back there.
    page.locator("[name=verb][value=deactivate]").focus()
    page.keyboard.press("Enter")
    expect(page.locator(".done")).to_contain_text("Vera Lind is deactivated.")
    assert findings(page) == []
    keys.press(".done button")
    expect(page.locator(".done")).to_contain_text("Vera Lind is active again.")


@pytest.mark.parametrize("language", ["en", "th"])
def test_what_an_invited_person_may_find(house: House, visit: Any, language: str) -> None:
    """Somebody else's session, withdrawn, expired: each page says what to do, at 320 px too."""
    owner = visit.signed_in("ana@acme.test").new_page()
    invite(owner, house, f"mai-{language}@guest.test")
    link = newest_link(owner, house, f"mai-{language}@guest.test")

    other = visit.signed_in("gil@globex.test", viewport={"width": 320, "height": 700})
    page = other.new_page()
    page.goto(f"{house.url}/")
    page.locator(f"button[name=language][value={language}]").first.click()
    page.wait_for_load_state()
    page.goto(link)
    expect(page.locator("main")).to_contain_text("gil@globex.test")
    assert findings(page) == []
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
    page.locator("form[action$='/sign-out/'] button").click()
    page.locator("a[href*='/accounts/signup/']").wait_for()
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")

    row = owner.locator("tbody tr").filter(has_text=f"mai-{language}@guest.test")
    row.locator("form[action$='/delete/'] button").click()
    expect(owner.locator("tbody tr").filter(has_text=f"mai-{language}@guest.test")).to_contain_text(
        re.compile("Withdrawn|ยกเลิก")
    )
    answer = page.goto(f"{house.url}/invitation/")
    assert answer.status == 410
    assert findings(page) == []
