"""What the customer's server vouches for stays told apart from what is typed, whatever happens to the row."""

from __future__ import annotations

from typing import Any

import pytest
from django.test import Client

from contacts import actions
from contacts.actions import Identity, recognise
from contacts.known import known_of
from contacts.models import Contact
from workspaces.models import Membership, Workspace

pytestmark = pytest.mark.django_db


@pytest.fixture
def nok(acme: Workspace) -> Contact:
    traits = {"name": "Nok Signed", "email": "nok@signed.example"}
    return recognise(acme, identity=Identity("customer-7", traits, {"plan": "pro"}))


@pytest.mark.parametrize("verified_stays", [True, False])
def test_merging_carries_what_is_proven(
    nok: Contact, mali: Contact, omar_member: Membership, verified_stays: bool
) -> None:
    mali.attributes = {"plan": "typed", "size": "M"}
    mali.save()
    primary, duplicate = (nok, mali) if verified_stays else (mali, nok)
    kept = actions.merge(primary, duplicate, by=omar_member)
    kept.refresh_from_db()
    assert kept.pk == primary.pk and kept.external_id == "customer-7" and kept.is_verified
    assert (kept.name, kept.email, kept.phone) == ("Nok Signed", "nok@signed.example", "081 234 5678")
    assert kept.proven_email == "nok@signed.example" and kept.can_be_mailed
    assert kept.attributes == {"plan": "pro", "size": "M"}
    assert kept.proven == ["attributes.plan", "email", "name"]
    assert known_of(kept)["phone"] is True, "the number was typed, and is shown as typed"


def test_merging_keeps_a_no_to_mails(nok: Contact, mali: Contact, omar_member: Membership) -> None:
    Contact.unscoped.filter(pk=nok.pk).update(mail_off_at=nok.created_at)
    assert not actions.merge(mali, nok, by=omar_member).can_be_mailed


def test_the_preview_of_a_merge_says_so(nok: Contact, mali: Contact, omar_client: Client) -> None:
    page = omar_client.get(f"/w/acme/contacts/{nok.pk}/merge/", {"into": str(mali.pk)}).content.decode()
    moves = page.partition("What moves")[2].partition("</dl>")[0]
    assert "Nok Signed" in moves and "nok@signed.example" in moves and "customer-7" in moves


def test_typing_changes_nothing_proven(nok: Contact) -> None:
    said = {"name": "The CEO", "email": "ceo@example.com", "phone": "02 111 2222"}
    actions.describe(nok, traits=said, attributes={"plan": "free", "size": "M"})
    nok.refresh_from_db()
    assert (nok.name, nok.email, nok.phone) == ("Nok Signed", "nok@signed.example", "02 111 2222")
    assert nok.attributes == {"plan": "pro", "size": "M"} and nok.proven_email == "nok@signed.example"


def test_what_a_colleague_writes_over_is_no_longer_proven(nok: Contact, omar_member: Membership) -> None:
    actions.change_contact(nok, by=omar_member, email="nok@other.example")
    actions.set_attribute(nok, by=omar_member, key="plan", value="free")
    nok.refresh_from_db()
    assert nok.proven == ["name"] and nok.proven_email == "nok@signed.example", "mails go where they went"
    assert known_of(nok)["email"] and known_of(nok)["attributes"] == [{"name": "plan", "text": "free", "typed": True}]
    again = recognise(nok.workspace, identity=Identity("customer-7", {"email": "nok@signed.example"}, {"plan": "pro"}))
    assert again.email == "nok@signed.example" and again.proven == ["attributes.plan", "email", "name"]


def test_an_attribute_that_is_taken_away_takes_its_proof_along(nok: Contact, omar_member: Membership) -> None:
    recognise(nok.workspace, identity=Identity("customer-7", {}, {"plan": "", "tier": "gold"}))
    nok.refresh_from_db()
    assert nok.attributes == {"tier": "gold"} and "attributes.plan" not in nok.proven
    actions.delete_attribute(nok, by=omar_member, key="tier")
    nok.refresh_from_db()
    assert nok.attributes == {} and nok.proven == ["email", "name"]


def test_typed_attributes_make_room_for_proven_ones(nok: Contact) -> None:
    """Whoever fills a contact with typed ones must not keep the person from signing in."""
    actions.describe(nok, attributes={f"typed {n}": "x" for n in range(49)})
    recognise(nok.workspace, identity=Identity("customer-7", {}, {"tier": "gold"}))
    nok.refresh_from_db()
    assert len(nok.attributes) == 50 and nok.attributes["tier"] == "gold" and nok.attributes["plan"] == "pro"


def test_who_is_taken_in_fills_gaps_only_as_far_as_there_is_room(nok: Contact, mali: Contact) -> None:
    Contact.unscoped.filter(pk=mali.pk).update(attributes={f"typed {n}": "x" for n in range(50)})
    kept = recognise(nok.workspace, identity=Identity("customer-7"), known=mali)
    assert kept.pk == nok.pk and kept.phone == "081 234 5678" and len(kept.attributes) == 50
    assert kept.attributes["plan"] == "pro" and not Contact.unscoped.filter(pk=mali.pk).exists()


def test_the_page_marks_what_nobody_vouches_for(nok: Contact, omar_client: Client) -> None:
    actions.describe(nok, traits={"phone": "02 111 2222"}, attributes={"size": "M"})
    page: Any = omar_client.get(f"/w/acme/contacts/{nok.pk}/").content.decode()
    about, _, attributes = page.partition('id="attributes"')
    assert "Verified" in about and about.count("Not verified") == 1 and "02 111 2222" in about
    assert attributes.count("Not verified") == 1
