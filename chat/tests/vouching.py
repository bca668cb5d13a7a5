"""The part of the owner's server: it makes the signed tokens."""

from __future__ import annotations

import json
import time
from collections.abc import Callable
from typing import Any

import jwt
import pytest
from django.test import Client

from chat import actions, pace
from chat.models import IdentityKey, Inbox
from workspaces.models import Membership

Vouch = Callable[..., str]


@pytest.fixture(autouse=True)
def fresh_pace() -> None:
    pace.visitors.forget()
    pace.new_visitors.forget()


@pytest.fixture
def secret(inbox: Inbox, ana_member: Membership) -> tuple[IdentityKey, str]:
    return actions.make_identity_key(inbox, by=ana_member)


@pytest.fixture
def vouch(inbox: Inbox, secret: tuple[IdentityKey, str]) -> Vouch:
    """A token for this person, as the contract wants it, but for what the test says otherwise; None leaves out."""

    def make(sub: Any = "customer-7", *, using: tuple[IdentityKey, str] = secret, **other: Any) -> str:
        kid = other.pop("kid", using[0].kid)
        headers = {"kid": kid} if kid else {}
        algorithm = other.pop("algorithm", "HS256")
        claims = {"sub": sub, "aud": inbox.widget_key, "exp": int(time.time()) + 600, **other}
        claims = {name: value for name, value in claims.items() if value is not None}
        return jwt.encode(claims, using[1] if algorithm != "none" else None, algorithm=algorithm, headers=headers)

    return make


def as_visitor(token: str) -> Client:
    return Client(headers={"Authorization": f"Bearer {token}"})


def send(client: Client, url: str, **body: Any) -> Any:
    return client.post(url, json.dumps(body), content_type="application/json")
