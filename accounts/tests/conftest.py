from __future__ import annotations

import time
from collections.abc import Callable
from typing import Any

import pytest
import requests
from django.contrib.auth.hashers import MD5PasswordHasher
from django.core.mail import EmailMessage
from django.test import Client

from accounts.tests.providers import CLIENTS, SECRET, Stub


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


@pytest.fixture
def stub(settings: Any, monkeypatch: pytest.MonkeyPatch, db: None) -> Stub:
    """Google, GitHub and LINE are configured, and answer."""
    settings.SOCIALACCOUNT_PROVIDERS = {
        name: {"APP": {"client_id": client, "secret": SECRET}, "SCOPE": ["email"], "OAUTH_PKCE_ENABLED": True}
        for name, client in CLIENTS.items()
    }
    stub = Stub()

    def session(self: Any) -> requests.Session:
        made = requests.Session()
        made.mount("https://", stub)
        return made

    monkeypatch.setattr("accounts.social_adapter.SocialAdapter.get_requests_session", session)
    return stub
