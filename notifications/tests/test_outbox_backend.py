"""A mail is a row of the transaction that caused it (RF: no mail for what was undone, none lost)."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from django.core.mail import EmailMessage, EmailMultiAlternatives, send_mail
from django.db import transaction
from django.test import Client

from accounts.models import User
from notifications.models import OutgoingEmail
from notifications.tests.conftest import Post

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("mail_server")]
Captured = Callable[..., Any]


def send(**fields: Any) -> None:
    EmailMultiAlternatives(
        **{"subject": "Hi", "body": "Hello", "from_email": None, "to": ["ana@acme.test"], **fields}
    ).send()


def test_a_mail_is_a_row_first_and_goes_after_the_commit(
    mail_server: Post, django_capture_on_commit_callbacks: Captured
) -> None:
    with django_capture_on_commit_callbacks(execute=True):
        send()
        assert OutgoingEmail.unscoped.get().status == "queued"
        assert not mail_server.went
    assert OutgoingEmail.unscoped.get().status == "sent"
    assert [message.to for message in mail_server.went] == [["ana@acme.test"]]


def test_what_is_rolled_back_leaves_no_mail(mail_server: Post, django_capture_on_commit_callbacks: Captured) -> None:
    with django_capture_on_commit_callbacks(execute=True), pytest.raises(ZeroDivisionError), transaction.atomic():
        send()
        raise ZeroDivisionError
    assert not OutgoingEmail.unscoped.exists()
    assert not mail_server.went


def test_a_broken_queue_does_not_fail_the_request(
    mail_server: Post, monkeypatch: pytest.MonkeyPatch, django_capture_on_commit_callbacks: Captured
) -> None:
    monkeypatch.setattr("notifications.tasks.deliver.delay", lambda *_: (_ for _ in ()).throw(ConnectionError("queue")))
    with django_capture_on_commit_callbacks(execute=True):
        answer = Client().post("/accounts/signup/", {"email": "malee@x.test", "password1": "jasmine on the balcony"})
    assert answer.status_code == 302
    assert OutgoingEmail.unscoped.get().status == "queued"
    assert User.objects.filter(email="malee@x.test").exists()


def test_a_broken_mail_server_does_not_fail_the_request(
    mail_server: Post, django_capture_on_commit_callbacks: Captured
) -> None:
    mail_server.answer = OSError("no route")
    with django_capture_on_commit_callbacks(execute=True):
        answer = Client().post("/accounts/signup/", {"email": "malee@x.test", "password1": "jasmine on the balcony"})
    assert answer.status_code == 302
    assert OutgoingEmail.unscoped.get().status == "queued"


def test_both_parts_and_the_answering_address_are_kept(mail_server: Post) -> None:
    message = EmailMultiAlternatives(
        "Hi", "Hello", "Acme <a@acme.test>", ["ana@acme.test"], reply_to=["r@acme.test"], headers={"X-Kind": "hello"}
    )
    message.attach_alternative("<p>Hello</p>", "text/html")
    message.send()
    row = OutgoingEmail.unscoped.get()
    assert (row.text, row.html, row.from_email) == ("Hello", "<p>Hello</p>", "Acme <a@acme.test>")
    assert row.headers == {"Reply-To": "r@acme.test", "X-Kind": "hello"}


def test_the_house_is_the_sender_unless_somebody_else_is(settings: Any) -> None:
    send_mail("Hi", "Hello", None, ["ana@acme.test"])
    assert OutgoingEmail.unscoped.get().from_email == settings.DEFAULT_FROM_EMAIL


@pytest.mark.parametrize("evil", ["Hi\r\nBcc: all@x.test", "Hi\nBcc: all@x.test", "Hi\x00\x0bBcc: all@x.test\u202e"])
def test_SR58_header_values_lose_line_breaks_and_controls(evil: str) -> None:
    send(subject=evil, from_email=f"{evil} <a@x.test>", headers={"X-Kind": evil})
    row = OutgoingEmail.unscoped.get()
    for value in (row.subject, row.from_email, row.headers["X-Kind"]):
        assert not set(value) & set("\r\n\x00\x0b\u202e")


def test_a_long_subject_is_cut_and_a_text_cleaned() -> None:
    send(subject="x" * 1000, body="Hel\x00lo")
    row = OutgoingEmail.unscoped.get()
    assert len(row.subject) == 400
    assert row.text == "Hello"


@pytest.mark.parametrize("more", [{"cc": ["b@x.test"]}, {"bcc": ["b@x.test"]}, {"attachments": [("a.txt", "a", None)]}])
def test_what_a_row_cannot_hold_is_refused_aloud(more: dict[str, Any]) -> None:
    with pytest.raises(ValueError, match="outbox"):
        EmailMessage("Hi", "Hello", None, ["ana@acme.test"], **more).send()
    assert not OutgoingEmail.unscoped.exists()
