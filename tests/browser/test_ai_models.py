"""An owner gives MiniChat a key, chooses who answers, and sees who is paused; a visitor is answered all the same."""

from __future__ import annotations

import re
import subprocess
import sys
from collections.abc import Iterator
from typing import Any

import pytest
from playwright.sync_api import expect

from tests.browser import house as houses
from tests.browser.house import PASSWORD, ROOT, House
from tests.browser.people import VisitorPage

ANSWER = "Gladly: we grind your beans free of charge. [1]"
GOOD, WRONG = "gsk-good-0123456789abcd", "gsk-wrong-0123456789wxyz"


@pytest.fixture(scope="module")
def providers() -> Iterator[str]:
    """A server that plays them all; its address."""
    command = [sys.executable, "-m", "tests.fakes.ai_server", "--pause", "0", "--answer", ANSWER]
    with subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout is not None
        yield process.stdout.readline().strip()
        process.terminate()


@pytest.fixture(scope="module")
def house(providers: str, tmp_path_factory: pytest.TempPathFactory) -> Iterator[House]:
    """Instead of the house of all others: one whose providers are there."""
    built = houses.build(
        tmp_path_factory.mktemp("house"),
        AI_GROQ_URL=f"{providers}/groq/openai/v1",
        AI_OPENAI_URL=f"{providers}/openai/v1",
        AI_OLLAMA_URL=providers,
    )
    yield built
    built.process.terminate()
    assert built.process.wait(40) == 0


def prove(page: Any) -> None:
    """It asks who sits there before it shows the form of a key."""
    if page.locator("[name=password]").count() and not page.locator("[name=key]").count():
        page.fill("[name=password]", PASSWORD)
        page.locator("form.form .btn-primary").click()
    expect(page.locator("[name=key]")).to_be_visible()


def add(page: Any, provider: str, model: str) -> None:
    page.locator("[name=choice]").select_option(f"{provider}/")
    page.locator("[name=model]").fill(model)
    page.get_by_role("button", name="Add", exact=True).click()
    expect(page.locator("#chain ~ ol, section ol.rows").first).to_contain_text(model)


def give_key(page: Any, house: House) -> None:
    """On the page of the models, unless it is there."""
    if page.locator(".row-item", has_text="Your key ends in").count():
        return
    page.get_by_role("link", name="Set key for Groq").click()
    prove(page)
    page.fill("[name=key]", GOOD)
    page.get_by_role("button", name="Save and check").click()
    expect(page.locator(".row-item", has_text="Your key ends in")).to_be_visible()


def test_keys_models_and_a_pause(house: House, visit: Any) -> None:
    page = visit.signed_in("ana@acme.test", house.url).new_page()
    page.goto(f"{house.url}/w/acme/settings/general/")
    page.get_by_role("navigation", name="Settings").get_by_role("link", name="AI models").click()
    expect(page.get_by_text("costs nothing and needs no key")).to_be_visible()

    # A wrong key is kept, and the refusal stands beside it.
    page.get_by_role("link", name="Set key for Groq").click()
    prove(page)
    page.fill("[name=key]", WRONG)
    page.get_by_role("button", name="Save and check").click()
    expect(page.locator("section .err").first).to_contain_text("The provider refuses this key.")
    expect(page.locator("[name=key]")).to_have_value("")
    page.fill("[name=key]", GOOD)
    page.get_by_role("button", name="Save and check").click()
    row = page.locator(".row-item", has_text="Groq")
    expect(row).to_contain_text("Your key ends in abcd.")
    row.get_by_role("button", name="Check the key for Groq").click()
    expect(page.locator(".row-item", has_text="Your key ends in abcd.")).to_contain_text("Accepted")
    assert GOOD not in page.content() and WRONG not in page.content()

    # Two models; the first asks us to wait, the second answers.
    add(page, "groq", "fault-429-after")
    add(page, "ollama", "qwen3:8b")
    page.get_by_role("button", name="Ask a test question").click()
    expect(page.get_by_text(re.compile(r"Ollama answered in \d+\.\d s for \$0\.00"))).to_be_visible()
    paused = page.locator(".notice-warn")
    expect(paused).to_contain_text(re.compile(r"Groq is paused, next try in \d seconds?\. Ollama answers meanwhile\."))

    # Both attempts are in the list of calls.
    page.get_by_role("link", name="Costs").click()
    expect(page.locator("ol.rows .row-item")).to_have_count(2)
    expect(page.locator("ol.rows")).to_contain_text("fault-429-after")
    page.get_by_label("Cap a month in THB").fill("500")
    page.get_by_role("button", name="Save").click()
    expect(page.locator(".usage").first).to_contain_text("THB 0.00 / THB 500.00")

    # Moved up, the other one is asked first; removed, it is gone.
    page.get_by_role("link", name="Models and keys").click()
    page.get_by_role("button", name="Move qwen3:8b up").click()
    expect(page.locator("ol.rows .row-item").first).to_contain_text("qwen3:8b")
    page.get_by_role("button", name="Remove fault-429-after").click()
    expect(page.locator("ol.rows")).not_to_contain_text("fault-429-after")


def test_a_visitor_is_answered_by_the_next_model(house: House, visit: Any) -> None:
    page = visit.signed_in("ana@acme.test", house.url).new_page()
    page.goto(f"{house.url}/w/acme/ai/models/")
    give_key(page, house)
    while (remove := page.get_by_role("button", name=re.compile("^Remove "))).count():
        remove.first.click()
        page.wait_for_load_state()
    add(page, "groq", "fault-401")
    add(page, "ollama", "qwen3:4b")

    visitor = VisitorPage(visit.context(locale="en"), f"{house.shop}?lang=en")
    visitor.open()
    visitor.write("Can you grind the beans for me?")
    visitor.sees("Gladly: we grind your beans free of charge.")
    answer = visitor.frame.locator("#log .m.ai")
    expect(answer).to_have_count(1)
    expect(answer.locator(".cite")).to_be_visible()

    # The team sees who wrote it, and who is not asked any more.
    inbox = visit.signed_in("omar@acme.test", house.url).new_page()
    inbox.goto(f"{house.url}/w/acme/conversations/?tab=ai")
    inbox.locator("a.row", has_text="we grind your beans free of charge").click()
    message = inbox.locator("#log .msg-ai").last
    message.get_by_text("Why this answer?").click()
    expect(message.locator("[data-why-text]")).to_contain_text("Written by Ollama (qwen3:4b)")
    page.reload()
    expect(page.locator(".notice-warn")).to_contain_text("Groq")

    # The second question goes to the one that answers, at once.
    visitor.write("And can you grind them for espresso?")
    expect(answer).to_have_count(2)
    page.get_by_role("link", name="Costs").click()
    expect(page.locator("ol.rows .row-item", has_text="fault-401")).to_have_count(1)
    expect(page.locator("ol.rows .row-item", has_text="qwen3:4b")).to_have_count(2)
