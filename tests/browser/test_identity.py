"""Who the visitor is, as the page says it: signed by its server, or only said; and what they did there."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from playwright.sync_api import expect

from tests.browser.conftest import Visit
from tests.browser.customers import StrictSite, calm, make_secret, signed, strict
from tests.browser.house import PASSWORD, House
from tests.browser.people import OperatorPage, VisitorPage, soon
from tests.browser.test_pages import inbox_of

__all__ = ["calm", "strict"]
CODES = "window.codes = []; MiniChat('on', 'error', ({ code }) => codes.push(code))"
Vouch = Callable[..., str]


@pytest.fixture(scope="module")
def vouch(house: House, chromium: Any) -> Iterator[Vouch]:
    """The customer's server, with a secret that Ana has made."""
    visits = Visit(chromium, house)
    secret, kid = make_secret(visits.signed_in("ana@acme.test"), house)
    visits.close()

    def make(sub: str, *, key: str = secret, aud: str = "", **claims: Any) -> str:
        return signed(key, kid, aud or house.widget_key(), sub, **claims)

    yield make


def say(visitor: VisitorPage, command: str, *words: Any) -> None:
    visitor.page.evaluate("(words) => MiniChat(...words)", [command, *words])


def details_of(visit: Any, house: House, text: str) -> Any:
    omar = OperatorPage(visit.signed_in("omar@acme.test"), house.url)
    omar.open_row(text)
    return omar.page.locator("#details")


def finds(visitor: VisitorPage, condition: Callable[[], bool], seconds: float = 10) -> None:
    soon(visitor.page, condition, seconds)


def token_of(visitor: VisitorPage) -> str:
    return visitor.page.evaluate(
        "localStorage[Object.keys(localStorage).find(name => /^minichat:wk_\\w+$/.test(name))]"
    )


def test_SR34_signed_in_on_two_devices(house: House, visit: Any, strict: StrictSite, calm: Any, vouch: Vouch) -> None:
    def sign_in(visitor: VisitorPage, sub: str, **claims: Any) -> None:
        say(visitor, "identify", {"token": vouch(sub, **claims)})

    phone = calm(strict)
    phone.open()
    phone.write("before I signed in")
    expect(phone.frame.locator("#log .m.me")).to_have_count(1)
    sign_in(phone, "nok-1", name="Nok Signed", email="nok@signed.example")
    finds(phone, lambda: house.rows("select count(*) from contacts_contact where external_id = 'nok-1'") == [(1,)])
    phone.write("and after")
    phone.sees("before I signed in")
    omar = OperatorPage(visit.signed_in("omar@acme.test"), house.url)
    omar.open_row("and after")
    details = omar.page.locator("#details")
    expect(details).to_contain_text("Verified")
    expect(details).to_contain_text("nok@signed.example")
    laptop = calm(strict)
    sign_in(laptop, "nok-1")
    laptop.page.locator("minichat-widget button.launcher").click()
    laptop.frame.locator("#recent .card", has_text="and after").click()
    laptop.sees("before I signed in")
    omar.write("hello on both")
    laptop.sees("hello on both")
    phone.sees("hello on both")
    laptop.page.evaluate("MiniChat('reset')")
    expect(laptop.frame.locator("#log .b", has_text="before I signed in")).to_have_count(0)
    nobody = token_of(laptop)
    sign_in(laptop, "somebody-else")
    finds(laptop, lambda: token_of(laptop) not in (nobody, None))
    laptop.frame.locator("#start").click()
    laptop.write("I am somebody else")
    expect(laptop.frame.locator("#log .b", has_text="before I signed in")).to_have_count(0)


def test_SR34_a_question_on_its_way_does_not_undo_who_one_is(
    house: House, strict: StrictSite, calm: Any, vouch: Vouch
) -> None:
    """It was asked with the credential that ended when the visitor was recognised, and is refused."""
    phone, held = calm(strict), []
    phone.page.route("**/changes/**", lambda route: route.continue_() if held else held.append(route))
    phone.open()
    phone.write("asked as nobody")
    finds(phone, lambda: bool(held))
    before = token_of(phone)
    say(phone, "identify", {"token": vouch("nok-in-a-hurry")})
    finds(phone, lambda: token_of(phone) != before)
    with phone.page.expect_response("**/changes/**") as refused:
        held[0].continue_()
    assert refused.value.status == 401
    phone.write("asked as Nok")
    said = (
        "select count(distinct m.id) from chat_message m join chat_conversation v on v.id = m.conversation_id"
        " join contacts_contact c on c.id = v.contact_id where c.external_id = ? and m.body like 'asked as %'"
    )
    finds(phone, lambda: house.rows(said, "nok-in-a-hurry") == [(2,)])
    phone.sees("asked as nobody")


