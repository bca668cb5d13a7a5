"""Handing a workspace over: offered with a fresh confirmation, accepted with another, told to both by mail."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.core.mail import EmailMessage
from django.test import Client
from django.utils import timezone

from minichat.lib.errors import Conflict, Forbidden, NotFound
from workspaces import actions
from workspaces.models import AuditEntry, Membership, OwnershipOffer, Workspace
from workspaces.roles import Role
from workspaces.tests.test_guests import at_once
from workspaces.tests.test_team_page import confirm

PAGE = "/w/acme/settings/team/ownership/"


@pytest.fixture
def offer(ana_member: Membership, omar_member: Membership) -> OwnershipOffer:
    return actions.offer_ownership(omar_member, by=ana_member)


def roles(*members: Membership) -> list[str]:
    for member in members:
        member.refresh_from_db()
    return [member.role for member in members]


def test_from_the_offer_to_the_new_owner(
    ana_client: Client,
    omar_client: Client,
    ana_member: Membership,
    omar_member: Membership,
    mailoutbox: list[EmailMessage],
) -> None:
    confirm(ana_client)
    assert ana_client.post(PAGE, {"email": "OMAR@acme.test "}).status_code == 302
    assert sorted(mail.to[0] for mail in mailoutbox) == ["ana@acme.test", "omar@acme.test"]
    assert "Waiting for Omar Haddad" in ana_client.get(PAGE).content.decode()
    assert "Become the owner" in omar_client.get(PAGE).content.decode()
    assert roles(ana_member, omar_member) == ["owner", "operator"]
    confirm(omar_client)
    assert omar_client.post(f"{PAGE}acceptance/").status_code == 302
    assert roles(ana_member, omar_member) == ["admin", "owner"]
    assert len(mailoutbox) == 4
    lines = AuditEntry.unscoped.filter(action__startswith="ownership.").order_by("pk")
    assert [line.action for line in lines] == ["ownership.offered", "ownership.transferred"]
    assert lines[1].actor == omar_member


def test_SR17_both_sides_prove_who_they_are(
    ana_client: Client, omar_client: Client, ana_member: Membership, omar_member: Membership
) -> None:
    asked = ana_client.post(PAGE, {"email": "omar@acme.test"})
    assert asked.headers["Location"].startswith("/accounts/reauthenticate/")
    assert not OwnershipOffer.unscoped.exists()
    ana_client.post(asked.headers["Location"], {"password": "correct horse battery staple"})
    assert OwnershipOffer.unscoped.count() == 1
    assert omar_client.post(f"{PAGE}acceptance/").headers["Location"].startswith("/accounts/reauthenticate/")
    assert roles(ana_member, omar_member) == ["owner", "operator"]


def test_an_offer_can_be_declined_or_withdrawn_and_then_is_over(
    ana_client: Client, omar_client: Client, ana_member: Membership, omar_member: Membership, offer: OwnershipOffer
) -> None:
    omar_client.post(f"{PAGE}delete/")
    with pytest.raises(Conflict):
        actions.accept_ownership(offer, by=omar_member)
    second = actions.offer_ownership(omar_member, by=ana_member)
    assert ana_client.post(f"{PAGE}delete/").status_code == 302
    with pytest.raises(Conflict):
        actions.accept_ownership(second, by=omar_member)
    names = AuditEntry.unscoped.filter(action__startswith="ownership.offer_").order_by("pk")
    assert [row.action for row in names] == ["ownership.offer_declined", "ownership.offer_withdrawn"]
    assert roles(ana_member, omar_member) == ["owner", "operator"]


def test_an_offer_runs_out_and_makes_room(
    ana_member: Membership, omar_member: Membership, adam_member: Membership, offer: OwnershipOffer
) -> None:
    with pytest.raises(Conflict):
        actions.offer_ownership(adam_member, by=ana_member)
    OwnershipOffer.unscoped.update(expires_at=timezone.now() - timedelta(seconds=1))
    with pytest.raises(Conflict):
        actions.accept_ownership(offer, by=omar_member)
    assert actions.offer_ownership(adam_member, by=ana_member).offered_to == adam_member


def test_SR07_who_may_offer_and_who_may_accept(
    ana_member: Membership, adam_member: Membership, omar_member: Membership, gil_member: Membership
) -> None:
    with pytest.raises(Forbidden):
        actions.offer_ownership(omar_member, by=adam_member)
    with pytest.raises(NotFound):
        actions.offer_ownership(gil_member, by=ana_member)
    offer = actions.offer_ownership(omar_member, by=ana_member)
    for stranger in (adam_member, ana_member):
        with pytest.raises(Forbidden):
            actions.accept_ownership(offer, by=stranger)
    with pytest.raises(Conflict):
        actions.accept_ownership(offer, by=gil_member)


@pytest.mark.parametrize("who", ["owner", "heir"])
def test_SR08_whoever_is_gone_neither_gives_nor_takes(
    acme: Workspace,
    ana_member: Membership,
    omar_member: Membership,
    adam_member: Membership,
    offer: OwnershipOffer,
    who: str,
) -> None:
    actions.change_role(adam_member, role=Role.OWNER, by=ana_member)
    actions.deactivate_member(ana_member if who == "owner" else omar_member, by=adam_member)
    with pytest.raises((Conflict, Forbidden)):
        actions.accept_ownership(offer, by=omar_member)
    assert roles(omar_member) == ["operator"]


def test_nobody_else_learns_of_an_offer(adam_client: Client, vera_client: Client, offer: OwnershipOffer) -> None:
    for client in (adam_client, vera_client):
        page = client.get(PAGE).content.decode()
        assert "Ana Srisuk" in page and "omar@acme.test" not in page and "offer" not in page.lower().split("<main")[1]


def test_an_heir_owns_no_more_workspaces_than_their_plans_include(
    omar_client: Client, acme: Workspace, omar_member: Membership, offer: OwnershipOffer
) -> None:
    """Or free workspaces could be made by friends and collected."""
    actions.create_workspace(omar_member.user, name="Own")
    acme.entitlements.workspaces = 1
    acme.entitlements.save()
    confirm(omar_client)
    answer = omar_client.post(f"{PAGE}acceptance/")
    assert answer.status_code == 403 and "owns as many workspaces" in answer.content.decode()
    assert roles(omar_member) == ["operator"]


@pytest.mark.parametrize("email", ["", "x", "ghost@acme.test", "gil@globex.test", "ana@acme.test"])
def test_an_heir_must_be_on_the_team(ana_client: Client, gil_member: Membership, email: str) -> None:
    confirm(ana_client)
    answer = ana_client.post(PAGE, {"email": email})
    assert answer.status_code == 422 and b"id_email_error" in answer.content
    assert not OwnershipOffer.unscoped.exists()


@pytest.mark.django_db(transaction=True, serialized_rollback=True)
def test_sr07_accepting_and_withdrawing_at_once_is_one_or_the_other(
    acme: Workspace, ana_member: Membership, omar_member: Membership, offer: OwnershipOffer
) -> None:
    verbs = [
        lambda: actions.accept_ownership(offer, by=omar_member),
        lambda: actions.end_ownership_offer(offer, by=ana_member),
    ]
    answers = at_once(lambda number: verbs[number](), 2)
    assert sum(isinstance(answer, Exception) for answer in answers) == 1
    assert sorted(roles(ana_member, omar_member)) in (["admin", "owner"], ["operator", "owner"])
