from __future__ import annotations

import smtplib
from collections.abc import Callable, Sequence
from datetime import datetime, timedelta
from typing import Any

import pytest
from django.core.mail import EmailMessage
from django.core.mail.backends.base import BaseEmailBackend
from django.utils import timezone

from notifications import outbox
from notifications.models import OutgoingEmail


class Post:
    """The world's mail server: what went through it, and what it says to the next mail."""

    def __init__(self) -> None:
        self.went: list[EmailMessage] = []
        self.answer: Exception | Callable[[], None] | None = None

    def take(self, message: EmailMessage) -> None:
        message.message()  # as SMTP does: a header with a line break is refused here
        if isinstance(self.answer, Exception):
            raise self.answer
        if self.answer is not None:
            self.answer()
        self.went.append(message)

    def refuse(self, *codes: int) -> None:
        self.answer = smtplib.SMTPRecipientsRefused({f"{code}@x.test": (code, b"no") for code in codes})


post = Post()


class PostBackend(BaseEmailBackend):
    def send_messages(self, messages: Sequence[EmailMessage]) -> int:
        for message in messages:
            post.take(message)
        return len(messages)


@pytest.fixture
def mail_server(settings: Any) -> Post:
    post.__init__()  # type: ignore[misc]
    settings.EMAIL_BACKEND = "notifications.backends.OutboxBackend"
    settings.DELIVERY_EMAIL_BACKEND = "notifications.tests.conftest.PostBackend"
    return post


class Now:
    """The clock of the outbox."""

    def __init__(self) -> None:
        self.value = timezone.now()

    def __call__(self) -> datetime:
        return self.value

    def forward(self, **span: float) -> None:
        self.value += timedelta(**span)


@pytest.fixture
def now(monkeypatch: pytest.MonkeyPatch) -> Now:
    clock = Now()
    monkeypatch.setattr(outbox.timezone, "now", clock)
    return clock


@pytest.fixture
def make_mail(db: None) -> Callable[..., OutgoingEmail]:
    def make(**fields: Any) -> OutgoingEmail:
        ordinary = {"to": ["ana@acme.test"], "from_email": "hello@minichat.test", "subject": "Hi", "text": "Hello"}
        return OutgoingEmail.unscoped.create(**{**ordinary, "next_attempt_at": timezone.now(), **fields})

    return make


@pytest.fixture
def mail(make_mail: Callable[..., OutgoingEmail]) -> OutgoingEmail:
    return make_mail()