@pytest.mark.parametrize(
    ("code", "wrong"),
    [
        ("identity_invalid", {"key": "x" * 40}),
        ("identity_expired", {"exp": 1}),
        ("identity_audience", {"aud": "wk_of_another_inbox"}),
        ("identity_lifetime", {"exp": int(time.time()) + 90_000}),
    ],
)
@pytest.mark.parametrize("is_open", [False, True])
def test_SR34_a_wrong_token_is_told_to_the_page_and_vouches_for_nobody(
    house: House, strict: StrictSite, calm: Any, vouch: Vouch, code: str, wrong: dict[str, Any], is_open: bool
) -> None:
    visitor = calm(strict)
    visitor.page.evaluate(CODES)
    if is_open:
        visitor.open()
        visitor.write("before")
        visitor.sees("before")
        expect(visitor.frame.locator("#log .m.me[data-state=sending]")).to_have_count(0)
    say(visitor, "identify", {"token": vouch(f"wrong-{code}", **wrong)})
    if not is_open:
        visitor.open()
    finds(visitor, lambda: code in visitor.page.evaluate("codes"))
    visitor.write("all the same")
    visitor.sees("all the same")
    expect(visitor.frame.locator("#log .m.me[data-state=sending]")).to_have_count(0)
    assert visitor.page.evaluate("codes") == [code], "told once"
    assert house.rows("select count(*) from contacts_contact where external_id like 'wrong-%'") == [(0,)]


def test_SR34_a_token_is_judged_once_however_late_the_part_that_shows_it_comes(
    house: House, strict: StrictSite, calm: Any, vouch: Vouch
) -> None:
    """The greeting has shown it by then."""
    visitor, held = calm(strict), []
    visitor.page.evaluate(CODES)
    visitor.page.route("**/person*.js", lambda route: held.append(route))  # noqa: PLW0108 (Playwright marks what it is given)
    say(visitor, "identify", {"token": vouch("late-part", key="x" * 40)})
    visitor.open()
    finds(visitor, lambda: visitor.page.evaluate("codes") == ["identity_invalid"])
    finds(visitor, lambda: bool(held))
    held[0].continue_()
    say(visitor, "track", "Added to cart")
    tracked = "select count(*) from chat_visitorevent"
    before = house.rows(tracked)
    say(visitor, "track", "Added to cart")
    finds(visitor, lambda: house.rows(tracked) > before)
    assert visitor.page.evaluate("codes") == ["identity_invalid"], "told once"


def test_what_cannot_be_a_token_closes_no_chat(strict: StrictSite, calm: Any) -> None:
    visitor = calm(strict)
    visitor.page.evaluate(CODES)
    for token in ("x" * 90_000, 7, {"a": 1}):
        say(visitor, "identify", {"token": token})
    visitor.open()
    visitor.write("still here")
    visitor.sees("still here")
    expect(visitor.frame.locator("#log .m.me[data-state=sending]")).to_have_count(0)
    finds(visitor, lambda: "identity_invalid" in visitor.page.evaluate("codes"))


def test_SR34_somebody_else_at_the_same_browser_sees_nothing_of_it(strict: StrictSite, calm: Any, vouch: Vouch) -> None:
    """The page forgot to say `reset`."""
    visitor = calm(strict)
    say(visitor, "identify", {"token": vouch("anna-b")})
    visitor.open()
    visitor.write("a secret of Anna's")
    visitor.sees("a secret of Anna's")
    expect(visitor.frame.locator("#log .m.me[data-state=sending]")).to_have_count(0)
    annas = token_of(visitor)
    say(visitor, "identify", {"token": vouch("bert-b")})
    expect(visitor.frame.locator("#log .b", has_text="a secret of Anna's")).to_have_count(0)
    finds(visitor, lambda: token_of(visitor) != annas)
    visitor.write("Bert was here")
    visitor.sees("Bert was here")
    expect(visitor.frame.locator("#log .m.me[data-state=sending]")).to_have_count(0)
    assert visitor.texts() == ["Bert was here"]
    say(visitor, "identify", {"token": vouch("anna-b")})
    visitor.sees("a secret of Anna's")
    assert "Bert was here" not in visitor.texts()


