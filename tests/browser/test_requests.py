"""What happens when an answer does not come, or is a refusal: a sentence, another try, and nothing typed is lost."""

from __future__ import annotations

from typing import Any

import pytest
from playwright.sync_api import expect

from tests.browser.house import PASSWORD, House
from tests.browser.test_pages import findings

WIDGET = "/w/acme/settings/widget/"
# The cookie alone: a session ends before the one that forms carry.
SESSION = "minichat_session"
TYPED = "https://typed-by-ana.example"


@pytest.fixture
def page(house: House, visit: Any) -> Any:
    page = visit.signed_in("ana@acme.test").new_page()
    page.goto(f"{house.url}{WIDGET}")
    return page


def domains(page: Any) -> Any:
    return page.locator("[name=allowed_domains]")


def toast(page: Any, text: str) -> Any:
    return page.locator("#toasts .toast", has_text=text)


def save(page: Any) -> None:
    page.locator("form:has([name=allowed_domains]) .btn-primary").click()


def sign_in_again(page: Any, email: str) -> None:
    page.fill("[name=login]", email)
    page.fill("[name=password]", PASSWORD)
    page.locator("form.form .btn-primary").first.click()


def test_an_expired_session_leads_to_sign_in_and_back_with_what_was_typed(page: Any) -> None:
    before = domains(page).input_value()
    domains(page).fill(f"{before}\n{TYPED}")
    page.context.clear_cookies(name=SESSION)
    save(page)
    page.get_by_role("link", name="Sign in").first.click()
    sign_in_again(page, "ana@acme.test")
    page.wait_for_url("**/settings/inboxes/*/install/")
    expect(domains(page)).to_have_value(f"{before}\n{TYPED}")
    expect(toast(page, "What you typed before is back")).to_be_visible()
    page.reload()
    expect(domains(page)).to_have_value(before)


def test_who_signs_in_again_before_a_script_has_run_loses_nothing(page: Any) -> None:
    """The line is slow: the page of the refusal is there, its scripts are not."""
    before = domains(page).input_value()
    domains(page).fill(f"{before}\n{TYPED}")
    page.context.clear_cookies(name=SESSION)
    page.route("**/*.js", lambda route: route.abort())
    save(page)
    page.get_by_role("link", name="Sign in").first.click()
    page.unroute("**/*.js")
    page.reload()
    sign_in_again(page, "ana@acme.test")
    page.wait_for_url("**/settings/inboxes/*/install/")
    expect(domains(page)).to_have_value(f"{before}\n{TYPED}")
    expect(toast(page, "What you typed before is back")).to_be_visible()


def test_what_ana_typed_is_not_shown_to_omar(page: Any) -> None:
    domains(page).fill(TYPED)
    page.context.clear_cookies(name=SESSION)
    save(page)
    page.get_by_role("link", name="Sign in").first.click()
    sign_in_again(page, "omar@acme.test")
    page.wait_for_load_state()
    assert TYPED not in page.content()
    page.goto(page.url.partition("/w/")[0] + "/w/acme/conversations/")
    assert TYPED not in page.content()
    assert page.evaluate("sessionStorage.getItem('minichat-kept')") is None


def test_passwords_are_never_kept(house: House, visit: Any) -> None:
    page = visit.context().new_page()
    page.goto(f"{house.url}/accounts/login/")
    page.fill("[name=login]", "ana@acme.test")
    page.fill("[name=password]", "a secret that stays one")
    refused = "new CustomEvent('minichat:refused', {detail: {form: document.querySelector('form.form')}})"
    page.evaluate(f"document.dispatchEvent({refused})")
    kept = page.evaluate("sessionStorage.getItem('minichat-kept')")
    assert "ana@acme.test" in kept
    assert "secret" not in kept


def test_a_form_sent_without_a_network_stays(page: Any) -> None:
    before = domains(page).input_value()
    domains(page).fill(f"{before}\n{TYPED}")
    page.context.set_offline(True)
    expect(page.locator("#offline")).to_be_visible()
    save(page)
    expect(toast(page, "You are offline")).to_be_visible()
    expect(domains(page)).to_have_value(f"{before}\n{TYPED}")
    assert findings(page) == []
    page.context.set_offline(False)
    expect(page.locator("#offline")).to_be_hidden()
    domains(page).fill(before)
    toast(page, "You are offline").get_by_role("button", name="Try again").click()
    page.wait_for_load_state()
    expect(domains(page)).to_have_value(before)


