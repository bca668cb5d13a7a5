"""From the row into the world: once if all goes well, again along the ladder if not, and never silently lost."""

from __future__ import annotations

import smtplib
import threading
from collections.abc import Callable
from datetime import timedelta

import pytest
from django.db import connection

from notifications import outbox
from notifications.models import OutgoingEmail
from notifications.tests.conftest import Now, Post

Make = Callable[..., OutgoingEmail]


def test_a_mail_goes_once(mail: OutgoingEmail, mail_server: Post) -> None:
    assert outbox.deliver(mail.pk)
    assert not outbox.deliver(mail.pk)
    assert len(mail_server.went) == 1
    mail.refresh_from_db()
    assert mail.status == "sent"
    assert mail.sent_at is not None


def test_of_two_claims_one_wins(mail: OutgoingEmail, mail_server: Post) -> None:
    assert [outbox.claim(mail.pk), outbox.claim(mail.pk)] == [True, False]


@pytest.mark.django_db(transaction=True, serialized_rollback=True)
def test_of_many_workers_at_once_one_sends(make_mail: Make, mail_server: Post) -> None:
    mail = make_mail()
    together, results = threading.Barrier(4), []

    def work() -> None:
        together.wait()
        try:
            results.append(outbox.deliver(mail.pk))
        finally:
            connection.close()

    threads = [threading.Thread(target=work) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(results) == [False, False, False, True]
    assert len(mail_server.went) == 1


def test_the_message_has_one_id_at_every_attempt(mail: OutgoingEmail, mail_server: Post, now: Now) -> None:
    """So that a mail that went although we did not hear of it can be recognised."""
    outbox.deliver(mail.pk)
    OutgoingEmail.unscoped.update(status="queued", next_attempt_at=now.value)
    outbox.deliver(mail.pk)
    first, second = (message.message()["Message-ID"] for message in mail_server.went)
    assert first == second
    assert str(mail.pk) in first


def test_both_parts_and_all_headers_go(make_mail: Make, mail_server: Post) -> None:
    outbox.deliver(make_mail(html="<p>Hello</p>", headers={"Reply-To": "r@x.test"}).pk)
    whole = mail_server.went[0].message()
    assert whole["Reply-To"] == "r@x.test"
    assert [part.get_content_type() for part in whole.get_payload()] == ["text/plain", "text/html"]


# --- The ladder -------------------------------------------------------------------------------------------------------

RUNGS = [10, 60, 300, 1800, 7200, 21_600, 43_200]


def test_a_mail_is_tried_again_along_the_ladder_and_then_given_up(
    mail: OutgoingEmail, mail_server: Post, now: Now
) -> None:
    mail_server.answer = OSError("no route")
    for attempt, wait in enumerate(RUNGS, start=1):
        assert not outbox.deliver(mail.pk)
        mail.refresh_from_db()
        assert (mail.status, mail.attempts) == ("queued", attempt)
        assert mail.next_attempt_at == now.value + timedelta(seconds=wait)
        now.forward(seconds=wait - 1)
        assert not outbox.claim(mail.pk)
        now.forward(seconds=1)
    outbox.deliver(mail.pk)
    mail.refresh_from_db()
    assert (mail.status, mail.attempts) == ("failed", 8)
    assert "no route" in mail.last_error
    now.forward(days=30)
    assert not outbox.claim(mail.pk)


def test_what_works_at_last_is_sent_and_the_reason_forgotten(mail: OutgoingEmail, mail_server: Post, now: Now) -> None:
    mail_server.answer = OSError("no route")
    outbox.deliver(mail.pk)
    mail_server.answer = None
    now.forward(seconds=11)
    assert outbox.deliver(mail.pk)
    mail.refresh_from_db()
    assert (mail.status, mail.last_error) == ("sent", "")


def test_a_refused_recipient_is_given_up_at_once(mail: OutgoingEmail, mail_server: Post) -> None:
    mail_server.refuse(550)
    outbox.deliver(mail.pk)
    mail.refresh_from_db()
    assert (mail.status, mail.attempts, mail.last_error) == ("failed", 1, "refused: 550")


@pytest.mark.parametrize(
    "answer",
    [
        smtplib.SMTPRecipientsRefused({"a@x.test": (450, b"later")}),
        smtplib.SMTPRecipientsRefused({"a@x.test": (550, b"no"), "b@x.test": (451, b"later")}),
        smtplib.SMTPServerDisconnected("gone"),
        smtplib.SMTPAuthenticationError(535, b"no"),
        TimeoutError("slow"),
        ValueError("a bug of ours"),
    ],
    ids=repr,
)
def test_what_may_pass_is_tried_again(mail: OutgoingEmail, mail_server: Post, answer: Exception) -> None:
    mail_server.answer = answer
    outbox.deliver(mail.pk)
    mail.refresh_from_db()
    assert mail.status == "queued"
    assert type(answer).__name__ in mail.last_error


# --- Processes that die -----------------------------------------------------------------------------------------------


def test_the_claim_of_a_dead_process_runs_out(mail: OutgoingEmail, mail_server: Post, now: Now) -> None:
    outbox.claim(mail.pk)
    now.forward(seconds=59)
    assert not outbox.deliver(mail.pk)
    now.forward(seconds=2)
    assert outbox.deliver(mail.pk)


def test_a_mail_under_which_every_process_dies_is_given_up(mail: OutgoingEmail, mail_server: Post, now: Now) -> None:
    for _ in range(8):
        assert outbox.claim(mail.pk)
        now.forward(seconds=61)
    assert not outbox.deliver(mail.pk)
    mail.refresh_from_db()
    assert mail.status == "failed"
    assert not mail_server.went


@pytest.mark.parametrize("late", [None, OSError("late")], ids=["sent", "failed"])
def test_an_attempt_that_ends_after_its_lease_leaves_the_next_one_alone(
    mail: OutgoingEmail, mail_server: Post, now: Now, late: Exception | None
) -> None:
    def slow() -> None:
        now.forward(seconds=61)
        assert outbox.claim(mail.pk)
        if late is not None:
            raise late

    mail_server.answer = slow
    outbox.deliver(mail.pk)
    mail.refresh_from_db()
    assert (mail.status, mail.attempts) == ("sending", 2)
