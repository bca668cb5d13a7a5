"""On paper, without motion, in the colours of the system."""

from __future__ import annotations

from typing import Any

from tests.browser.house import House
from tests.browser.test_pages import thread_of

SHOWN = "selector => [...document.querySelectorAll(selector)].filter(e => e.checkVisibility()).length"


def test_a_conversation_prints_whole_and_in_black_on_white(house: House, visit: Any) -> None:
    page = visit.signed_in("ana@acme.test", color_scheme="dark").new_page()
    page.goto(f"{house.url}/w/acme/conversations/{thread_of(house)}/")
    page.locator("#log article").first.wait_for()
    messages = page.locator("#log article").count()
    page.emulate_media(media="print")
    for gone in (".nav", ".pane-list", ".composer", ".head-acts", ".toasts", "#palette"):
        assert page.evaluate(SHOWN, gone) == 0, gone
    assert page.evaluate(SHOWN, "#log article") == messages > 0
    assert page.evaluate("getComputedStyle(document.body).backgroundColor") == "rgb(255, 255, 255)"
    assert page.evaluate("getComputedStyle(document.querySelector('#log .bubble')).color") == "rgb(0, 0, 0)"
    assert page.evaluate("(e => e.scrollHeight - e.clientHeight)(document.getElementById('log'))") <= 1


def test_a_table_prints_without_the_menus(house: House, visit: Any) -> None:
    page = visit.signed_in("ana@acme.test").new_page()
    page.goto(f"{house.url}/w/acme/settings/team/")
    page.emulate_media(media="print")
    assert page.evaluate(SHOWN, ".tbl tbody tr") > 1
    for gone in (".nav", ".subnav", ".tabbar", ".btn"):
        assert page.evaluate(SHOWN, gone) == 0, gone


def test_nothing_moves_for_who_wants_no_motion(house: House, visit: Any) -> None:
    endless = "() => document.getAnimations().filter(a => a.effect.getComputedTiming().iterations === Infinity)"
    names = f"({endless})().map(a => a.animationName)"
    moving = visit.context().new_page()
    moving.goto(f"{house.url}/dev/components/")
    assert len(moving.evaluate(names)) > 5
    calm = visit.context(reduced_motion="reduce").new_page()
    calm.goto(f"{house.url}/dev/components/")
    # What is busy says so by turning, slowly.
    assert set(calm.evaluate(names)) <= {"spin"}
    assert calm.evaluate("getComputedStyle(document.documentElement).getPropertyValue('--dur-3')").strip() == "1ms"


def test_high_contrast_keeps_the_edges(house: House, visit: Any) -> None:
    page = visit.context(forced_colors="active").new_page()
    page.goto(f"{house.url}/dev/components/")
    for shown in (".btn-ghost", ".chip", ".notice", ".bubble", ".menu", ".sk"):
        style = page.evaluate("s => getComputedStyle(document.querySelector(s)).borderTopStyle", shown)
        assert style == "solid", shown