def test_SR34_only_who_is_signed_in(house: House, visit: Any, strict: StrictSite, calm: Any, vouch: Vouch) -> None:
    ana = visit.signed_in("ana@acme.test").new_page()
    ana.goto(f"{house.url}/w/acme/settings/inboxes/{inbox_of(house)}/identity/")
    ana.locator("[popovertarget=enforce]").first.click()
    ana.locator("#enforce .btn-danger").click()
    if "reauthenticate" in ana.url:
        ana.fill("[name=password]", PASSWORD)
        ana.locator("form.form .btn-primary").click()
    expect(ana.locator("input[name=enforced][value='0']")).to_have_count(1)
    try:
        visitor = calm(strict)
        visitor.page.evaluate(CODES)
        visitor.open()
        expect(visitor.frame.locator("#trouble")).to_have_text("Please sign in on this website to chat.")
        finds(visitor, lambda: "identity_required" in visitor.page.evaluate("codes"))
        visitor.write("written before I signed in")
        say(visitor, "identify", {"token": vouch("late-1", name="Late Signed")})
        expect(visitor.frame.locator("#trouble")).to_be_hidden()
        expect(visitor.frame.locator("#log .m.me[data-state=sending]")).to_have_count(0)
        expect(details_of(visit, house, "written before I signed in")).to_contain_text("Late Signed")
    finally:
        house.write("update chat_inbox set enforces_identity = 0")


def test_what_the_page_says_of_its_visitor(house: House, visit: Any, strict: StrictSite, calm: Any) -> None:
    """Some of it before the chat was ever opened, some of it later; unsigned, so it is marked."""
    visitor = calm(strict)
    visitor.page.evaluate(CODES)
    say(visitor, "identify", {"name": "Nok Typed", "email": "nok@typed.example", "tier": "silver"})
    say(visitor, "update", {"plan": "gold", "seats": 3})
    visitor.open()
    visitor.write("who am I?")
    say(visitor, "track", "Added to cart", {"sku": "K-MAX"})
    visitor.page.evaluate("MiniChat('update', { seats: null })")
    say(visitor, "update", {"deep": {"a": 1}})
    finds(visitor, lambda: visitor.page.evaluate("codes") == ["invalid"])
    visitor.page.evaluate("MiniChat('update', { huge: 10n })")
    finds(visitor, lambda: visitor.page.evaluate("codes") == ["invalid", "invalid"])
    details = details_of(visit, house, "who am I?")
    for words in ("Nok Typed", "nok@typed.example", "Not verified", "silver", "gold", "Added to cart", "K-MAX"):
        expect(details).to_contain_text(words)
    expect(details).not_to_contain_text("seats")
    details.page.locator(".who-link").click()
    expect(details.page.locator(".pair-side")).to_contain_text("gold")


def test_reset_ends_it_here_and_on_the_server(house: House, visit: Any, strict: StrictSite, vouch: Vouch) -> None:
    visitor = VisitorPage(visit.context(), strict.address)
    say(visitor, "identify", {"token": vouch("leaves-1")})
    visitor.open()
    visitor.write("mine alone")
    visitor.sees("mine alone")
    expect(visitor.frame.locator("#log .m.me[data-state=sending]")).to_have_count(0)
    token = token_of(visitor)
    ask = "(token) => fetch('state/', { headers: { Authorization: `Bearer ${token}` } }).then(({ status }) => status)"
    frame = visitor.page.frames[1]
    state = ask.replace("state/", f"/widget/{house.widget_key()}/state/")
    assert frame.evaluate(state, token) == 200
    say(visitor, "reset")
    assert visitor.page.evaluate("Object.keys(localStorage).join()") == ""
    expect(visitor.frame.locator("#log .b", has_text="mine alone")).to_have_count(0)
    finds(visitor, lambda: visitor.page.frames[1].evaluate(state, token) == 401)
    visitor.page.reload()
    visitor.page.locator("minichat-widget button.launcher").click()
    visitor.frame.locator("#start").click()
    assert visitor.texts() == []


