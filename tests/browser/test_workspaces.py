"""An owner opens a second workspace, moves it, guards it with a PIN, closes it and takes it back."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from playwright.sync_api import expect

from tests.browser.house import House


def test_from_opening_to_the_end_and_back(house: House, visit: Any, tmp_path: Path) -> None:
    page = visit.signed_in("ana@acme.test").new_page()
    page.goto(f"{house.url}/w/acme/settings/general/")
    page.locator("button.ws").click()
    page.get_by_role("link", name="New workspace").first.click()
    page.fill("[name=name]", "Tea House")
    page.get_by_role("button", name="Create workspace").click()
    page.wait_for_url("**/w/tea-house/**")

    base = f"{house.url}/w/tea-house/settings"
    page.goto(f"{base}/general/")
    page.fill("[name=slug]", "tea-and-more")
    page.select_option("[name=currency]", "USD")
    page.get_by_role("button", name="Save").click()
    page.wait_for_url("**/w/tea-and-more/settings/general/")
    page.goto(f"{base}/pin/")  # the old address
    page.wait_for_url("**/w/tea-and-more/settings/pin/")
    page.fill("[name=new]", "2580")
    page.fill("[name=again]", "2580")
    page.get_by_role("button", name="Save").click()
    expect(page.get_by_text("4 digits, changed on")).to_be_visible()

    page.goto(f"{house.url}/w/tea-and-more/settings/config/")
    with page.expect_download() as download:
        page.fill("[name=export-pin]", "2580")
        page.get_by_role("button", name="Export").click()
    kept = tmp_path / "settings.json"
    download.value.save_as(kept)
    data = json.loads(kept.read_text())
    data["workspace"]["name"] = "Tea & More"
    kept.write_text(json.dumps(data))
    page.set_input_files("[name=file]", kept)
    page.get_by_role("button", name="Show what would change").click()
    expect(page.locator("table")).to_contain_text("Tea & More")
    page.locator("form:has([name=agreed]) [name=pin]").fill("2580")
    page.get_by_role("button", name="Change it").click()
    expect(page.get_by_text("1 setting has been changed.")).to_be_visible()

    page.goto(f"{house.url}/w/tea-and-more/settings/activity/")
    expect(page.locator(".events li").first).to_contain_text("imported settings. Changes: 1.")
    with page.expect_download() as download:
        page.locator("[name=pin]").fill("2580")
        page.get_by_role("button", name="Export").click()
    assert "imported settings" in Path(download.value.path()).read_text()

    page.goto(f"{house.url}/w/tea-and-more/settings/danger/")
    page.fill("[name=name]", "Tea & More")
    page.fill("[name=pin]", "0852")
    page.get_by_role("button", name="Close the workspace").click()
    expect(page.get_by_text("4 more tries")).to_be_visible()
    page.fill("[name=pin]", "2580")
    page.get_by_role("button", name="Close the workspace").click()
    expect(page.get_by_role("heading", name="Tea & More is closed")).to_be_visible()
    page.get_by_role("button", name="Take it back").click()
    page.wait_for_url("**/w/tea-and-more/**")

    # Closed for good: Ana's other visits begin in Acme.
    page.goto(f"{house.url}/w/tea-and-more/settings/danger/")
    page.fill("[name=name]", "Tea & More")
    page.fill("[name=pin]", "2580")
    page.get_by_role("button", name="Close the workspace").click()
    expect(page.get_by_role("heading", name="Tea & More is closed")).to_be_visible()
