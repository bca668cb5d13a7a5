from __future__ import annotations

import pytest
from django.test import Client

from accounts.models import User
from workspaces.models import Membership

PAGE = "/accounts/profile/"
REST = {"locale": "", "theme": "", "timezone": ""}
TAKEN = "Somebody on your team has this name."


@pytest.mark.parametrize(
    "name", ["Ana Srisuk", "ana  srisuk", "ＡＮＡ SRISUK", "Ana-Srisuk.", "Anа Srisuk".replace("а", "a"), "Áná Srisuk"]
)  # noqa: RUF001
def test_SR43_nobody_takes_a_colleagues_name(
    omar_client: Client, omar: User, ana_member: Membership, name: str
) -> None:
    response = omar_client.post(PAGE, {"name": name, **REST})
    assert TAKEN in response.content.decode()
    omar.refresh_from_db()
    assert omar.name == "Omar Haddad"


def test_SR43_a_name_of_ones_own_stays_possible(
    omar_client: Client, omar: User, ana_member: Membership, gil_member: Membership
) -> None:
    """One's own in another spelling, a stranger's, that of somebody who has left."""
    for name in ("OMAR Haddad", gil_member.name, "Ana S."):
        assert omar_client.post(PAGE, {"name": name, **REST}).status_code == 302, name
    Membership.unscoped.filter(pk=ana_member.pk).update(deactivated_at=ana_member.created_at)
    assert omar_client.post(PAGE, {"name": "Ana Srisuk", **REST}).status_code == 302


def test_SR43_thai_names_that_differ_in_a_tone_are_two(omar_client: Client, ana: User, ana_member: Membership) -> None:
    User.objects.filter(pk=ana.pk).update(name="น้ำ ใจดี")
    assert TAKEN in omar_client.post(PAGE, {"name": "น้ำใจดี", **REST}).content.decode()
    assert omar_client.post(PAGE, {"name": "นำ ใจดี", **REST}).status_code == 302
