from __future__ import annotations

import time
from collections.abc import Callable

import pytest
from django.contrib.auth.hashers import MD5PasswordHasher
from django.core.mail import EmailMessage
from django.test import Client


class Clock:
    """Stands still, so that no window of a limit ends in the middle of a test; moves when told to."""

    def __init__(self) -> None:
        self.now = time.time()

    def forward(self, seconds: float) -> None:
        self.now += seconds


@pytest.fixture
def clock(monkeypatch: pytest.MonkeyPatch) -> Clock:
    clock = Clock()
    monkeypatch.setattr(time, "time", lambda: clock.now)
    return clock


@pytest.fixture
def browser(db: None) -> Callable[[], Client]:
    """A browser of its own each time."""
    return Client


@pytest.fixture
def mails_to(mailoutbox: list[EmailMessage]) -> Callable[[str], list[EmailMessage]]:
    return lambda address: [mail for mail in mailoutbox if mail.to == [address]]


@pytest.fixture
def hashes(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """One entry for each time a password was hashed, to store it or to compare it."""
    seen: list[str] = []
    encode = MD5PasswordHasher.encode

    def counting(self: MD5PasswordHasher, password: str, salt: str) -> str:
        seen.append(salt)
        return encode(self, password, salt)

    monkeypatch.setattr(MD5PasswordHasher, "encode", counting)
    return seen
