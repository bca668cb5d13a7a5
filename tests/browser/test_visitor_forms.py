"""The forms of a visitor: before a conversation, while nobody is there, and when the month's messages are used up."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any
from uuid import uuid4

import pytest
from playwright.sync_api import expect

from tests.browser.house import House
from tests.browser.people import SECOND, OperatorPage, VisitorPage, types_in_the_chat
from tests.browser.test_pages import findings

pytestmark = pytest.mark.browser
Ask = Callable[..., None]


@pytest.fixture
def asks(house: House) -> Iterator[Ask]:
    """What the shop's widget asks, for one test: `asks(name=True, email=False)` by need."""
    form = uuid4().hex

    def ask(*, away: bool = False, consent: str = "", order: bool = False, **fields: bool) -> None:
        house.write(
            "insert into contacts_leadform (id, workspace_id, created_at, consent, makes_leads, asks_when_away)"
            " values (?, ?, datetime('now'), ?, 0, ?)",
            *(form, workspace(house), consent, away),
        )
        rows = [(kind, "", need) for kind, need in fields.items()] + [("text", "Order number", False)] * order
        for position, (kind, label, need) in enumerate(rows):
            house.write(
                "insert into contacts_leadfield (id, workspace_id, created_at, form_id, kind, label, required,"
                " position)"
                " values (?, ?, datetime('now'), ?, ?, ?, ?, ?)",
                *(uuid4().hex, workspace(house), form, kind, label, need, position),
            )
        house.write("update chat_inbox set lead_form_id = ? where widget_key = ?", form, house.widget_key())

    house.write("update chat_presence set seen_at = null")
    yield ask
    house.write("update chat_inbox set language = '', lead_form_id = null where widget_key = ?", house.widget_key())
    house.write("update contacts_leadanswer set field_id = null")
    house.write("delete from contacts_leadfield where form_id = ?", form)
    house.write("delete from contacts_leadform where id = ?", form)


@pytest.fixture
def used_up(house: House) -> Iterator[None]:
    """The month's messages of the shop are used up."""
    allow = "update workspaces_entitlements set visitor_messages = ? where workspace_id = ?"
    house.write(allow, 0, workspace(house))
    yield
    house.write(allow, 50_000, workspace(house))


def workspace(house: House) -> str:
    return house.rows("select id from workspaces_workspace where slug = 'acme'")[0][0]


def lead(house: House, message: str) -> tuple[str, str] | None:
    """Its status and the address that was left, and whether a conversation belongs to it."""
    rows = house.rows(
        "select l.status, a.value, o.conversation_id is not null from contacts_lead l"
        " left join contacts_leadanswer a on a.lead_id = l.id and a.kind = 'email'"
        " left join chat_leadorigin o on o.lead_id = l.id where l.message = ?",
        message,
    )
    return rows[0] if rows else None


class Newcomer(VisitorPage):
    """Somebody who opens the chat and has nothing there yet."""

    @property
    def form(self) -> Any:
        return self.frame.locator("[data-screen=form]")

    @property
    def send(self) -> Any:
        return self.form.locator("button[type=submit], .ask > button")

    def begin(self) -> None:
        self.page.locator("minichat-widget button.launcher").click()
        self.frame.locator("#start").click()

    def asked(self) -> Any:
        """The form, which comes with the chat."""
        self.begin()
        expect(self.form.get_by_role("heading")).to_be_visible()
        return self.form


# --- Before a conversation --------------------------------------------------------------------------------------------


def test_what_is_missing_is_asked_when_the_chat_opens(house: House, visit: Any, asks: Ask) -> None:
    asks(name=True, order=True)
    operator = OperatorPage(visit.signed_in("omar@acme.test"), house.url)
    visitor = Newcomer(visit.context(), house.shop)
    form = visitor.asked()
    expect(form.get_by_label("Your name")).to_be_focused()
    form.get_by_label("Your message").fill("Where is my grinder?")
    form.get_by_label("Order number").fill("A-2210")
    visitor.send.click()
    expect(form.locator("#f-name-e")).to_have_text("Please fill this in.")
    expect(form.get_by_label("Your name")).to_be_focused()
    expect(form.get_by_role("button", name="Skip")).to_have_count(0)

    visitor.page.reload()  # what was typed is still there
    visitor.asked()
    expect(form.get_by_label("Order number")).to_have_value("A-2210")
    expect(form.get_by_label("Your message")).to_have_value("Where is my grinder?")
    form.get_by_label("Your name").fill("มาลี")
    visitor.send.click()
    visitor.sees("Where is my grinder?")
    operator.open_row("มาลี")
    operator.sees("Where is my grinder?")
    visitor.write("And the dripper?")  # nothing is asked twice
    operator.sees("And the dripper?")


