"""The widget for people who use no mouse, hear the page, enlarge it, want it calm, or print it."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

import pytest
from playwright.sync_api import expect

from minichat.lib.tests.pictures import picture
from tests.browser.conftest import Visit
from tests.browser.house import House
from tests.browser.net import Relay, Website
from tests.browser.people import OperatorPage, VisitorPage, types_in_the_chat
from tests.browser.test_alerts import COME_BACK, LOOK_AWAY
from tests.browser.test_files import give
from tests.browser.test_live_visitors import newest, row_of_the_next
from tests.browser.test_pages import COLOURS, COLOURS_HAVE_CHANGED, EVERYTHING, findings

SECOND = 1000
# What a screen reader is given to say: each piece of text that comes into a live region, in the frame and beside it.
LISTEN = """
window.spoken = [];
const note = ({ textContent }) => textContent && spoken.push(textContent);
const look = changes => changes.forEach(({ addedNodes }) => addedNodes.forEach(note));
const hear = place => new MutationObserver(look).observe(place, { childList: true });
addEventListener('DOMContentLoaded', () => {
  const place = document.getElementById('announcer');
  if (place) return hear(place);
  const wait = setInterval(() => {
    const news = document.querySelector('minichat-widget')?.shadowRoot.querySelector('.news');
    if (news) clearInterval(wait), hear(news);
  }, 20);
});
"""
FOCUSED = """() => {
  const one = document.activeElement;
  return one.id || one.ariaLabel || one.placeholder || one.textContent.trim() || one.tagName;
}"""
HANGS_OVER = """() => [...document.querySelectorAll('html, .sc, .bar, .foot, .notice, .rate, .emo, .tray')]
  .filter(one => one.checkVisibility() && one.scrollWidth > one.clientWidth + 1).map(one => one.id || one.className)"""
SCREENS = """() => [...document.querySelectorAll('[data-screen]')].filter(one => one.checkVisibility())
  .map(one => one.dataset.screen)"""
LAUNCHER = "minichat-widget button.launcher"


def chat(page: Any) -> Any:
    """The frame as a page of its own."""
    return next(frame for frame in page.frames if "/widget/wk_" in frame.url)


def spoken(place: Any) -> list[str]:
    return place.evaluate("window.spoken")


def says(page: Any, place: Any, words: list[str]) -> None:
    """All of it, and a second later still nothing else."""
    for _ in range(100):
        if len(spoken(place)) >= len(words):
            break
        page.wait_for_timeout(100)
    page.wait_for_timeout(1 * SECOND)
    assert spoken(place) == words


def omar_at(house: House, visit: Any, question: str) -> OperatorPage:
    omar = OperatorPage(visit.signed_in("omar@acme.test"), house.url)
    omar.open_row(question)
    return omar


# --- Keys alone -------------------------------------------------------------------------------------------------------


class Keys:
    def __init__(self, page: Any) -> None:
        self.page = page

    def press(self, *keys: str) -> None:
        for key in keys:
            self.page.keyboard.press(key)

    def tab_to(self, name: str, key: str = "Tab") -> None:
        """Walks until it is there; whoever has gone round without finding it has not."""
        been = []
        for _ in range(20):
            self.press(key)
            been.append(chat(self.page).evaluate(FOCUSED))
            if been[-1].startswith(name):
                return
        raise AssertionError(f"{name} is not among {been}")

    def write(self, text: str) -> None:
        frame = self.page.frame_locator("minichat-widget iframe")
        expect(frame.locator("#body")).to_be_focused()
        self.page.keyboard.type(text)
        self.press("Enter")
        expect(frame.locator("#log .me .b").last).to_have_text(text)
        expect(frame.locator("#log .me .state").last).to_contain_text("Sent")


def test_a_visitor_with_a_keyboard_alone(house: House, visit: Any) -> None:
    """Opens the chat, asks, is answered, finds an older conversation, judges it, and is back on the page."""
    page = visit.context().new_page()
    page.goto(house.shop)
    keys, launcher = Keys(page), page.locator(LAUNCHER)
    frame = page.frame_locator("minichat-widget iframe")
    expect(launcher).to_be_visible()
    for _ in range(60):
        keys.press("Tab")
        if page.evaluate("document.activeElement.tagName") == "MINICHAT-WIDGET":
            break
    expect(launcher).to_be_focused()
    keys.press("Enter")
    expect(page.locator("minichat-widget iframe")).to_be_focused()
    expect(frame.locator("#start")).to_be_focused()
    types_in_the_chat(page)
    for number in range(4):
        keys.press("Enter")
        keys.write(f"keys alone {number}")
        if number < 3:
            keys.tab_to("back", "Shift+Tab")
            keys.press("Enter")
            expect(frame.locator("#start")).to_be_focused()
    omar = omar_at(house, visit, "keys alone 0")
    omar.write("Here is your answer.")
    omar.page.locator("#thread-head form[action$='/resolution/'] button").click()
    keys.tab_to("back", "Shift+Tab")
    keys.press("Enter")
    expect(frame.locator("#recent")).to_contain_text("Here is your answer.")
    keys.tab_to("all")
    keys.press("Enter")
    expect(frame.get_by_role("heading", name="Your conversations")).to_be_focused()
    keys.tab_to("O")  # Omar's, with his initial and the last words
    assert "Here is your answer." in chat(page).evaluate("document.activeElement.textContent")
    keys.press("Enter")
    expect(frame.locator("#body")).to_be_focused()
    expect(frame.get_by_role("radio")).to_have_count(5)
    keys.tab_to("1 of 5", "Shift+Tab")
    keys.press("ArrowRight", "ArrowRight", "ArrowRight", "Enter")
    expect(frame.get_by_placeholder("Would you like to say why?")).to_be_focused()
    assert chat(page).evaluate("getComputedStyle(document.activeElement).outlineStyle") == "solid", (
        "where is the focus?"
    )
    page.keyboard.type("Found without a mouse")
    keys.press("Tab", "Enter")
    expect(frame.get_by_role("radio", name="4 of 5")).to_be_focused()
    expect(frame.locator("#log .line").last).to_contain_text("You rated this conversation: 4 of 5")
    keys.press("Escape")
    expect(launcher).to_be_focused()
    expect(launcher).to_have_attribute("aria-expanded", "false")


def test_tab_goes_round_also_over_the_emoji(house: House, visit: Any) -> None:
    """What is reached by arrows alone is no stop: the walk would leave the chat at it."""
    visitor = VisitorPage(visit.context(), house.shop)
    visitor.open()
    keys = Keys(visitor.page)
    visitor.frame.locator("[data-tool=emoji]").press("Enter")
    expect(visitor.frame.locator(".emo input")).to_be_focused()
    keys.press("Tab", "Tab")
    assert chat(visitor.page).evaluate("document.activeElement !== document.body && document.hasFocus()")
    keys.tab_to("body")


def test_what_had_the_focus_and_goes_hands_it_on(
    house: House, visit: Any, website: Website, snippet: Callable[[str], str]
) -> None:
    website.embed(snippet(house.url).replace("data-key", 'data-consent="required" data-key'))
    page = visit.context().new_page()
    page.goto(f"http://localhost:{website.port}/")
    page.locator(LAUNCHER).press("Enter")
    frame = page.frame_locator("minichat-widget iframe")
    expect(frame.locator("#start")).to_be_focused()
    frame.locator("#agree").press("Enter")
    expect(frame.locator("#agree")).to_be_hidden()
    expect(frame.locator("#start")).to_be_focused()


# --- Heard, once ------------------------------------------------------------------------------------------------------


@pytest.fixture
def listener(house: House, visit: Any) -> VisitorPage:
    context = visit.context()
    context.add_init_script(LISTEN)
    page = VisitorPage(context, house.shop)
    page.open()
    return page


def test_each_answer_is_spoken_once(house: House, visit: Any, listener: VisitorPage) -> None:
    listener.write("who speaks to me?")
    omar = omar_at(house, visit, "who speaks to me")
    for words in ("I do.", "And again:", "I do."):
        omar.write(words)
    joined = "Omar Haddad joined the conversation"
    says(
        listener.page,
        chat(listener.page),
        [joined, "Omar Haddad: I do.", "Omar Haddad: And again:", "Omar Haddad: I do."],
    )
    expect(listener.frame.locator("#announcer p")).to_have_count(0, timeout=12 * SECOND)
    listener.page.reload()
    listener.open()
    listener.sees("And again:")
    says(listener.page, chat(listener.page), [])


def test_a_closed_chat_says_that_something_came_and_an_open_one_what(
    house: House, visit: Any, listener: VisitorPage
) -> None:
    listener.write("you may answer later")
    omar = omar_at(house, visit, "you may answer later")
    omar.write("First.")
    says(listener.page, chat(listener.page), ["Omar Haddad joined the conversation", "Omar Haddad: First."])
    launcher = listener.page.locator(LAUNCHER)
    launcher.click()
    omar.write("Second.")
    expect(launcher).to_have_attribute("aria-label", "Open chat, 1 unread")
    says(listener.page, listener.page, ["Open chat, 1 unread"])
    assert len(spoken(chat(listener.page))) == 2, "it was said where nobody hears it"
    launcher.click()
    says(
        listener.page,
        chat(listener.page),
        ["Omar Haddad joined the conversation", "Omar Haddad: First.", "Omar Haddad: Second."],
    )
    assert spoken(listener.page) == ["Open chat, 1 unread"]


def test_what_came_before_the_page_was_loaded(house: House, visit: Any, listener: VisitorPage) -> None:
    listener.write("I am just leaving")
    expect(listener.frame.locator("#log .me .state").last).to_contain_text("Sent")
    listener.page.goto("about:blank")
    omar_at(house, visit, "I am just leaving").write("Come back soon.")
    listener.page.goto(house.shop)
    expect(listener.page.locator(LAUNCHER)).to_have_attribute("aria-label", "Open chat, 1 unread")
    listener.page.locator(LAUNCHER).click()
    listener.sees("Come back soon.")
    says(listener.page, chat(listener.page), ["Omar Haddad: Come back soon."])


def test_a_gap_is_spoken_too(
    house: House, visit: Any, relay: Relay, website: Website, snippet: Callable[[str], str]
) -> None:
    website.embed(snippet(f"http://127.0.0.1:{relay.port}"))
    context = visit.context()
    context.add_init_script(LISTEN)
    visitor = VisitorPage(context, f"http://localhost:{website.port}/")
    visitor.open()
    visitor.write("the line will break")
    omar = omar_at(house, visit, "the line will break")
    omar.write("Before.")
    visitor.sees("Before.")
    assert relay.cut() > 0
    omar.write("During, one.")
    omar.write("During, two.")
    relay.mend()
    visitor.sees("During, two.", seconds=45)
    omar.write("After.")
    visitor.sees("After.", seconds=45)
    lines = [f"Omar Haddad: {words}" for words in ("Before.", "During, one.", "During, two.", "After.")]
    says(visitor.page, chat(visitor.page), ["Omar Haddad joined the conversation", *lines])


def test_of_two_tabs_the_one_in_front_speaks(house: House, visit: Any, listener: VisitorPage) -> None:
    listener.write("I have two tabs")
    behind = VisitorPage(listener.page.context, house.shop)
    behind.open()
    behind.sees("I have two tabs")
    chat(behind.page).evaluate(LOOK_AWAY)
    omar = omar_at(house, visit, "I have two tabs")
    omar.write("I see one of you.")
    said = ["Omar Haddad joined the conversation", "Omar Haddad: I see one of you."]
    says(listener.page, chat(listener.page), said)
    behind.sees("I see one of you.")
    assert spoken(chat(behind.page)) == []
    chat(behind.page).evaluate(COME_BACK)
    says(behind.page, chat(behind.page), [])
    # Nobody looks: whoever comes first hears it.
    for tab in (listener, behind):
        chat(tab.page).evaluate(LOOK_AWAY)
    omar.write("And now?")
    behind.sees("And now?")
    listener.sees("And now?")
    chat(behind.page).evaluate(COME_BACK)
    says(behind.page, chat(behind.page), ["Omar Haddad: And now?"])
    chat(listener.page).evaluate(COME_BACK)
    says(listener.page, chat(listener.page), said)


@pytest.mark.parametrize("is_open", [True, False])
def test_somebody_of_the_team_speaks_first(house: House, visit: Any, is_open: bool) -> None:
    """The visitor has said nothing and looks at home, or at the page."""
    context = visit.context()
    context.add_init_script(LISTEN)
    page, before = context.new_page(), newest(house)
    page.goto(house.shop)
    launcher = page.locator(LAUNCHER)
    launcher.click()
    frame = page.frame_locator("minichat-widget iframe")
    expect(frame.locator("#start")).to_be_focused()
    omar = visit.signed_in("omar@acme.test").new_page()
    omar.goto(f"{house.url}/w/acme/visitors/")
    start = row_of_the_next(house, omar, before).locator("[data-start-chat]")
    expect(start).to_be_visible()
    if not is_open:
        launcher.click()
    start.press("Enter")
    omar.locator("#start-body").fill("Can I help you choose?")
    omar.locator("#start-body").press("Control+Enter")
    omar.wait_for_url("**/conversations/*/")
    if is_open:
        # Nothing is taken from under their hands: it stands at home, and is spoken.
        expect(frame.locator("#recent")).to_contain_text("Can I help you choose?")
        expect(frame.locator("#recent")).to_contain_text("1 new message")
        expect(frame.locator("#recent .card b")).to_have_text("Omar Haddad")
        expect(frame.locator("#start")).to_be_focused()
        assert chat(page).evaluate(SCREENS) == ["home"]
        says(page, chat(page), ["Omar Haddad joined the conversation", "Omar Haddad: Can I help you choose?"])
        frame.locator("#recent .card").press("Enter")
    else:
        expect(launcher).to_have_attribute("aria-label", "Open chat, 1 unread")
        says(page, page, ["Open chat, 1 unread"])
        assert spoken(chat(page)) == []
        launcher.click()
    expect(frame.locator("#body")).to_be_focused()
    expect(frame.locator("#log .op:not(#typing) .b").last).to_have_text("Can I help you choose?")
    says(page, chat(page), ["Omar Haddad joined the conversation", "Omar Haddad: Can I help you choose?"])
    frame.locator("#back").click()
    expect(frame.locator("#recent")).not_to_contain_text("new message")


# --- Looked at --------------------------------------------------------------------------------------------------------


def test_what_the_page_asks_for_comes_before_what_is_unread(house: House, visit: Any, listener: VisitorPage) -> None:
    listener.write("take me home")
    listener.frame.locator("#close").click()
    omar_at(house, visit, "take me home").write("You are here.")
    expect(listener.page.locator(LAUNCHER)).to_have_attribute("aria-label", "Open chat, 1 unread")
    listener.page.evaluate("MiniChat('open', 'home')")
    expect(listener.frame.locator("#recent")).to_contain_text("You are here.")
    expect(listener.frame.locator("#start")).to_be_focused()
    assert chat(listener.page).evaluate(SCREENS) == ["home"]


def test_one_screen_at_a_time(house: House, visit: Any, listener: VisitorPage) -> None:
    """Also when the parts that come later have come."""
    listener.write("see https://example.com/ please")
    expect(listener.frame.locator("#log .b a")).to_be_visible()
    assert chat(listener.page).evaluate(SCREENS) == ["chat"]


@pytest.fixture(scope="module")
def known(house: House, chromium: Any) -> Iterator[Any]:
    """The storage of a visitor with five conversations, the oldest of them closed: what all screens need."""
    visit = Visit(chromium, house)
    visitor = VisitorPage(visit.context(), house.shop)
    visitor.open()
    for number in range(5):
        visitor.write(f"ถามหน่อยครับ question {number} ありがとう https://example.com/{'long' * 12}")
        expect(visitor.frame.locator("#log .me .state").last).to_contain_text("Sent")
        visitor.frame.locator("#back").click()
        visitor.frame.locator("#start").click()
    omar = omar_at(house, visit, "question 0")
    omar.write("Yes: 1. this\n- and that")
    omar.sees("and that")
    omar.page.locator("#thread-head form[action$='/resolution/'] button").click()
    expect(omar.page.locator("#thread-head form[action$='/resolution/delete/'] button")).to_be_visible()
    yield visitor.page.context.storage_state()
    visit.close()
    assert visit.complaints == []


SIZES = {"320": (320, 640), "390": (390, 844), "desktop": (1280, 900)}


@pytest.mark.parametrize("size", SIZES)
@pytest.mark.parametrize("language", ["en", "th", "ja"])
def test_axe_finds_nothing(house: House, visit: Any, known: Any, language: str, size: str) -> None:
    width, height = SIZES[size]
    context = visit.context(storage_state=known, viewport={"width": width, "height": height}, reduced_motion="reduce")
    page = context.new_page()
    page.goto(house.shop)
    page.evaluate(f"MiniChat('lang', '{language}')")
    page.evaluate("MiniChat('open', 'home')")
    frame = page.frame_locator("minichat-widget iframe")
    expect(frame.locator("#recent .card").first).to_be_visible()
    assert frame.locator("html").get_attribute("lang") == language
    found: list[str] = []

    def look(name: str) -> None:
        for theme, rules in (("light", EVERYTHING), ("dark", COLOURS)):
            page.evaluate(f"MiniChat('theme', '{theme}')")
            expect(frame.locator("html")).to_have_attribute("data-theme", theme)
            place = chat(page)
            place.evaluate(COLOURS_HAVE_CHANGED)
            wrong = findings(place, rules) + place.evaluate(HANGS_OVER)
            found.extend(f"{name} {theme}: {one}" for one in wrong)

    look("home")
    chat(page).evaluate("document.getElementById('consent').hidden = false")
    look("consent")
    chat(page).evaluate("document.getElementById('consent').hidden = true")
    frame.locator("#all").click()
    expect(frame.locator(".rows .card")).to_have_count(5)
    look("list")
    frame.locator(".rows .card", has_text="and that").click()
    expect(frame.get_by_role("radio")).to_have_count(5)
    look("rating")
    frame.locator("#back").click()
    frame.locator(".rows .card", has_text="question 2").click()
    expect(frame.locator("#log .me .b a")).to_be_visible()
    look("chat")
    # On a touch screen the keyboard has its own; the button is drawn where there is a mouse.
    frame.locator("[data-tool=emoji]").click()
    expect(frame.locator(".emo button").first).to_be_visible()
    look("emoji")
    page.keyboard.press("Escape")
    give(frame.locator("#log"), "drop", ("cup.png", "image/png", picture("PNG", (300, 200))), ("x.exe", "x/y", b"1"))
    expect(frame.locator(".tray small").first).to_contain_text("KB")
    look("files")
    assert found == []
    assert findings(page) == [], "the page around it"


def test_twice_as_large(house: House, visit: Any, known: Any) -> None:
    """Enlarged to twice its size: nothing is cut off, all of it can be reached."""
    context = visit.context(
        storage_state=known, viewport={"width": 640, "height": 400}, device_scale_factor=2, reduced_motion="reduce"
    )
    page = context.new_page()
    page.goto(house.shop)
    page.locator(LAUNCHER).click()
    frame = page.frame_locator("minichat-widget iframe")
    expect(frame.locator("#recent .card").first).to_be_visible()
    for way in ("#all", "#back", "#recent .card"):
        assert chat(page).evaluate(HANGS_OVER) == []
        frame.locator(way).first.click()
    for part in ("#body", "#composer .send", "#close", "#back", "#log"):
        expect(frame.locator(part)).to_be_in_viewport(ratio=1)
    assert frame.locator("#log").evaluate("log => log.clientHeight") > 100, "no room for the messages"


def test_a_calm_page_stays_calm(house: House, visit: Any) -> None:
    moves = "() => document.getAnimations().map(one => one.animationName || one.transitionProperty)"
    # In one go: what moves for a moment has stopped before somebody slow asks.
    opened = """() => {
      const { shadowRoot } = document.querySelector('minichat-widget');
      shadowRoot.querySelector('button.launcher').click();
      return shadowRoot.getAnimations().length;
    }"""
    for wish, is_calm in (("reduce", True), ("no-preference", False)):
        visitor = VisitorPage(visit.context(reduced_motion=wish), house.shop)
        expect(visitor.page.locator(LAUNCHER)).to_be_visible()
        counted = visitor.page.evaluate(opened)
        visitor.to_the_conversation(is_known=False)
        chat(visitor.page).evaluate("document.getElementById('typing').hidden = false")
        assert (chat(visitor.page).evaluate(moves) == []) is is_calm
        assert (counted == 0) is is_calm


@pytest.mark.parametrize("is_open", [True, False])
def test_a_printed_page_has_no_chat_on_it(house: House, visit: Any, is_open: bool) -> None:
    page = visit.context().new_page()
    page.goto(house.shop)
    launcher = page.locator(LAUNCHER)
    expect(launcher).to_be_visible()
    if is_open:
        launcher.click()
        expect(page.frame_locator("minichat-widget iframe").locator("#start")).to_be_visible()
    page.emulate_media(media="print")
    expect(page.locator("minichat-widget")).to_be_hidden()
    expect(page.locator("minichat-widget iframe")).to_have_count(int(is_open))
    page.emulate_media(media="screen")
    expect(launcher).to_be_visible()
