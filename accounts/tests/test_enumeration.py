"""Nobody learns from our answers who has an account (SR-20): same page, same status, same work."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass

import pytest
from django.core.mail import EmailMessage
from django.db import IntegrityError, connection
from django.http import HttpResponse
from django.test import Client
from django.test.utils import CaptureQueriesContext

from accounts.models import User
from accounts.tests.steps import (
    ask_for_code,
    ask_for_reset,
    enter_code,
    enter_login_code,
    is_signed_in,
    resend_code,
    sign_in,
    sign_up,
)
from notifications.models import OutgoingEmail

KNOWN, UNKNOWN = "ana@acme.test", "zoe@acme.test"
Step = Callable[[Client, str], HttpResponse]


@dataclass
class Seen:
    """All that an outsider can see or time."""

    status: int
    body: str
    location: str
    headers: set[str]
    hashes: int
    statements: list[str]


@pytest.fixture
def outbox(settings: object) -> None:
    """The mails are rows, as they are for real: a row is work too."""
    settings.EMAIL_BACKEND = "notifications.backends.OutboxBackend"  # type: ignore[attr-defined]


def look(step: Step, address: str, hashes: list[str]) -> Seen:
    client = Client()
    client.get("/accounts/login/")
    hashes.clear()
    with CaptureQueriesContext(
        connection,
    ) as queries:
        answer = step(client, address)
    return Seen(
        answer.status_code,
        neutral(answer.content.decode(), address),
        answer.headers.get("Location", ""),
        set(answer.headers),
        len(hashes),
        [kind(query["sql"]) for query in queries if "SAVEPOINT" not in query["sql"]],
    )


def kind(sql: str) -> str:
    """ "INSERT accounts_user": savepoints are left out, because ending them takes one statement or two."""
    tables = re.findall(r'(?:FROM|INTO|UPDATE|JOIN) "(\w+)"', sql)
    return " ".join([sql.split()[0], *tables])


def neutral(body: str, address: str) -> str:
    """Without what differs between any two requests."""
    body = re.sub(r'name="csrfmiddlewaretoken" value="[^"]+"|[0-9a-f]{8}-[0-9a-f-]{27}', "", body)
    return body.replace(address, "ADDRESS")


STEPS: dict[str, Step] = {
    "a wrong password": lambda client, address: sign_in(client, address, "a wrong password"),
    "a reset": ask_for_reset,
    "a code": ask_for_code,
    "a sign-up": sign_up,
}


@pytest.mark.parametrize("step", STEPS.values(), ids=STEPS.keys())
def test_SR20_known_and_unknown_are_answered_alike(
    step: Step, ana: User, outbox: None, hashes: list[str], client: Client
) -> None:
    client.get("/accounts/login/")  # what is loaded once is loaded before we compare
    User.objects.update(last_login=ana.date_joined)
    known, unknown = look(step, KNOWN, hashes), look(step, UNKNOWN, hashes)
    # allauth looks rows up by index once or twice more on one branch: a tenth of a millisecond of our ten.
    assert abs(len(known.statements) - len(unknown.statements)) <= (2 if step is sign_up else 0)
    known.statements, unknown.statements = writes(known), writes(unknown)
    assert known == unknown


def writes(seen: Seen) -> list[str]:
    return [statement for statement in seen.statements if not statement.startswith("SELECT")]


def test_a_wrong_password_costs_one_hash(ana: User, hashes: list[str]) -> None:
    for address in (KNOWN, UNKNOWN):
        assert look(STEPS["a wrong password"], address, hashes).hashes == 1


def test_SR20_the_pages_after_a_sign_up_are_alike(ana: User, outbox: None, hashes: list[str], clock: object) -> None:
    def walk(address: str) -> list[tuple[int, str, str]]:
        client, seen = Client(), []
        sign_up(client, address)
        for step in (
            lambda: client.get("/accounts/confirm-email/"),
            lambda: client.get("/accounts/login/"),
            lambda: enter_code(client, "000000"),
            lambda: resend_code(client),
            lambda: clock.forward(15) or resend_code(client),  # type: ignore[attr-defined]
            lambda: client.get("/accounts/confirm-email/"),
            lambda: enter_code(client, "000000"),
            lambda: enter_code(client, "000000"),
            lambda: client.get("/accounts/confirm-email/"),
        ):
            answer = step()
            seen.append(
                (answer.status_code, answer.headers.get("Location", ""), neutral(answer.content.decode(), address))
            )
        return seen

    assert walk(KNOWN) == walk(UNKNOWN)


def test_SR20_the_pages_after_asking_for_a_code_are_alike(
    ana: User, outbox: None, hashes: list[str], clock: object, client: Client
) -> None:
    client.get("/accounts/login/")

    def walk(address: str, network: str) -> list[object]:
        client, seen = Client(REMOTE_ADDR=network), []
        for step in (
            lambda: ask_for_code(client, address),
            lambda: client.get("/accounts/login/code/confirm/"),
            lambda: enter_login_code(client, "000000"),
            lambda: client.post("/accounts/login/code/confirm/", {"action": "resend"}),
            lambda: (
                clock.forward(15)  # type: ignore[attr-defined]
                or client.post("/accounts/login/code/confirm/", {"action": "resend"})
            ),
            lambda: enter_login_code(client, "000000"),
            lambda: enter_login_code(client, "000000"),
            lambda: client.get("/accounts/login/code/"),
        ):
            with CaptureQueriesContext(connection) as queries:
                answer = step()
            made = [kind(query["sql"]) for query in queries if "SAVEPOINT" not in query["sql"]]
            body = neutral(answer.content.decode(), address)
            writing = [statement for statement in made if not statement.startswith("SELECT")]
            seen.append((answer.status_code, answer.headers.get("Location", ""), body, writing))
        return seen

    assert walk(KNOWN, "203.0.113.1") == walk(UNKNOWN, "203.0.113.2")


def test_a_sign_up_with_a_known_address_changes_nothing_and_tells_its_owner(
    ana: User, client: Client, mailoutbox: list[EmailMessage]
) -> None:
    password = ana.password
    assert sign_up(client, KNOWN, name="Evil").url == "/accounts/confirm-email/"
    ana.refresh_from_db()
    assert (ana.name, ana.password) == ("Ana Srisuk", password)
    assert User.objects.count() == 1
    [mail] = mailoutbox
    assert mail.to == [KNOWN]
    assert "/accounts/password/reset/" in str(mail.body)
    assert not re.search(r"^\d{6}$", str(mail.body), re.MULTILINE)
    assert not is_signed_in(client)


def test_a_reset_for_nobody_mails_nobody(outbox: None, db: None, client: Client) -> None:
    ask_for_reset(client, UNKNOWN)
    assert not OutgoingEmail.unscoped.exists()
    assert not User.objects.exists()


def test_two_who_sign_up_at_once_are_answered_alike(
    ana: User, client: Client, mailoutbox: list[EmailMessage], monkeypatch: pytest.MonkeyPatch
) -> None:
    """The other one's row came between our look and our insert."""
    monkeypatch.setattr("accounts.forms.SignupForm._make", lambda *_: (_ for _ in ()).throw(IntegrityError))
    assert sign_up(client, UNKNOWN).url == "/accounts/confirm-email/"
    assert User.objects.count() == 1
    assert [mail.to for mail in mailoutbox] == [[UNKNOWN]]


def test_SR18_the_count_of_sign_ups_does_not_tell_either(ana: User, clock: object) -> None:
    """Were only new addresses counted, a fourth sign-up that is let through would name a known one."""

    def fourth(address: str, network: str) -> int:
        for number in range(3):
            sign_up(Client(), f"{number}-{network}@x.test", REMOTE_ADDR=network)
        return sign_up(Client(), address, REMOTE_ADDR=network).status_code

    assert fourth(KNOWN, "203.0.113.1") == fourth(UNKNOWN, "203.0.113.2") == 429
    for _ in range(3):
        sign_up(Client(), KNOWN, REMOTE_ADDR="203.0.113.3")
    assert sign_up(Client(), UNKNOWN, REMOTE_ADDR="203.0.113.3").status_code == 429