def test_a_text_that_was_quicker_than_the_welcome_waits_in_the_form(house: House, visit: Any, asks: Ask) -> None:
    asks(name=True)
    context = visit.context()
    held: list[Any] = []

    def hold_back(socket: Any) -> None:
        server = socket.connect_to_server()
        socket.on_message(server.send)
        server.on_message(lambda text: socket.send(text) if held else late.append((socket, text)))

    late: list[tuple[Any, str]] = []
    context.route_web_socket("**/ws/widget/**", hold_back)
    visitor = Newcomer(context, house.shop)
    visitor.begin()
    visitor.write("Quicker than you")
    visitor.frame.locator("#body").press_sequentially("and one more")
    held.append(True)
    for socket, text in late:
        socket.send(text)
    form = visitor.form
    expect(form.get_by_label("Your message")).to_have_value("Quicker than you\nand one more")
    assert house.texts("Quicker than you") == []
    visitor.frame.locator("#back").click()  # whoever goes back finds it where one writes
    expect(visitor.frame.locator("#body")).to_have_value("Quicker than you\nand one more")
    expect(visitor.frame.locator("#log .m[data-state]")).to_have_count(0)
    visitor.frame.locator("#body").press("Enter")
    form.get_by_label("Your name").fill("Quinn")
    visitor.send.click()
    expect(visitor.frame.locator("#log .me .state")).to_have_text("Sent")
    assert house.texts("Quicker than you") == ["Quicker than you\nand one more"]


def test_without_a_socket_the_form_comes_too(house: House, visit: Any, asks: Ask) -> None:
    asks(name=True)
    context = visit.context()
    context.route_web_socket("**/ws/widget/**", lambda socket: socket.close())
    visitor = Newcomer(context, house.shop)
    visitor.begin()
    form = visitor.form
    expect(form.get_by_role("heading")).to_be_visible(timeout=20 * SECOND)
    form.get_by_label("Your name").fill("Polly")
    form.get_by_label("Your message").fill("by plain requests")
    visitor.send.click()
    expect(visitor.frame.locator("#log .me .state")).to_have_text("Sent", timeout=20 * SECOND)
    assert house.texts("by plain requests") == ["by plain requests"]


def test_what_need_not_be_said_can_be_skipped_by_keyboard(house: House, visit: Any, asks: Ask) -> None:
    asks(email=False)
    visitor = Newcomer(visit.context(), house.shop)
    visitor.page.locator("minichat-widget button.launcher").focus()
    visitor.page.keyboard.press("Enter")
    expect(visitor.frame.locator("#start")).to_be_focused()
    types_in_the_chat(visitor.page)
    visitor.page.keyboard.press("Enter")
    expect(visitor.form.get_by_label("Your email")).to_be_focused()
    assert findings(visitor.page.frames[1]) == []
    for _ in range(3):
        visitor.page.keyboard.press("Tab")
    expect(visitor.form.get_by_role("button", name="Skip")).to_be_focused()
    visitor.page.keyboard.press("Enter")
    expect(visitor.frame.locator("#body")).to_be_focused()
    visitor.write("Nobody asks me any more")
    visitor.sees("Nobody asks me any more")
    visitor.page.reload()
    visitor.open()
    visitor.sees("Nobody asks me any more")


def test_a_form_that_does_not_load_costs_no_text(house: House, visit: Any, asks: Ask) -> None:
    asks(name=True)
    context = visit.context()
    context.route("**/dist/more*.js", lambda route: route.abort())
    visitor = Newcomer(context, house.shop)
    with visitor.page.expect_event("requestfailed", lambda request: "/more" in request.url):
        visitor.begin()
    visitor.write("the form is away")
    expect(visitor.frame.locator("#log .me .state")).to_have_text("Sent")
    assert house.texts("the form is away") == ["the form is away"]


