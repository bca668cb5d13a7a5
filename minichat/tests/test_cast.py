"""The cast itself: were one of them miscast, many tests would prove nothing."""

from __future__ import annotations

import socket

import pytest
from django.core.cache import cache
from django.test import Client

from chat.models import Conversation, Status
from conftest import NetworkBlocked
from workspaces.models import Membership, Workspace
from workspaces.roles import Role


def test_roles_of_acme(
    acme: Workspace, ana_member: Membership, adam_member: Membership, omar_member: Membership, vera_member: Membership
) -> None:
    roles = set(acme.memberships.values_list("user__email", "role"))
    assert roles == {
        ("ana@acme.test", Role.OWNER),
        ("adam@acme.test", Role.ADMIN),
        ("omar@acme.test", Role.OPERATOR),
        ("vera@acme.test", Role.VIEWER),
    }


def test_plans(acme: Workspace, globex: Workspace) -> None:
    assert (acme.entitlements.plan.slug, globex.entitlements.plan.slug) == ("business", "free")


def test_vic_waits(conversation: Conversation) -> None:
    assert conversation.status == Status.OPEN
    assert conversation.waiting_since is not None
    assert conversation.messages.count() == 1


def test_gil_is_nobody_at_acme(gil_client: Client, acme: Workspace, globex: Workspace) -> None:
    assert set(globex.memberships.values_list("user__email", flat=True)) == {"gil@globex.test"}
    assert "_auth_user_id" in gil_client.session
    assert not acme.memberships.filter(user__email="gil@globex.test").exists()


@pytest.mark.pure
@pytest.mark.parametrize("host", ["192.0.2.1", "2001:db8::1"])
def test_strangers_cannot_be_dialled(host: str) -> None:
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    with socket.socket(family) as outgoing, pytest.raises(NetworkBlocked):
        outgoing.connect((host, 80))


@pytest.mark.pure
def test_names_are_not_looked_up() -> None:
    with pytest.raises(NetworkBlocked):
        socket.create_connection(("example.com", 80), timeout=1)


@pytest.mark.parametrize("turn", [1, 2])
def test_the_cache_is_empty_at_first(turn: int) -> None:
    assert cache.get("left-over") is None
    cache.set("left-over", turn)
    assert cache.get("left-over") == turn
