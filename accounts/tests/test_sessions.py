"""Where somebody is signed in, and how they sign out there (SR-15)."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta

import pytest
from allauth.usersessions.models import UserSession
from asgiref.sync import sync_to_async
from django.contrib.sessions.models import Session
from django.core.mail import EmailMessage
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils.timezone import now

from accounts import browsers, sessions
from accounts.models import User
from accounts.tasks import sweep_sessions
from accounts.tests.steps import GOOD_PASSWORD, ask_for_reset, choose_password, open_reset, path_of, sign_in, sign_up
from accounts.tests.test_change_password import FORM, Socket, key_of, opens
from chat.sockets.watch import Watch
from conftest import PASSWORD
from workspaces.models import Membership, Workspace

ANA = "ana@acme.test"
CHROME = "Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/140.0 Safari/537.36"
IPHONE = "Mozilla/5.0 (iPhone; CPU iPhone OS 18_0 like Mac OS X) AppleWebKit/605.1.15 Version/18.0 Mobile Safari/604.1"
Browser = Callable[[], Client]


@pytest.fixture
def here(acme: Workspace) -> Client:
    client = Client(headers={"User-Agent": CHROME}, REMOTE_ADDR="203.0.113.7")
    sign_in(client, ANA)
    return client


@pytest.fixture
def phone(here: Client) -> Client:
    client = Client(headers={"User-Agent": IPHONE}, REMOTE_ADDR="2001:db8:1:2::9")
    sign_in(client, ANA)
    return client


def test_the_list_says_where_and_with_what(here: Client, phone: Client) -> None:
    page = here.get("/accounts/sessions/").text
    assert page.index("Chrome on Windows") < page.index("Safari on iPhone")
    assert "203.0.113.7" in page
    assert "2001:db8:1:2::" in page
    assert page.count("This browser") == 1
    assert key_of(phone) not in page


def test_one_is_signed_out(here: Client, phone: Client) -> None:
    pk = UserSession.objects.get(session_key=key_of(phone)).pk
    assert here.post("/accounts/sessions/delete/", {"session": pk}).url == "/accounts/sessions/"
    assert not opens(phone)
    assert opens(here)
    assert "iPhone" not in here.get("/accounts/sessions/").text
    # Twice is as good as once.
    assert here.post("/accounts/sessions/delete/", {"session": pk}).status_code == 302


def test_all_others_are_signed_out(here: Client, phone: Client) -> None:
    third = Client()
    sign_in(third, ANA)
    assert here.post("/accounts/sessions/delete-others/").url == "/accounts/sessions/"
    assert opens(here)
    assert not opens(phone)
    assert not opens(third)
    assert "Sign out everywhere else" not in here.get("/accounts/sessions/").text


def test_nobody_ends_a_strangers_session(here: Client, gil: User) -> None:
    gils = Client()
    gils.force_login(gil)
    pk = UserSession.objects.get(session_key=key_of(here)).pk
    gils.post("/accounts/sessions/delete/", {"session": pk})
    gils.post("/accounts/sessions/delete-others/")
    assert opens(here)


@pytest.mark.parametrize("what", ["", "x", "-1", "9" * 400, "1 OR 1=1", "\x00"])
def test_what_is_no_session_ends_none(here: Client, phone: Client, what: str) -> None:
    assert here.post("/accounts/sessions/delete/", {"session": what}).status_code == 302
    assert opens(phone)


def test_it_takes_a_form_of_ours(ana: User) -> None:
    strict = Client(enforce_csrf_checks=True)
    strict.force_login(ana)
    assert strict.post("/accounts/sessions/delete-others/").status_code == 403


@pytest.mark.django_db(transaction=True, serialized_rollback=True)
async def test_SR15_the_sockets_of_a_session_close_with_it(ana_client: Client, ana_member: Membership) -> None:
    other = Client()
    user = await User.objects.aget(email=ANA)
    await sync_to_async(other.force_login)(user)
    socket = Socket(user, ana_member, await sync_to_async(key_of)(other))
    await Watch()._check_members([socket])
    assert socket.closed == []
    await sync_to_async(ana_client.post)("/accounts/sessions/delete-others/")
    await Watch()._check_members([socket])
    assert socket.closed == [4401]


def test_SR15_a_new_password_leaves_one_session(here: Client, phone: Client) -> None:
    before = key_of(here)
    here.post("/accounts/password/change/", FORM)
    assert [session.session_key for session in UserSession.objects.all()] == [key_of(here)]
    assert key_of(here) != before
    assert not phone.session.exists(phone.cookies["minichat_session"].value)


def test_SR15_a_reset_leaves_none(here: Client, client: Client, mails_to: Callable[[str], list[EmailMessage]]) -> None:
    ask_for_reset(client, ANA)
    choose_password(client, open_reset(client, path_of(mails_to(ANA)[-1])))
    assert not UserSession.objects.exists()


def test_signing_out_takes_the_row_along(here: Client, phone: Client) -> None:
    phone.post("/accounts/logout/")
    assert "iPhone" not in here.get("/accounts/sessions/").text


def test_the_list_asks_as_much_for_ten_as_for_one(here: Client, ana: User) -> None:
    def asked() -> int:
        with CaptureQueriesContext(connection) as queries:
            assert here.get("/accounts/sessions/").status_code == 200
        return len(queries)

    asked()
    few = asked()
    for _ in range(9):
        Client().force_login(ana)
    assert here.get("/accounts/sessions/").text.count('class="row-item"') == 10
    assert asked() == few


def test_what_has_run_out_is_not_listed_and_swept(here: Client, phone: Client) -> None:
    Session.objects.filter(session_key=key_of(phone)).update(expire_date=now() - timedelta(seconds=1))
    assert "iPhone" not in here.get("/accounts/sessions/").text
    sweep_sessions()
    assert list(Session.objects.values_list("session_key", flat=True)) == [key_of(here)]
    assert [session.session_key for session in UserSession.objects.all()] == [key_of(here)]
    assert opens(here)


def test_when_it_was_last_used_is_noted_now_and_then(here: Client) -> None:
    sessions._seen.clear()
    UserSession.objects.update(last_seen_at=now() - timedelta(hours=3))
    here.get("/accounts/sessions/")
    assert now() - UserSession.objects.get().last_seen_at < timedelta(minutes=1)
    UserSession.objects.update(last_seen_at=now() - timedelta(hours=3))
    with CaptureQueriesContext(connection) as queries:
        here.get("/accounts/sessions/")
    assert not [query for query in queries if query["sql"].startswith("UPDATE")]


def test_what_is_remembered_about_it_is_bounded(here: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sessions, "REMEMBERED", 3)
    for number in range(10):
        sessions._note(f"key-{number}")
    assert len(sessions._seen) <= 3


def test_what_a_browser_calls_itself_is_no_markup(acme: Workspace) -> None:
    client = Client(headers={"User-Agent": "<b>evil</b>\x00\r\n" + "x" * 4000})
    sign_in(client, ANA)
    page = client.get("/accounts/sessions/").text
    assert "Unknown browser" in page
    assert "<b>evil" not in page


@pytest.mark.parametrize(
    ("agent", "browser", "system"),
    [
        (CHROME, "Chrome", "Windows"),
        (IPHONE, "Safari", "iPhone"),
        (CHROME + " Edg/140.0", "Edge", "Windows"),
        ("Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0", "Firefox", "Linux"),
        ("Mozilla/5.0 (Linux; Android 15) Chrome/140.0 Mobile Safari/537.36 Line/14.0", "LINE", "Android"),
        ("Mozilla/5.0 (Macintosh; Intel Mac OS X 10_15_7) Version/18.0 Safari/605.1.15", "Safari", "Mac"),
        ("curl/8", "", ""),
        ("", "", ""),
    ],
)
def test_browsers_are_called_by_their_names(agent: str, browser: str, system: str) -> None:
    assert (browsers.browser(agent), browsers.system(agent)) == (browser, system)


# --- The mail about a new browser -------------------------------------------------------------------------------------


@pytest.fixture
def told(mails_to: Callable[[str], list[EmailMessage]]) -> Callable[[str], list[EmailMessage]]:
    return lambda address: [mail for mail in mails_to(address) if mail.subject == "New sign-in to your account"]


Told = Callable[[str], list[EmailMessage]]


def test_a_browser_not_seen_before_is_told_about_once(ana: User, told: Told) -> None:
    new = Client(headers={"User-Agent": CHROME}, REMOTE_ADDR="203.0.113.7")
    sign_in(new, ANA)
    [mail] = told(ANA)
    assert "203.0.113.7" in mail.body
    assert "Chrome" in mail.body
    assert "http://127.0.0.1:8000/accounts/sessions/" in mail.body
    new.post("/accounts/logout/")
    sign_in(new, ANA)
    assert len(told(ANA)) == 1


def test_a_wrong_password_tells_nobody(client: Client, ana: User, told: Told) -> None:
    sign_in(client, ANA, "a guess")
    assert not told(ANA)


def test_a_browser_shared_by_two_is_new_to_each_of_them_once(client: Client, ana: User, gil: User, told: Told) -> None:
    for _ in range(3):
        for address in (ANA, gil.email):
            sign_in(client, address)
            client.post("/accounts/logout/")
    assert (len(told(ANA)), len(told(gil.email))) == (1, 1)


def test_a_sign_up_is_no_new_browser(client: Client, db: None, mailoutbox: list[EmailMessage], told: Told) -> None:
    from accounts.tests.steps import code_of, enter_code

    sign_up(client, "malee@flowers.test")
    enter_code(client, code_of(mailoutbox[0]))
    client.post("/accounts/logout/")
    sign_in(client, "malee@flowers.test", GOOD_PASSWORD)
    assert not told("malee@flowers.test")


def test_a_reset_makes_its_browser_known(
    client: Client, ana: User, mails_to: Callable[[str], list[EmailMessage]], told: Told
) -> None:
    ask_for_reset(client, ANA)
    choose_password(client, open_reset(client, path_of(mails_to(ANA)[-1])))
    sign_in(client, ANA, GOOD_PASSWORD)
    assert not told(ANA)


def test_SR14_the_link_leads_to_our_address_only(ana: User, told: Told, settings: object) -> None:
    settings.ALLOWED_HOSTS = ["*"]  # type: ignore[attr-defined]
    sign_in(Client(), ANA, PASSWORD, headers={"Host": "evil.example"})
    assert "evil" not in told(ANA)[0].body
