"""Choosing, dropping and looking at a picture before it is sent; and where it is seen afterwards."""

from __future__ import annotations

import base64
from pathlib import Path
from typing import Any

import pytest
from PIL import Image
from playwright.sync_api import expect

from tests.browser import house as houses
from tests.browser.house import House

DROP = """content => {
  const bytes = Uint8Array.from(atob(content), letter => letter.charCodeAt(0));
  const dataTransfer = new DataTransfer();
  dataTransfer.items.add(new File([bytes], 'cat.png', { type: 'image/png' }));
  const zone = document.querySelector('[data-picture-zone]');
  for (const name of ['dragenter', 'dragover', 'drop']) {
    zone.dispatchEvent(new DragEvent(name, { dataTransfer, bubbles: true, cancelable: true }));
  }
}"""


@pytest.fixture
def cat(tmp_path: Path) -> Path:
    path = tmp_path / "cat.png"
    Image.new("RGB", (300, 200), (240, 160, 60)).save(path)
    return path


def is_drawn(image: Any) -> bool:
    """Loaded and decoded, not only in the page."""
    image.wait_for()
    return image.evaluate("image => image.decode().then(() => image.naturalWidth > 0)")


def save(page: Any) -> None:
    with page.expect_navigation():
        page.locator("[data-picture] .btn-primary").click()


def test_a_photo_is_looked_at_saved_and_seen_by_colleague_and_visitor(house: House, visit: Any, cat: Path) -> None:
    page = visit.signed_in("omar@acme.test").new_page()
    page.goto(f"{house.url}/accounts/photo/")
    page.set_input_files("#id_photo", cat)
    assert is_drawn(page.locator("[data-picture-preview] img[src^='blob:']"))
    expect(page.locator("[data-picture-name]")).to_have_text("cat.png")
    save(page)
    assert is_drawn(page.locator("[data-picture-preview] img[src^='/media/avatars/']"))
    page.goto(f"{house.url}/w/acme/conversations/")
    assert is_drawn(page.locator(".nav-me img"))

    shop = visit.context().new_page()
    shop.goto(house.shop)
    shop.locator("minichat-widget button.launcher").click()
    frame = shop.frame_locator("minichat-widget iframe")
    frame.locator("#start").click()
    frame.locator("textarea").fill("Is somebody there?")
    frame.locator("textarea").press("Enter")
    page.locator("a.row", has_text="Is somebody there?").click()
    page.locator("#composer-text").fill("I am.")
    page.locator("#composer-text").press("Enter")
    assert is_drawn(page.locator("article", has_text="I am.").locator(".av img"))
    assert is_drawn(frame.locator(".m.op", has_text="I am.").locator(".av img"))
    assert is_drawn(frame.locator("#faces img").first)


def test_what_would_be_refused_is_said_before_it_is_sent(house: House, visit: Any, cat: Path, tmp_path: Path) -> None:
    page = visit.signed_in("ana@acme.test").new_page()
    page.goto(f"{house.url}/w/acme/settings/branding/")
    error = page.locator("[data-picture-error]")
    (tmp_path / "notes.txt").write_text("hello")
    page.set_input_files("#id_logo", tmp_path / "notes.txt")
    expect(error).to_contain_text("not a picture")
    expect(page.locator("#id_logo")).to_have_value("")
    with (tmp_path / "big.png").open("wb") as big:
        big.truncate(10 * 1024 * 1024 + 1)
    page.set_input_files("#id_logo", tmp_path / "big.png")
    expect(error).to_contain_text("larger than 10 MB")
    page.set_input_files("#id_logo", cat)
    expect(error).to_be_hidden()


def test_a_logo_is_dropped_saved_and_removed_after_a_question(house: House, visit: Any, cat: Path) -> None:
    page = visit.signed_in("ana@acme.test").new_page()
    page.goto(f"{house.url}/w/acme/settings/branding/")
    page.evaluate(DROP, base64.b64encode(cat.read_bytes()).decode())
    assert is_drawn(page.locator("[data-picture-preview] img[src^='blob:']"))
    save(page)
    assert is_drawn(page.locator(".ws-logo img"))
    page.locator("[data-picture] [popovertarget=remove-picture]").click()
    page.keyboard.press("Escape")
    expect(page.locator("#remove-picture")).to_be_hidden()
    page.locator("[data-picture] [popovertarget=remove-picture]").click()
    with page.expect_navigation():
        page.locator("#remove-picture .btn-danger").click()
    expect(page.locator(".ws-logo img")).to_have_count(0)


def test_a_photo_without_a_script(house: House, visit: Any, cat: Path) -> None:
    context = visit.context(java_script_enabled=False)
    page = context.new_page()
    page.goto(f"{house.url}/accounts/login/?next=/accounts/photo/")
    page.fill("[name=login]", "vera@acme.test")
    page.fill("[name=password]", houses.PASSWORD)
    page.locator("form.form .btn-primary").click()
    page.set_input_files("#id_photo", cat)
    save(page)
    expect(page.locator("[data-picture-preview] img[src^='/media/avatars/']")).to_be_visible()
    page.locator("[data-picture] [popovertarget=remove-picture]").click()
    with page.expect_navigation():
        page.locator("#remove-picture .btn-danger").click()
    expect(page.locator("[data-picture-preview] img")).to_have_count(0)
