"""From a stranger to the owner of a workspace, and everything that does not lead there."""

from __future__ import annotations

import pytest
from allauth.account.models import EmailAddress
from django.conf import settings
from django.core.mail import EmailMessage
from django.test import Client

from accounts.models import User
from accounts.tests.steps import GOOD_PASSWORD, code_of, enter_code, is_signed_in, sign_up
from workspaces.models import Membership, Workspace
from workspaces.roles import Role

pytestmark = pytest.mark.django_db
MALEE = "malee@flowers.test"


def test_a_stranger_confirms_an_address_and_owns_a_workspace(client: Client, mailoutbox: list[EmailMessage]) -> None:
    answer = sign_up(client, MALEE, name="Malee")
    assert answer.url == "/accounts/confirm-email/"
    assert MALEE in client.get(answer.url).content.decode()

    answer = enter_code(client, code_of(mailoutbox[0]))
    assert answer.url == "/w/"
    membership = Membership.unscoped.get(user__email=MALEE)
    assert membership.role == Role.OWNER
    assert client.get("/w/", follow=True).redirect_chain[-1][0].startswith(f"/w/{membership.workspace.slug}/")
    assert EmailAddress.objects.get(email=MALEE).verified
    assert [mail.to for mail in mailoutbox] == [[MALEE], [MALEE]]
    assert f"/w/{membership.workspace.slug}/" in str(mailoutbox[1].body)


def test_the_name_and_the_language_of_the_page_stay(client: Client) -> None:
    client.cookies[settings.LANGUAGE_COOKIE_NAME] = "th"
    sign_up(client, MALEE, name="  Malee\u202e\tSuk ")
    user = User.objects.get(email=MALEE)
    assert (user.name, user.locale) == ("Malee Suk", "th")


def test_a_name_that_grows_when_it_is_composed_still_fits(client: Client) -> None:
    sign_up(client, MALEE, name="\u0958" * 80)
    assert len(User.objects.get(email=MALEE).name) == 80


def test_without_the_code_nothing_opens(client: Client) -> None:
    sign_up(client, MALEE)
    assert not is_signed_in(client)
    assert client.get("/w/").url.startswith("/accounts/login/")
    assert not Workspace.objects.exists()


def test_SR15_the_session_of_a_stranger_is_not_the_owners(client: Client, mailoutbox: list[EmailMessage]) -> None:
    sign_up(client, MALEE)
    before = client.session.session_key
    enter_code(client, code_of(mailoutbox[0]))
    assert is_signed_in(client)
    assert client.session.session_key != before
    assert not client.session.exists(before)


def test_a_workspace_that_cannot_be_made_leaves_the_address_unconfirmed(
    client: Client, mailoutbox: list[EmailMessage], monkeypatch: pytest.MonkeyPatch
) -> None:
    sign_up(client, MALEE)
    client.raise_request_exception = False
    with monkeypatch.context() as patch:
        patch.setattr("workspaces.emails.make_message", lambda *_: 1 / 0)
        assert enter_code(client, code_of(mailoutbox[0])).status_code == 500
    assert not EmailAddress.objects.get(email=MALEE).verified
    assert not Workspace.objects.exists()


def test_sign_up_by_invitation_is_closed_to_strangers(client: Client, settings: object) -> None:
    settings.SIGNUPS = "invited"  # type: ignore[attr-defined]
    page = client.get("/accounts/signup/")
    assert page.status_code == 200
    assert "password1" not in page.content.decode()
    sign_up(client, MALEE)
    assert not User.objects.exists()


def test_SR20_an_address_has_one_form(client: Client) -> None:
    sign_up(client, "Malee@FLOWERS.test")
    assert User.objects.get().email == MALEE
    sign_up(Client(), "ＭALEE@flowers.test".casefold())
    assert User.objects.count() == 1


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("email", ""),
        ("email", "no address"),
        ("email", f"{'a' * 10_000}@flowers.test"),
        ("email", f"malee@{'.'.join(['ขนมไทย' * 6] * 6)}.test"),
        ("email", f"m@{'a' * 60}.{'a' * 60}.{'a' * 60}.{'a' * 60}.{'a' * 40}.test"),
        ("email", "malee\x00@flowers.test"),
        ("email", "malee@flowers.test\r\nBcc: evil@x.test"),
        ("password1", ""),
        ("password1", "short"),
        ("password1", "password"),
        ("password1", "94827364"),
        ("password1", f"good enough{chr(0)}or not"),
        ("name", "x" * 81),
        ("name", "Ma\x00lee"),
    ],
)
def test_bad_input_makes_nobody_and_says_so(client: Client, field: str, value: str) -> None:
    fields = {"email": MALEE, "password1": GOOD_PASSWORD, "name": "Malee"}
    assert client.post("/accounts/signup/", {**fields, field: value}).status_code == 422
    assert not User.objects.exists()
    assert client.post("/accounts/signup/", fields).status_code == 302


def test_a_form_without_the_csrf_token_is_refused(mailoutbox: list[EmailMessage]) -> None:
    answer = sign_up(Client(enforce_csrf_checks=True), MALEE)
    assert answer.status_code == 403
    assert not User.objects.exists()
    assert not mailoutbox


@pytest.mark.parametrize("path", ["signup", "login", "logout", "password/reset", "confirm-email"])
def test_other_methods_are_refused(client: Client, path: str) -> None:
    sign_up(client, MALEE)
    assert Client().delete(f"/accounts/{path}/").status_code in ({405} if path != "confirm-email" else {302})


@pytest.mark.parametrize("path", ["signup", "login", "password/reset", "password/reset/done"])
def test_SR41_account_pages_are_kept_nowhere(client: Client, path: str) -> None:
    assert "no-store" in client.get(f"/accounts/{path}/")["Cache-Control"]


def test_allauths_json_answers_are_not_offered(client: Client) -> None:
    answer = sign_up(client, "no address", headers={"X-Requested-With": "XMLHttpRequest"})
    assert answer["Content-Type"].startswith("text/html")
