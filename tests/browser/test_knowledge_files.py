"""An owner uploads a PDF and names a page of the website; the assistant answers from both and says where it is from."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
from playwright.sync_api import expect

from ai.tests import made
from tests.browser import house as houses
from tests.browser.house import House
from tests.fakes.website import Website, open_website, page

SECONDS = 30_000


@pytest.fixture(scope="module")
def shop() -> Iterator[Website]:
    with open_website() as site:
        site.pages = {
            "/": page("Our help", "Ask us anything.", links=("/parking",)),
            "/parking": page("Parking", "Customers park behind the shop, free for two hours."),
        }
        yield site


@pytest.fixture(scope="module")
def reaching(tmp_path_factory: pytest.TempPathFactory, shop: Website) -> Iterator[House]:
    """A house whose crawler may read that shop, and nothing else."""
    built = houses.build(tmp_path_factory.mktemp("reaching"), ["tests/browser/reaching.py", str(shop.port)])
    yield built
    built.process.terminate()
    assert built.process.wait(40) == 0


def ask(open_page: Any, base: str, question: str) -> None:
    open_page.goto(f"{base}/w/acme/knowledge/test/")
    open_page.get_by_label("Your customer asks").fill(question)
    open_page.get_by_role("button", name="Ask").click()
    expect(open_page.get_by_role("heading", name="Your assistant answers")).to_be_visible()


def test_a_pdf_is_answered_from_with_its_page(house: House, visit: Any) -> None:
    ana = visit.signed_in("ana@acme.test").new_page()
    ana.goto(f"{house.url}/w/acme/knowledge/")
    ana.get_by_role("link", name="Files").click()
    ana.get_by_role("link", name="Add files").click()
    manual = made.pdf("Grinder XK-200", "Descale the boiler of the XK-200 every three months.", "Thank you.")
    locked = made.encrypted(made.pdf("x"), "secret")
    files = [("xk200.pdf", manual), ("locked.pdf", locked)]
    ana.get_by_label("Files").set_input_files(
        [{"name": name, "mimeType": "application/pdf", "buffer": data} for name, data in files]
    )
    ana.get_by_role("button", name="Upload").click()
    # The list notices by itself.
    expect(ana.locator(".row-item", has_text="xk200.pdf")).to_contain_text("Ready", timeout=SECONDS)
    expect(ana.locator(".row-item", has_text="locked.pdf")).to_contain_text(
        "protected with a password", timeout=SECONDS
    )

    ask(ana, house.url, "How often do I descale the boiler of the XK-200?")
    expect(ana.locator(".msg-ai .bubble")).to_contain_text("every three months")
    expect(ana.locator(".cite")).to_contain_text("xk200.pdf, page 2")
    ana.locator(".cite").click()
    expect(ana.locator("#pieces")).to_be_visible()
    for _ in files:
        ana.goto(f"{house.url}/w/acme/knowledge/files/")
        ana.locator(".row-item").first.get_by_role("link", name="Edit").click()
        ana.get_by_role("button", name="Delete").click()
        ana.get_by_role("dialog").get_by_role("button", name="Delete").click()
    expect(ana.get_by_role("heading", name="Give your assistant a file")).to_be_visible()


def test_a_website_is_read_and_cited(reaching: House, visit: Any, shop: Website) -> None:
    ana = visit.signed_in("ana@acme.test", reaching.url).new_page()
    ana.goto(f"{reaching.url}/w/acme/knowledge/pages/")
    ana.get_by_role("link", name="Add the first page").click()
    ana.get_by_label("Address").fill("nonsense address")
    ana.get_by_role("button", name="Save").click()
    expect(ana.locator(".err")).to_be_visible()
    ana.get_by_label("Address").fill(f"{shop.url}/")
    ana.get_by_label("What is read").select_option("site")
    ana.get_by_role("button", name="Save").click()
    row = ana.locator(".row-item", has_text="Our help")
    expect(row).to_contain_text("Ready", timeout=SECONDS)
    row.get_by_role("link", name="Our help", exact=True).click()
    expect(ana.locator(".row-item", has_text="Parking")).to_contain_text("Read")

    ask(ana, reaching.url, "Where can customers park?")
    expect(ana.locator(".msg-ai .bubble")).to_contain_text("behind the shop")
    expect(ana.locator(".cite")).to_contain_text("Parking")