def test_an_error_beside_its_field_keeps_the_text(page: Any) -> None:
    domains(page).fill("not an address")
    with page.expect_response(lambda answer: answer.request.method == "POST") as answer:
        save(page)
    assert answer.value.status == 422
    expect(domains(page)).to_have_value("not an address")
    expect(domains(page)).to_be_focused()
    expect(domains(page)).to_have_attribute("aria-invalid", "true")
    described = domains(page).get_attribute("aria-describedby") or ""
    assert any(page.locator(f"[id='{one}'].err").count() for one in described.split())


@pytest.mark.parametrize(
    ("status", "body", "says"),
    [
        (429, "Too many attempts. Please wait a moment.", "Too many attempts"),
        (500, "<h1>Traceback</h1>", "That did not work"),
        (404, "", "no longer here"),
    ],
)
def test_a_part_that_cannot_be_loaded_says_so_and_is_tried_again(
    house: House, visit: Any, status: int, body: str, says: str
) -> None:
    page = visit.signed_in("ana@acme.test").new_page()
    page.goto(f"{house.url}{WIDGET}")
    page.evaluate(
        "document.querySelector('.settings-body').insertAdjacentHTML('beforeend',"
        ' \'<button id=more hx-get="/more/" hx-target="#more" hx-swap=outerHTML>More</button>\');'
        " htmx.process(document.getElementById('more'))"
    )
    answers = [
        {"status": status, "body": body, "content_type": "text/plain" if status == 429 else "text/html"},
        {"status": 200, "body": "<p id=more>Here it is</p>", "content_type": "text/html"},
    ]
    page.route("**/more/", lambda route: route.fulfill(**answers.pop(0)))
    page.locator("#more").click()
    expect(toast(page, says)).to_be_visible()
    assert "Traceback" not in page.content()
    toast(page, says).get_by_role("button", name="Try again").click()
    expect(page.locator("#more")).to_have_text("Here it is")


def test_a_part_that_is_loading_says_so(house: House, visit: Any) -> None:
    page = visit.signed_in("ana@acme.test").new_page()
    page.goto(f"{house.url}{WIDGET}")
    page.evaluate(
        "document.querySelector('.settings-body').insertAdjacentHTML('beforeend',"
        " '<div id=part hx-get=\"/part/\" hx-trigger=go>old</div>'); htmx.process(document.getElementById('part'))"
    )
    waiting: list[Any] = []
    page.route("**/part/", lambda route: waiting.append(route))
    page.evaluate("htmx.trigger('#part', 'go')")
    expect(page.locator("#part")).to_have_attribute("aria-busy", "true")
    while not waiting:
        page.wait_for_timeout(50)  # the page knows that it asks before we are told
    waiting[0].fulfill(status=200, body="new", content_type="text/html")
    expect(page.locator("#part")).to_have_text("new")
    expect(page.locator("#part[aria-busy]")).to_have_count(0)


def test_a_session_that_ended_while_a_part_was_loaded_leads_to_sign_in(house: House, visit: Any) -> None:
    page = visit.signed_in("ana@acme.test").new_page()
    page.goto(f"{house.url}/w/acme/conversations/")
    page.wait_for_selector("a.row")
    page.goto(f"{house.url}{WIDGET}")
    page.context.clear_cookies(name=SESSION)
    page.evaluate(
        "document.querySelector('.settings-body').insertAdjacentHTML('beforeend',"
        f" '<button id=more hx-get=\"{WIDGET}\">More</button>'); htmx.process(document.getElementById('more'))"
    )
    page.locator("#more").click()
    page.wait_for_url("**/accounts/login/?next=*")


def test_a_notice_waits_while_it_is_read_and_can_be_undone(house: House, visit: Any) -> None:
    page = visit.context().new_page()
    page.goto(f"{house.url}/dev/components/")
    page.clock.install()
    page.locator("[data-toast-text]").click()
    notice = page.locator("#toasts .toast")
    expect(notice).to_have_count(1)
    notice.get_by_role("button", name="Undo").focus()
    page.clock.run_for(60_000)
    expect(notice).to_have_count(1)
    page.keyboard.press("Enter")
    page.clock.run_for(1_000)
    expect(notice).to_have_text("Done: it is open again.")
    page.clock.run_for(10_000)
    expect(notice).to_have_count(0)


def test_a_closed_conversation_is_opened_again_by_undo(house: House, visit: Any) -> None:
    page = visit.signed_in("omar@acme.test").new_page()
    page.goto(f"{house.url}/w/acme/conversations/")
    page.locator("a.row").last.click()
    expect(page.locator("#thread-head")).to_have_attribute("data-status", "open")
    page.locator("#thread-head [data-close] button").click()
    expect(page.locator("#thread-head")).to_have_attribute("data-status", "resolved")
    toast(page, "Conversation closed").get_by_role("button", name="Undo").click()
    expect(page.locator("#thread-head")).to_have_attribute("data-status", "open")