# --- Leaving word -----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("lang", "words"), [("en", "That is not an email"), ("th", "นี่ไม่ใช่อีเมล"), ("ja", "形式ではありません")]
)
def test_while_nobody_is_there_one_leaves_word(house: House, visit: Any, asks: Ask, lang: str, words: str) -> None:
    asks(away=True)
    house.write("update chat_inbox set language = ? where widget_key = ?", lang, house.widget_key())
    message = f"Do you open on Sunday? ({lang})"
    visitor = Newcomer(visit.context(locale=lang), house.shop)
    form = visitor.asked()
    form.locator("#f-body").fill(message)
    form.locator("#f-email").fill("mali@nowhere")
    visitor.send.click()
    expect(form.locator("#f-email-e")).to_contain_text(words)
    assert findings(visitor.page.frames[1]) == []
    form.locator("#f-email").fill("mali@example.com")
    visitor.send.click()
    expect(form).to_contain_text("mali@example.com")
    assert lead(house, message) == ("new", "mali@example.com", 1)
    assert house.texts(message) == [message]
    [(due,)] = house.rows(
        "select count(*) from notifications_notification n join workspaces_membership m on m.id = n.membership_id"
        " where n.kind = 'lead.captured' and m.role = 'owner' and n.mail_due_at is not null"
        " and replace(n.target, '-', '') in (select l.id from contacts_lead l where l.message = ?)",
        message,
    )
    assert due == 1, "the owner is mailed"
    assert findings(visitor.page.frames[1]) == []
    visitor.send.click()
    visitor.sees(message)
    if lang == "en":
        omar = OperatorPage(visit.signed_in("omar@acme.test"), house.url)
        omar.open_row(message)
        omar.page.goto(f"{house.url}/w/acme/leads/")
        expect(omar.page.locator("main")).to_contain_text(message)


def test_the_form_follows_who_is_there(house: House, visit: Any, asks: Ask) -> None:
    asks(away=True)
    omar = OperatorPage(visit.signed_in("omar@acme.test"), house.url)
    expect(omar.page.locator("a.row").first).to_be_visible()
    visitor = Newcomer(visit.context(), house.shop)
    visitor.begin()
    expect(visitor.frame.locator("#dot")).to_have_class("dot on", timeout=10 * SECOND)
    expect(visitor.frame.locator("#body")).to_be_visible()
    omar.page.close()
    expect(visitor.form.get_by_role("heading")).to_have_text("Leave us a message", timeout=20 * SECOND)


def test_on_a_phone_nothing_is_cut_off_and_no_keyboard_covers_it(house: House, visit: Any, asks: Ask) -> None:
    asks(away=True, consent="เราเก็บข้อความของคุณไว้เพื่อตอบกลับ", name=True, phone=False, company=False, order=True)
    house.write("update chat_inbox set language = 'th' where widget_key = ?", house.widget_key())
    visitor = Newcomer(visit.phone(locale="th"), house.shop)
    form = visitor.asked()
    expect(form.get_by_role("heading")).to_be_focused()
    assert findings(visitor.page.frames[1]) == []
    box = form.locator(".ask")
    assert box.evaluate("box => box.scrollWidth <= box.clientWidth")
    visitor.send.scroll_into_view_if_needed()
    visitor.send.tap()
    for field in ("name", "email", "consent"):
        expect(form.locator(f"#f-{field}-e")).to_be_visible()


# --- Over the month's messages ----------------------------------------------------------------------------------------


@pytest.mark.parametrize("by", ["socket", "requests"])
def test_over_the_quota_the_text_becomes_a_lead(house: House, visit: Any, used_up: None, by: str) -> None:
    text = f"I need forty cups on Friday ({by})"
    context = visit.context()
    if by == "requests":
        context.route_web_socket("**/ws/widget/**", lambda socket: socket.close())
    visitor = Newcomer(context, house.shop)
    visitor.open()
    visitor.write(text)
    form = visitor.form
    expect(form.get_by_label("Your message")).to_have_value(text, timeout=20 * SECOND)
    form.get_by_label("Your email").fill("forty@example.com")
    visitor.send.click()
    expect(form).to_contain_text("forty@example.com")
    assert lead(house, text) == ("new", "forty@example.com", 0)
    assert house.texts(text) == []
    visitor.send.click()
    expect(visitor.frame.locator("#log .m[data-state=failed]")).to_have_count(0)


# --- The owner's tab --------------------------------------------------------------------------------------------------


def test_the_owner_sets_the_form(house: House, visit: Any) -> None:
    page = visit.signed_in("ana@acme.test").new_page()
    page.goto(f"{house.url}/w/acme/settings/widget/")
    page.get_by_role("link", name="Form", exact=True).click()
    page.get_by_label("Own question").select_option("optional")
    page.get_by_role("button", name="Save").click()
    expect(page.get_by_text("Write the question, or do not ask it.")).to_be_visible()
    page.get_by_label("The question", exact=True).fill("Order number")
    page.get_by_label("Name", exact=True).select_option("required")
    page.get_by_role("button", name="Save").click()
    expect(page.get_by_text("Saved.")).to_be_visible()
    expect(page.get_by_label("The question", exact=True)).to_have_value("Order number")
    [(form,)] = house.rows("select lead_form_id from chat_inbox where widget_key = ?", house.widget_key())
    house.write("update chat_inbox set lead_form_id = null where widget_key = ?", house.widget_key())
    house.write("delete from contacts_leadfield where form_id = ?", form)
    house.write("delete from contacts_leadform where id = ?", form)
