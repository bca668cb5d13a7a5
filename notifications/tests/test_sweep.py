"""Each minute and at start: what a dead process or an absent queue left behind."""

from __future__ import annotations

import itertools
import threading
import time
from collections.abc import Callable
from datetime import timedelta

import pytest
from django.conf import settings
from django.db import connection, transaction

from notifications import outbox, tasks
from notifications.models import OutgoingEmail
from notifications.tests.conftest import Now, Post

Make = Callable[..., OutgoingEmail]


def test_a_mail_that_nobody_hurried_is_delivered(mail: OutgoingEmail, mail_server: Post) -> None:
    tasks.sweep()
    mail.refresh_from_db()
    assert mail.status == "sent"


def test_a_mail_whose_sender_was_killed_is_delivered(mail: OutgoingEmail, mail_server: Post, now: Now) -> None:
    outbox.claim(mail.pk)
    tasks.sweep()
    assert not mail_server.went
    now.forward(seconds=61)
    tasks.sweep()
    assert len(mail_server.went) == 1


@pytest.mark.parametrize("status", ["sent", "failed"])
def test_what_is_settled_stays_settled(make_mail: Make, mail_server: Post, status: str) -> None:
    make_mail(status=status)
    tasks.sweep()
    assert not mail_server.went


def test_what_is_not_due_waits(make_mail: Make, mail_server: Post, now: Now) -> None:
    make_mail(next_attempt_at=now.value + timedelta(minutes=5))
    tasks.sweep()
    assert not mail_server.went


def test_the_oldest_go_first_and_at_most_so_many(make_mail: Make, mail_server: Post, now: Now) -> None:
    for minutes in (1, 3, 2):
        make_mail(created_at=now.value - timedelta(minutes=minutes), subject=str(minutes))
    assert outbox.MOST_PER_SWEEP == 200
    assert len(outbox.due(limit=2)) == 2
    tasks.sweep()
    assert [message.subject for message in mail_server.went] == ["3", "2", "1"]


def test_one_bad_mail_does_not_stop_the_others(make_mail: Make, mail_server: Post, now: Now) -> None:
    make_mail(to=["a\r\nb@x.test"], created_at=now.value - timedelta(minutes=1))
    make_mail(subject="good")
    tasks.sweep()
    assert [message.subject for message in mail_server.went] == ["good"]


def test_a_mail_server_that_is_slow_does_not_hold_a_sweep_beyond_the_next(
    make_mail: Make, mail_server: Post, monkeypatch: pytest.MonkeyPatch
) -> None:
    for _ in range(5):
        make_mail()
    seconds = itertools.count(0, 20)
    monkeypatch.setattr(time, "monotonic", lambda: next(seconds))
    tasks.sweep()
    assert len(mail_server.went) == 2
    assert OutgoingEmail.unscoped.filter(status="queued").count() == 3


def test_it_runs_each_minute_and_when_the_house_starts() -> None:
    entries = [entry for entry in settings.CELERY_BEAT_SCHEDULE.values() if entry["task"] == tasks.sweep.name]
    assert [entry["schedule"] for entry in entries] == [60.0]
    assert tasks.sweep.name in settings.TASKS_AT_START


@pytest.mark.skipif(connection.vendor != "postgresql", reason="SQLite has one writer at a time")
@pytest.mark.django_db(transaction=True, serialized_rollback=True)
def test_rows_another_sweep_holds_are_passed_over(make_mail: Make) -> None:
    make_mail()
    seen: list[int] = []

    def other() -> None:
        try:
            seen.append(len(outbox.due()))
        finally:
            connection.close()

    with transaction.atomic():
        assert len(OutgoingEmail.unscoped.select_for_update()) == 1
        thread = threading.Thread(target=other)
        thread.start()
        thread.join(5)
    assert seen == [0]
