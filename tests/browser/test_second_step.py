"""The second step with a real browser: a passkey of Chromium's own virtual device, an app, the sheet of codes."""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import expect

from accounts.tests.steps import totp_code
from tests.browser import house as houses
from tests.browser.house import House
from tests.browser.test_pages import LANGUAGES, speak, walk

DEVICE = {
    "protocol": "ctap2",
    "transport": "internal",
    "hasResidentKey": True,
    "hasUserVerification": True,
    "isUserVerified": True,
    "automaticPresenceSimulation": True,
}


def named(house: House) -> str:
    """Passkeys are bound to a name; under 127.0.0.1 there are none."""
    return f"http://localhost:{house.port}"


def with_device(page: Any, **options: Any) -> Any:
    line = page.context.new_cdp_session(page)
    line.send("WebAuthn.enable")
    line.send("WebAuthn.addVirtualAuthenticator", {"options": {**DEVICE, **options}})
    return line


def confirm_if_asked(page: Any) -> None:
    if "/reauthenticate/" in page.url:
        page.fill("[name=password]", houses.PASSWORD)
        page.locator("form.form .btn-primary").click()
        page.wait_for_url(lambda url: "/reauthenticate/" not in url)


def sign_out(page: Any, base: str) -> None:
    page.goto(f"{base}/accounts/logout/")
    page.locator("form.form .btn-primary").click()
    page.wait_for_url(f"{base}/")


def test_a_passkey_is_added_signs_in_and_is_removed(house: House, visit: Any, tmp_path: Path) -> None:
    base = named(house)
    page = visit.signed_in("vera@acme.test", base=base, anew=True).new_page()
    with_device(page)
    page.goto(f"{base}/accounts/2fa/")
    page.locator("a[href$='/webauthn/add/']").click()
    confirm_if_asked(page)
    page.fill("[name=name]", "Laptop")
    page.locator("[data-passkey-go]").click()
    page.wait_for_url("**/recovery-codes/")
    sheet = page.locator("#codes").inner_text()
    assert len(re.findall(r"^\d{4} \d{4}$", sheet, re.MULTILINE)) == 10
    with page.expect_download() as download:
        page.locator("a[download]").click()
    download.value.save_as(tmp_path / "codes.txt")
    assert sheet.strip() in (tmp_path / "codes.txt").read_text()
    expect(page.locator("[data-print]")).to_be_visible()

    page.goto(f"{base}/accounts/2fa/")
    expect(page.locator(".keys li b")).to_have_text(["Laptop"])
    sign_out(page, base)
    page.goto(f"{base}/accounts/login/")
    page.locator("[data-passkey-go]").click()
    page.wait_for_url("**/conversations/**")

    # As the second step, after the password.
    sign_out(page, base)
    page.goto(f"{base}/accounts/login/")
    page.fill("[name=login]", "vera@acme.test")
    page.fill("[name=password]", houses.PASSWORD)
    page.locator("form.form .btn-primary").first.click()
    page.wait_for_url("**/2fa/authenticate/")
    page.locator("[data-passkey-go]").click()
    page.wait_for_url("**/conversations/**")

    page.goto(f"{base}/accounts/2fa/")
    page.locator(".keys-acts a[href$='/remove/']").click()
    confirm_if_asked(page)
    page.locator(".btn-danger").click()
    page.wait_for_url("**/accounts/2fa/")
    expect(page.locator(".keys li")).to_have_count(0)


def test_a_device_that_has_one_is_told_so_and_a_refusal_is_said(house: House, visit: Any) -> None:
    base = named(house)
    page = visit.signed_in("adam@acme.test", base=base, anew=True).new_page()
    line = with_device(page)
    add = f"{base}/accounts/2fa/webauthn/add/"
    page.goto(add)
    confirm_if_asked(page)
    page.locator("[data-passkey-go]").click()
    page.wait_for_url("**/recovery-codes/")
    page.goto(add)
    page.locator("[data-passkey-go]").click()
    error = page.locator("[data-passkey-error]")
    expect(error).to_contain_text("already has a passkey")
    line.send("WebAuthn.disable")
    line = with_device(page, isUserVerified=False)
    page.goto(f"{base}/accounts/2fa/webauthn/add/")
    page.fill("[name=name]", "Kept while the device says no")
    page.locator("[data-passkey-go]").click()
    error.wait_for()
    expect(page.locator("[name=name]")).to_have_value("Kept while the device says no")
    page.goto(f"{base}/accounts/2fa/")
    page.locator(".keys-acts a[href$='/remove/']").click()
    page.locator(".btn-danger").click()
    page.wait_for_url("**/accounts/2fa/")