def test_SR34_where_no_socket_opens(house: House, visit: Any, strict: StrictSite, vouch: Vouch) -> None:
    context = visit.context()
    context.route_web_socket("**/ws/widget/**", lambda socket: socket.close())
    visitor = VisitorPage(context, strict.address)
    visitor.open()
    visitor.write("by post")
    visitor.sees("by post")
    expect(visitor.frame.locator("#log .m.me[data-state=sending]")).to_have_count(0, timeout=20_000)
    say(visitor, "identify", {"token": vouch("post-1", name="Post Signed")})
    say(visitor, "update", {"plan": "by post"})
    say(visitor, "track", "Looked around")
    plan = "select count(*) from contacts_contact where external_id = 'post-1' and attributes like '%by post%'"
    finds(visitor, lambda: house.rows(plan) == [(1,)], seconds=20)
    visitor.sees("by post")
    details = details_of(visit, house, "by post")
    expect(details).to_contain_text("Post Signed")
    expect(details).to_contain_text("Verified")
    expect(details).to_contain_text("Looked around")


def test_SR34_an_answer_for_who_was_here_before_is_shown_to_nobody(
    visit: Any, strict: StrictSite, vouch: Vouch
) -> None:
    """It was asked for by post just before the page named somebody else."""
    context, held = visit.context(), []
    context.route_web_socket("**/ws/widget/**", lambda socket: socket.close())
    visitor = VisitorPage(context, strict.address)
    say(visitor, "identify", {"token": vouch("anna-c")})
    visitor.open()
    visitor.write("what Anna asked by post")
    visitor.sees("what Anna asked by post")
    expect(visitor.frame.locator("#log .m.me[data-state=sending]")).to_have_count(0, timeout=20_000)
    finds(visitor, lambda: token_of(visitor) is not None)

    def hold(route: Any) -> None:
        if held:
            route.continue_()
        else:
            held.append((route, route.fetch()))

    visitor.page.route("**/state/", hold)
    finds(visitor, lambda: bool(held))
    annas = token_of(visitor)
    say(visitor, "identify", {"token": vouch("bert-c")})
    finds(visitor, lambda: token_of(visitor) != annas, seconds=20)
    route, answer = held[0]
    assert answer.json()["conversations"]
    route.fulfill(response=answer)
    visitor.write("Bert was here, too")
    visitor.sees("Bert was here, too")
    expect(visitor.frame.locator("#log .m.me[data-state=sending]")).to_have_count(0, timeout=20_000)
    assert visitor.texts() == ["Bert was here, too"]
    expect(visitor.frame.locator("#recent .card")).to_have_count(1)
    expect(visitor.frame.locator("#recent")).not_to_contain_text("Anna")


def test_SR34_what_one_person_wrote_goes_out_under_no_other_name(
    house: House, visit: Any, strict: StrictSite, vouch: Vouch
) -> None:
    """The line was bad while Anna wrote, and then Bert signed in."""
    context, held = visit.context(), []

    def lossy(socket: Any) -> None:
        server = socket.connect_to_server()
        socket.on_message(lambda text: held.append(text) if "Anna never sent" in text else server.send(text))

    context.route_web_socket("**/ws/widget/**", lossy)
    visitor = VisitorPage(context, strict.address)
    say(visitor, "identify", {"token": vouch("anna-d")})
    visitor.open()
    visitor.write("Anna never sent this")
    finds(visitor, lambda: len(held) == 1)
    annas = token_of(visitor)
    say(visitor, "identify", {"token": vouch("bert-d")})
    finds(visitor, lambda: token_of(visitor) != annas)
    visitor.write("but Bert sent this")
    visitor.sees("but Bert sent this")
    expect(visitor.frame.locator("#log .m.me[data-state=sending]")).to_have_count(0)
    assert visitor.texts() == ["but Bert sent this"]
    assert len(held) == 1
    assert house.texts("but Bert sent this") == ["but Bert sent this"]
