"""Each account mail in English and Thai: the reader's language, one large code or one link, nothing of strangers."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from django.core.mail import EmailMessage, EmailMultiAlternatives
from django.test import Client

from accounts.models import User
from accounts.tests.steps import GOOD_PASSWORD, ask_for_code, ask_for_reset, code_of, enter_code, link_of, sign_up
from conftest import PASSWORD

ANA = "ana@acme.test"
THAI = range(0x0E00, 0x0E80)


def html_of(mail: EmailMessage) -> str:
    assert isinstance(mail, EmailMultiAlternatives)
    [(content, kind)] = mail.alternatives
    assert kind == "text/html"
    return str(content)


def is_thai(mail: EmailMessage) -> bool:
    return any(ord(sign) in THAI for sign in f"{mail.subject}{mail.body}")


def a_code(client: Client, user: User) -> None:
    sign_up(client, "malee@flowers.test")


def a_reset(client: Client, user: User) -> None:
    ask_for_reset(client, ANA)


def a_login_code(client: Client, user: User) -> None:
    ask_for_code(client, ANA)


def an_existing_account(client: Client, user: User) -> None:
    sign_up(client, ANA)


def a_new_password(client: Client, user: User) -> None:
    client.force_login(user)
    form = {"oldpassword": PASSWORD, "password1": GOOD_PASSWORD, "password2": GOOD_PASSWORD}
    client.post("/accounts/password/change/", form)


CAUSES = [a_code, a_login_code, a_reset, an_existing_account, a_new_password]
Cause = Callable[[Client, User], None]


@pytest.mark.parametrize("language", ["en", "th"])
@pytest.mark.parametrize("cause", CAUSES)
def test_a_mail_is_whole_in_both_languages(
    client: Client, ana: User, mailoutbox: list[EmailMessage], cause: Cause, language: str
) -> None:
    User.objects.update(locale=language)
    client.cookies["minichat_language"] = language
    ana.refresh_from_db()
    cause(client, ana)
    [mail] = mailoutbox
    assert is_thai(mail) is (language == "th")
    html = html_of(mail)
    assert f'<html lang="{language}">' in html
    assert mail.subject
    assert "\n" not in mail.subject
    assert "&#x27;" not in mail.body
    assert "\n\n\n" not in mail.body


def test_the_reader_decides_on_the_language_not_whoever_typed_the_address(
    client: Client, ana: User, mailoutbox: list[EmailMessage]
) -> None:
    User.objects.update(locale="th")
    client.cookies["minichat_language"] = "en"
    sign_up(client, ANA)
    ask_for_reset(client, ANA)
    assert [is_thai(mail) for mail in mailoutbox] == [True, True]


def test_the_code_stands_alone_and_large(client: Client, db: None, mailoutbox: list[EmailMessage]) -> None:
    sign_up(client, "malee@flowers.test")
    [mail] = mailoutbox
    code = code_of(mail)
    assert code in mail.subject
    assert f">{code}</p>" in html_of(mail)


def test_the_link_can_be_pressed(client: Client, ana: User, mailoutbox: list[EmailMessage]) -> None:
    ask_for_reset(client, ANA)
    [mail] = mailoutbox
    assert f'<a href="{link_of(mail)}"' in html_of(mail)


def test_what_a_browser_calls_itself_is_no_link_and_no_markup(
    ana_client: Client, mailoutbox: list[EmailMessage]
) -> None:
    form = {"oldpassword": PASSWORD, "password1": GOOD_PASSWORD, "password2": GOOD_PASSWORD}
    evil = "https://evil.example/win <b>now</b>"
    ana_client.post("/accounts/password/change/", form, headers={"User-Agent": evil})
    html = html_of(mailoutbox[0])
    assert "evil.example" in html
    assert "href" not in html
    assert "<b>" not in html


def test_a_name_is_in_no_mail_before_the_address_is_proven(
    client: Client, db: None, mailoutbox: list[EmailMessage]
) -> None:
    """Or anybody could have us mail anybody anything."""
    sign_up(client, "malee@flowers.test", name="You won, see evil.example")
    assert "evil" not in str(mailoutbox[0].message())
    enter_code(client, code_of(mailoutbox[0]))
    assert "evil" in str(mailoutbox[1].body)
    assert "evil.example</a>" not in html_of(mailoutbox[1])