def test_an_app_is_set_up_from_the_picture_and_asked_at_sign_in(house: House, visit: Any) -> None:
    page = visit.signed_in("gil@globex.test", anew=True).new_page()
    page.goto(f"{house.url}/accounts/2fa/totp/activate/")
    confirm_if_asked(page)
    picture = page.locator("img.qr")
    assert picture.evaluate("image => image.decode().then(() => image.naturalWidth > 0)")
    secret = page.locator("#secret").inner_text()
    page.fill("[name=code]", totp_code(secret))
    page.locator("form.form .btn-primary").click()
    page.wait_for_url("**/recovery-codes/")
    sign_out(page, house.url)
    page.goto(f"{house.url}/accounts/login/")
    page.fill("[name=login]", "gil@globex.test")
    page.fill("[name=password]", houses.PASSWORD)
    page.locator("form.form .btn-primary").first.click()
    page.wait_for_url("**/2fa/authenticate/")
    page.fill("[name=code]", totp_code(secret, 1))
    page.keyboard.press("Enter")
    page.wait_for_url("**/conversations/**")
    page.goto(f"{house.url}/accounts/2fa/totp/deactivate/")
    confirm_if_asked(page)
    page.locator(".btn-danger").click()
    page.wait_for_url("**/accounts/2fa/")


@pytest.mark.parametrize("language", LANGUAGES)
def test_its_pages(house: House, visit: Any, language: str) -> None:
    context = visit.signed_in("omar@acme.test", anew=True, color_scheme="light")
    speak(context, house, language)
    page = context.new_page()
    page.goto(f"{house.url}/accounts/2fa/totp/activate/")
    confirm_if_asked(page)
    page.close()
    walk(
        context,
        house,
        [
            "/accounts/2fa/",
            "/accounts/2fa/totp/activate/",
            "/accounts/2fa/webauthn/add/",
            "/accounts/reauthenticate/",
            "/accounts/data/",
            "/accounts/close/",
        ],
    )


def test_a_new_password_is_weighed_while_it_is_typed(house: House, visit: Any) -> None:
    page = visit.context().new_page()
    page.goto(f"{house.url}/accounts/signup/")
    meter = page.locator(".strength")
    expect(meter).to_be_hidden()
    for typed, said in (("abc", "Weak"), ("jasmine9", "Fair"), ("Jasmine on the balcony 9", "Strong")):
        page.fill("[name=password1]", typed)
        expect(meter).to_have_text(said, use_inner_text=True)
    page.fill("[name=password1]", "ดอกมะลิบนระเบียง")
    expect(meter).to_have_text("Strong", use_inner_text=True)
    page.fill("[name=password1]", "")
    expect(meter).to_be_hidden()


def test_a_copy_of_ones_data_is_prepared_and_downloaded(house: House, visit: Any, tmp_path: Path) -> None:
    page = visit.signed_in("adam@acme.test", anew=True).new_page()
    page.goto(f"{house.url}/accounts/data/")
    page.locator("form[action$='/exports/'] button").click()
    page.wait_for_load_state()
    confirm_if_asked(page)
    # The page looks again by itself until it is there.
    link = page.locator("a[href*='/data/exports/']")
    link.wait_for(timeout=20_000)
    with page.expect_download() as download:
        link.click()
    download.value.save_as(tmp_path / "copy.json")
    assert download.value.suggested_filename.endswith(".json")
    copy = json.loads((tmp_path / "copy.json").read_text())
    assert copy["profile"]["email"] == "adam@acme.test"


def test_whoever_is_the_only_owner_is_told_why_the_account_stays(house: House, visit: Any) -> None:
    page = visit.context().new_page()
    page.goto(f"{house.url}/accounts/signup/")
    page.fill("[name=email]", "leaving@x.test")
    page.fill("[name=password1]", "jasmine on the balcony 9")
    page.locator("form.form .btn-primary").click()
    page.wait_for_url("**/confirm-email/")
    mails = visit.context().new_page()
    mails.goto(f"{house.url}/dev/mail/")
    page.fill("[name=code]", houses.code_of(mails.locator("main").inner_text()))
    page.locator("form.form .btn-primary").click()
    page.wait_for_url("**/w/**")
    page.goto(f"{house.url}/accounts/close/")
    page.fill("[name=password]", "jasmine on the balcony 9")
    page.locator("form.form .btn-primary").click()
    page.wait_for_url("**/accounts/close/")
    expect(page.locator(".notice-warn")).to_contain_text("only owner")
