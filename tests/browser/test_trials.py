"""An owner writes a rule of moderation, and tries a version beside the one in force."""

from __future__ import annotations

from typing import Any

from playwright.sync_api import expect

from tests.browser.house import House
from tests.browser.test_pages import LANGUAGES, speak, walk

QUESTION = "ร้านเปิดกี่โมง"


def test_two_versions_side_by_side(house: House, visit: Any) -> None:
    house.write("delete from ai_goldenquestion")
    house.write("update ai_assistant set trial_id = null, trial_share = 0, trial_began_at = null, draft = null")
    page = visit.signed_in("ana@acme.test").new_page()
    page.goto(f"{house.url}/w/acme/ai/questions/new/")
    page.get_by_label("Question", exact=True).fill(QUESTION)
    page.get_by_label("It answers from one FAQ or text").check()
    page.get_by_label("FAQ or text", exact=True).select_option(label=QUESTION)
    page.get_by_role("button", name="Save").click()

    # The first one is plain, the second one has rules.
    _publish(page, house, "Plain", lambda: page.get_by_label("Name of the assistant").fill("Plain"))
    _publish(page, house, "With rules", lambda: _write_rules(page))
    page.goto(f"{house.url}/w/acme/knowledge/test/?q=is+starbeans+better")
    expect(page.get_by_text("We speak of our own coffee.")).to_be_visible()
    page.goto(f"{house.url}/w/acme/knowledge/test/?q=หนูอยากตาย")
    expect(page.get_by_text("A moderation rule calls for one")).to_be_visible()

    # Side by side: nothing can be told yet.
    page.goto(f"{house.url}/w/acme/ai/versions/")
    trial = page.get_by_role("region", name="Try beside the published version")
    plain = trial.get_by_label("Version to try").locator("option", has_text="Plain").first.inner_text()
    number = plain.partition(":")[0].removeprefix("Version ")
    trial.get_by_label("Version to try").select_option(label=plain)
    trial.get_by_label("Its share of new conversations").select_option(label="20 %")
    trial.get_by_role("button", name="Begin the trial").click()
    expect(trial).to_contain_text(f"Version {number} gets 20 % of the conversations")
    expect(trial.get_by_role("status")).to_contain_text("too early to tell")
    row = page.locator(".row-item", has=page.get_by_role("link", name=f"Version {number}", exact=True))
    expect(row).to_contain_text("Being tried")

    # In both languages, in the light and in the dark, wide and narrow.
    for language in LANGUAGES:
        context = visit.signed_in("ana@acme.test")
        speak(context, house, language)
        walk(context, house, ["/w/acme/ai/", "/w/acme/ai/versions/"])
    house.forget_choices()

    # Stopped, begun again, and published.
    trial.get_by_role("button", name="Stop the trial").click()
    expect(row).not_to_contain_text("Being tried")
    trial.get_by_label("Version to try").select_option(label=plain)
    trial.get_by_role("button", name="Begin the trial").click()
    trial.get_by_role("button", name=f"Publish version {number}").click()
    expect(page.locator(".row-item").first).to_contain_text(f"Version {number} once more")
    expect(trial.get_by_role("button", name="Begin the trial")).to_be_visible()
    page.locator(".tabs").get_by_role("link", name="Settings").click()
    expect(page.get_by_label("Name of the assistant")).to_have_value("Plain")


def _write_rules(page: Any) -> None:
    page.get_by_label("Threats and self-harm").check()
    page.get_by_label("Name", exact=True).last.fill("Rivals")
    page.get_by_label("Words to look for").last.fill("starbeans")
    page.get_by_label("What happens").last.select_option(label="Answer with a fixed sentence, without a model")
    page.get_by_role("button", name="Save as a draft").first.click()
    expect(page.get_by_text("Write the sentence that is said.")).to_be_visible()
    page.get_by_label("Sentence", exact=True).last.fill("We speak of our own coffee.")


def _publish(page: Any, house: House, note: str, change: Any) -> None:
    page.goto(f"{house.url}/w/acme/ai/")
    change()
    page.get_by_role("button", name="Save as a draft").first.click()
    expect(page.locator("main .notice-warn")).to_contain_text("A draft with")
    page.locator(".tabs").get_by_role("link", name="Check and publish").click()
    page.get_by_role("button", name="Start the check").or_(page.get_by_role("button", name="Check again")).click()
    expect(page.get_by_text("Passed", exact=True)).to_be_visible(timeout=30_000)
    page.get_by_label("What is new in it").fill(note)
    page.get_by_role("button", name="Publish").click()
    expect(page.locator(".row-item").first).to_contain_text(note)
