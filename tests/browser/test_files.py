"""Files and emoji in both composers: chosen, dropped and pasted; seen, cancelled, sent; and who is shown them."""

from __future__ import annotations

from typing import Any

import pytest
from playwright.sync_api import expect

from minichat.lib.tests.pictures import pdf, picture
from tests.browser.house import House
from tests.browser.people import OperatorPage, VisitorPage

PHOTO = picture("PNG", (300, 200))
GIVE = """([kind, files]) => {
  const data = new DataTransfer();
  for (const [name, type, bytes] of files) data.items.add(new File([new Uint8Array(bytes)], name, { type }));
  const name = kind === 'paste' ? 'clipboardData' : 'dataTransfer';
  const event = kind === 'paste' ? new ClipboardEvent(kind, { clipboardData: data, bubbles: true, cancelable: true })
    : new DragEvent(kind, { dataTransfer: data, bubbles: true, cancelable: true });
  document.querySelector(kind === 'paste' ? 'textarea#body, #composer-text' : '#log').dispatchEvent(event);
}"""


def give(place: Any, kind: str, *files: tuple[str, str, bytes]) -> None:
    """As if somebody had dropped or pasted them; `place` is an element of the page or frame that gets them."""
    place.evaluate(f"(element, given) => ({GIVE})(given)", [kind, [[n, t, list(d)] for n, t, d in files]])


@pytest.fixture
def visitor(house: House, visit: Any) -> VisitorPage:
    page = VisitorPage(visit.context(), house.shop)
    page.open()
    return page


@pytest.fixture
def omar(house: House, visit: Any) -> OperatorPage:
    return OperatorPage(visit.signed_in("omar@acme.test"), house.url)


def loaded(image: Any) -> None:
    """A picture that could not be loaded is complete, too, and has no width."""
    expect(image).not_to_have_js_property("naturalWidth", 0, timeout=10_000)


def test_a_visitor_drops_two_files_takes_one_back_and_sends_the_other(visitor: VisitorPage, omar: OperatorPage) -> None:
    frame = visitor.frame
    visitor.write("files are coming")
    give(frame.locator("#log"), "drop", ("cup.png", "image/png", PHOTO), ("bill.pdf", "application/pdf", pdf(2)))
    rows = frame.locator(".tray li")
    expect(rows).to_have_count(2)
    expect(rows.nth(0).locator("img")).to_be_visible()
    expect(rows.nth(1).locator("small")).to_contain_text("KB")
    rows.nth(1).get_by_role("button", name="Remove bill.pdf").click()
    expect(rows).to_have_count(1)
    frame.locator("#body").press("Enter")
    expect(rows).to_have_count(0)
    expect(frame.locator(".me .pic img")).to_have_attribute("alt", "cup.webp")

    omar.open_row("cup.webp")
    shown = omar.page.locator("#log .attach-pic").last
    loaded(shown.locator("img"))
    expect(omar.page.locator("#log .attach")).to_have_count(0)
    shown.click()
    viewer = omar.page.locator("#viewer")
    expect(viewer.locator("img")).to_have_attribute("alt", "cup.webp")
    loaded(viewer.locator("img"))
    omar.page.keyboard.press("Escape")
    expect(viewer).to_be_hidden()
    expect(shown).to_be_focused()


def test_an_operator_pastes_a_picture_into_a_note_and_the_visitor_never_sees_it(
    visitor: VisitorPage, omar: OperatorPage
) -> None:
    visitor.write("paste something")
    omar.open_row("paste something")
    composer = omar.page.locator("#composer")
    give(composer, "paste", ("image.png", "image/png", PHOTO))
    expect(composer.locator(".upload")).to_contain_text("Ready to send")
    omar.page.reload()
    expect(composer.locator(".upload")).to_contain_text("image.webp")
    composer.locator("[data-mode=note]").click()
    omar.page.locator("#composer-text").press("Enter")
    note = omar.page.locator("#log .msg-note[data-position]:not([data-position='']) .attach-pic img")
    loaded(note)
    omar.write("only words for you")
    visitor.sees("only words for you")
    expect(visitor.frame.locator(".pic")).to_have_count(0)


def test_an_operators_files_reach_the_visitor_after_a_reload_too(visitor: VisitorPage, omar: OperatorPage) -> None:
    visitor.write("please send me both")
    omar.open_row("please send me both")
    give(omar.page.locator("#log"), "drop", ("map.png", "image/png", PHOTO), ("offer.pdf", "application/pdf", pdf(3)))
    expect(omar.page.locator(".upload", has_text="Ready to send")).to_have_count(2)
    omar.write("here they are")
    for _ in range(2):
        loaded(visitor.frame.locator(".op .pic img"))
        expect(visitor.frame.locator("a.doc")).to_contain_text("offer.pdf")
        expect(visitor.frame.locator("a.doc")).to_contain_text("Pages: 3")
        visitor.page.reload()
        visitor.open()
    with visitor.page.expect_download() as download:
        visitor.frame.locator("a.doc").click()
    assert download.value.suggested_filename == "offer.pdf"


