"""What a password must be, and that the last five are not chosen again (S-11, S-12)."""

from __future__ import annotations

import re
from typing import Any

import pytest
from django.contrib.auth.hashers import Argon2PasswordHasher
from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError
from django.core.mail import EmailMessage
from django.test import Client

from accounts import passwords
from accounts.models import PasswordHistory, User
from accounts.tests.conftest import Clock
from accounts.tests.steps import ask_for_reset, choose_password, confirm, open_reset, path_of, sign_in, sign_up
from conftest import PASSWORD, signed_in

ANA = "ana@acme.test"


def code_of(password: str, user: User | None = None) -> str:
    try:
        validate_password(password, user)
    except ValidationError as error:
        return str(error.error_list[0].code)
    return ""


@pytest.mark.parametrize(
    ("password", "code"),
    [
        ("Gr1t!xy", "password_too_short"),
        ("Gr1t!xyz", ""),
        ("gr1t!xyz", "password_too_plain"),
        ("GR1T!XYZ", "password_too_plain"),
        ("Grit!xyz", "password_too_plain"),
        ("Gr1txyzw", "password_too_plain"),
        ("Gr1t xyz", ""),
        ("correct horse b", ""),
        ("correct horse", "password_too_plain"),
        ("ดอกมะลิบนระเบียง", ""),
        ("มะลิขาว9!", ""),
        ("aaaaaaaaaaaaaaaaaaaa", "password_too_plain"),
        ("583920174638201", "password_entirely_numeric"),
        ("x1!Y" * 64 + "z", "password_too_long"),
        ("Password1!", "password_too_common"),
        ("P@ssw0rd99!", "password_too_common"),
        ("Qwerty!2026", "password_too_common"),
        ("MiniChat2026!", "password_too_common"),
        ("A minichat on the balcony", ""),
        ("trustno1trustno1", ""),
    ],
)
@pytest.mark.pure
def test_S11_long_enough_or_mixed_enough(password: str, code: str) -> None:
    assert code_of(password) == code


@pytest.mark.parametrize("password", ["ana@acme.test 99", "Ana Srisuk 2026!", "Srisuk-Ana1"])
def test_S11_not_ones_own_name_or_address(ana: User, password: str) -> None:
    assert code_of(password, ana) == "password_too_similar"


def test_S11_what_is_missing_is_named(client: Client, db: None) -> None:
    page = sign_up(client, "malee@flowers.test", "jasmine9").content.decode()
    assert "a capital letter, a sign such as ! or ?" in page
    assert not User.objects.exists()


def change(client: Client, old: str, new: str) -> int:
    form = {"oldpassword": old, "password1": new, "password2": new}
    return client.post("/accounts/password/change/", form).status_code


def a_password(number: int) -> str:
    return f"number {number} of the passwords"


def test_S12_the_last_five_are_not_chosen_again(ana_client: Client, ana: User) -> None:
    now = PASSWORD
    for number in range(5):
        assert change(ana_client, now, a_password(number)) == 302
        now = a_password(number)
    for number in range(5):
        assert change(ana_client, now, a_password(number)) == 422
    # The sixth from the end is free again.
    assert change(ana_client, now, PASSWORD) == 302
    assert PasswordHistory.objects.filter(user=ana).count() == passwords.REMEMBERED


def test_S12_nor_by_mail(ana_client: Client, client: Client, mailoutbox: list[EmailMessage]) -> None:
    change(ana_client, PASSWORD, a_password(1))
    ask_for_reset(client, ANA)
    form = open_reset(client, path_of(mailoutbox[-1]))
    for used in (PASSWORD, a_password(1)):
        answer = choose_password(client, form, used)
        assert answer.status_code == 422
        assert "used this password before" in answer.content.decode()
    assert choose_password(client, form, a_password(2)).status_code == 302


def test_S12_the_one_in_use_counts_for_who_was_here_before_we_remembered(ana_client: Client) -> None:
    PasswordHistory.objects.all().delete()
    assert change(ana_client, PASSWORD, PASSWORD) == 422


def test_S12_hashes_are_kept_and_never_the_words(ana: User) -> None:
    [row] = PasswordHistory.objects.filter(user=ana)
    assert row.password == ana.password
    assert PASSWORD not in row.password and PASSWORD not in str(row)


def test_S12_one_persons_history_is_none_of_anothers(ana_client: Client, gil: User) -> None:
    gil.set_password(a_password(7))
    gil.save()
    assert change(ana_client, PASSWORD, a_password(7)) == 302


def test_the_meter_has_its_words_and_the_rule_stands_there_without_it(client: Client, ana_client: Client) -> None:
    for page in (client.get("/accounts/signup/"), ana_client.get("/accounts/password/change/")):
        text = page.content.decode()
        assert text.count("data-strength") == 1
        assert 'data-weak="Weak"' in text and "js/strength.js" in text
        assert "8 characters or more" in text
    client.cookies["minichat_language"] = "th"
    text = client.get("/accounts/signup/").content.decode()
    weak = re.search(r'data-weak="([^"]+)"', text)
    assert weak and weak[1] != "Weak"


def test_who_has_none_sets_one_after_a_fresh_confirmation(
    ana: User, clock: Clock, mailoutbox: list[EmailMessage], client: Client
) -> None:
    ana.set_unusable_password()
    ana.save()
    mine = signed_in(ana)
    assert mine.get("/accounts/password/change/").url == "/accounts/password/set/"
    form = {"password1": a_password(3), "password2": a_password(3)}
    assert mine.post("/accounts/password/set/", form).url.startswith("/accounts/reauthenticate/mail/")
    mine.post("/accounts/reauthenticate/mail/")
    code = re.search(r"^\d{6}$", str(mailoutbox[-1].body), re.MULTILINE)[0]  # type: ignore[index]
    mine.post("/accounts/reauthenticate/mail/", {"code": code})
    assert mine.post("/accounts/password/set/", form).status_code == 302
    assert sign_in(client, ANA, a_password(3)).status_code == 302


@pytest.mark.pure
def test_argon2_costs_what_it_should(settings: Any) -> None:
    """At least what OWASP asks of Argon2id: 19 MiB, two rounds. `test_account_settings` sees that it is in use."""
    hasher = Argon2PasswordHasher()
    kept = hasher.decode(hasher.encode("a password", hasher.salt()))
    assert kept["variety"] == "argon2id"
    assert kept["memory_cost"] >= 19 * 1024
    assert kept["time_cost"] >= 2
    assert len(kept["salt"]) >= 16


def test_a_confirmation_does_not_ask_for_the_rule(ana_client: Client) -> None:
    """Old passwords of any shape still open the account."""
    assert confirm(ana_client).status_code == 302
