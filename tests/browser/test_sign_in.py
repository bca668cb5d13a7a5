"""The ways in as a browser takes them: a code with the keyboard alone, the buttons of the providers, sessions."""

from __future__ import annotations

import re
from typing import Any

import pytest
from playwright.sync_api import expect

from tests.browser.house import House

GOALS = {
    "Google": "https://accounts.google.com/o/oauth2/v2/auth",
    "GitHub": "https://github.com/login/oauth/authorize",
    "LINE": "https://access.line.me/oauth2/v2.1/authorize",
}


def last_code(house: House, address: str) -> str:
    [(text,)] = house.rows(
        'select text from notifications_outgoingemail where "to" like ? order by created_at desc limit 1',
        f"%{address}%",
    )
    return re.search(r"^\d{6}$", text, re.MULTILINE)[0]  # type: ignore[index]


def pressed(page: Any, *keys: str) -> None:
    for key in keys:
        page.keyboard.press(key)


@pytest.mark.parametrize("name", GOALS)
def test_a_button_leads_to_its_provider_and_the_policy_lets_it(house: House, visit: Any, name: str) -> None:
    """Chromium holds `form-action` against the redirect; a policy without the goal would stop the button."""
    page = visit.context().new_page()
    page.goto(f"{house.url}/accounts/login/")
    with page.expect_request(f"{GOALS[name]}?*") as asked:
        page.get_by_role("button", name=f"Continue with {name}").click()
    assert asked.value.is_navigation_request()
    assert "code_challenge_method=S256" in asked.value.url
    assert f"redirect_uri=http%3A%2F%2F127.0.0.1%3A{house.port}%2F" in asked.value.url


def test_a_code_signs_in_with_the_keyboard_alone(house: House, visit: Any) -> None:
    page = visit.context().new_page()
    page.goto(f"{house.url}/accounts/login/")
    link = page.get_by_role("link", name="Sign in with a code by email")
    while not link.evaluate("link => link === document.activeElement"):
        pressed(page, "Tab")
    pressed(page, "Enter")
    page.wait_for_url("**/accounts/login/code/**")
    field = page.get_by_label("Email")
    while not field.evaluate("field => field === document.activeElement"):
        pressed(page, "Tab")
    page.keyboard.type("omar@acme.test")
    pressed(page, "Enter")
    page.wait_for_url("**/accounts/login/code/confirm/**")
    field = page.get_by_label("Code", exact=True)
    while not field.evaluate("field => field === document.activeElement"):
        pressed(page, "Tab")
    page.keyboard.type(last_code(house, "omar@acme.test"))
    pressed(page, "Enter")
    page.wait_for_url("**/w/acme/**")


def test_another_browser_is_signed_out(house: House, visit: Any) -> None:
    other = visit.signed_in("vera@acme.test", anew=True).new_page()
    other.goto(f"{house.url}/w/")
    page = visit.signed_in("vera@acme.test", anew=True).new_page()
    page.goto(f"{house.url}/accounts/sessions/")
    expect(page.get_by_text("This browser", exact=True)).to_have_count(1)
    page.get_by_role("button", name="Sign out everywhere else").click()
    expect(page.get_by_text("All other browsers are signed out.")).to_be_visible()
    expect(page.get_by_role("button", name="Sign out everywhere else")).to_have_count(0)
    other.goto(f"{house.url}/accounts/sessions/")
    other.wait_for_url("**/accounts/login/**")


def test_the_profile_is_read_in_the_language_and_theme_just_chosen(house: House, visit: Any) -> None:
    page = visit.signed_in("vera@acme.test", anew=True).new_page()
    page.goto(f"{house.url}/accounts/profile/")
    page.locator("[name=locale]").select_option("th")
    page.locator("[name=theme]").select_option("dark")
    page.get_by_role("button", name="Save", exact=True).click()
    expect(page.locator("html")).to_have_attribute("lang", "th")
    expect(page.locator("html")).to_have_attribute("data-theme", "dark")
    page.locator("[name=locale]").select_option("en")
    page.locator("[name=theme]").select_option("")
    page.locator("main form button").last.click()
    expect(page.locator("html")).to_have_attribute("lang", "en")
    expect(page.locator("html")).to_have_attribute("data-theme", "light")