def test_what_cannot_be_sent_is_said_before_it_is_sent_in_the_visitors_language(house: House, visit: Any) -> None:
    context = visit.context(locale="th-TH")
    visitor = VisitorPage(context, f"{house.shop}?lang=th")
    visitor.open()
    asked: list[str] = []
    context.on("request", lambda request: asked.append(request.url))
    visitor.frame.locator("#body").fill("ข้อความที่พิมพ์ไว้")
    give(visitor.frame.locator("#log"), "drop", ("program.exe", "application/x-msdownload", b"MZ"))
    expect(visitor.frame.locator("#problem")).to_contain_text("ส่งไฟล์ชนิดนี้ไม่ได้")
    give(visitor.frame.locator("#log"), "drop", ("nothing.png", "image/png", b""))
    expect(visitor.frame.locator("#problem")).to_contain_text("ไฟล์นี้ว่างเปล่า")
    give(visitor.frame.locator("#log"), "drop", *[(f"{n}.png", "image/png", PHOTO) for n in range(6)])
    expect(visitor.frame.locator("#problem")).to_contain_text("แนบได้ไม่เกิน 5 ไฟล์")
    expect(visitor.frame.locator(".tray li")).to_have_count(5)
    assert sum("/uploads/" in url for url in asked) == 5
    expect(visitor.frame.locator("#body")).to_have_value("ข้อความที่พิมพ์ไว้")


def test_without_a_socket_files_go_by_plain_requests(house: House, visit: Any) -> None:
    context = visit.context()
    context.route_web_socket("**/ws/widget/**", lambda socket: socket.close())
    visitor = VisitorPage(context, house.shop)
    visitor.open()
    give(visitor.frame.locator("#log"), "drop", ("polled.png", "image/png", PHOTO))
    expect(visitor.frame.locator(".tray small")).to_contain_text("KB", timeout=20_000)
    visitor.frame.locator("#body").press("Enter")
    expect(visitor.frame.locator(".me .state")).to_have_text("Sent", timeout=20_000)
    loaded(visitor.frame.locator(".me .pic img"))


def test_a_link_that_has_grown_old_is_made_new(visitor: VisitorPage, omar: OperatorPage) -> None:
    visitor.write("will it still be there?")
    omar.open_row("will it still be there?")
    give(omar.page.locator("#log"), "drop", ("late.png", "image/png", PHOTO))
    expect(omar.page.locator(".upload")).to_contain_text("Ready to send")
    refused: list[str] = []

    def old(route: Any) -> None:
        refused.append(route.request.url)
        route.fulfill(status=404)

    visitor.page.route("**/files/*/", old, times=1)
    omar.write("look")
    loaded(visitor.frame.locator(".op .pic img"))
    assert len(refused) == 1


@pytest.mark.parametrize("side", ["visitor", "operator"])
def test_emoji_by_keyboard_alone(house: House, visit: Any, side: str) -> None:
    visitor = VisitorPage(visit.context(), house.shop)
    visitor.open()
    if side == "visitor":
        page, place, opener, field = visitor.page, visitor.frame, "[data-tool=emoji]", "#body"
    else:
        visitor.write("smile, please")
        omar = OperatorPage(visit.signed_in("omar@acme.test"), house.url)
        omar.open_row("smile, please")
        page, place, opener, field = omar.page, omar.page, "[data-emoji-open]", "#composer-text"
    place.locator(field).fill("ab")
    place.locator(field).press("Home")
    place.locator(field).press("ArrowRight")
    place.locator(opener).press("Enter")
    search = place.get_by_role("searchbox", name="Find an emoji")
    expect(search).to_be_focused()
    page.keyboard.type("ไหว้")
    expect(place.get_by_role("gridcell").first).to_have_text("🙏")
    page.keyboard.press("ArrowDown")
    expect(place.get_by_role("gridcell", name="🙏")).to_be_focused()
    page.keyboard.press("Enter")
    expect(place.locator(field)).to_have_value("a🙏b")
    expect(place.locator(field)).to_be_focused()

    place.locator(opener).press("Enter")
    expect(place.get_by_role("gridcell").first).to_have_text("🙏")  # the one used last
    page.keyboard.press("ArrowDown")
    page.keyboard.press("ArrowDown")
    page.keyboard.press("ArrowRight")
    expect(place.get_by_role("gridcell").nth(2)).to_be_focused()
    page.keyboard.press("Escape")
    expect(search).to_be_hidden()
    expect(place.locator(opener)).to_be_focused()
    expect(place.locator(field)).to_be_visible()
