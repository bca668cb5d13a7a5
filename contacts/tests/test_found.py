"""Contacts are found alike on every database: in any case, any script, any way of writing a number."""

from __future__ import annotations

import pytest

from contacts.actions import new_contact
from contacts.models import Contact
from workspaces.models import Workspace

pytestmark = pytest.mark.django_db


def found(workspace: Workspace, text: str) -> list[str]:
    return list(workspace.contacts.matching(text).order_by("number").values_list("name", flat=True))


@pytest.fixture
def people(acme: Workspace) -> Workspace:
    for name, email, phone, company in (
        ("ÉMILE ZOLA", "emile@example.com", "+66 81 234 5678", ""),
        ("สมชาย ใจดี", "", "๐๘๑-๒๓๔", "ร้านกาแฟดอย"),
        ("Ivan 100%_a", "", "", "Straße GmbH"),
    ):
        contact = new_contact(acme, name=name)
        contact.email, contact.phone, contact.company = email, phone, company
        contact.save()
    return acme


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ("émile", "ÉMILE ZOLA"),
        ("zola EMILE@", "ÉMILE ZOLA"),
        ("0812345678"[1:], "ÉMILE ZOLA"),
        ("234 5678", "ÉMILE ZOLA"),
        ("ใจดี", "สมชาย ใจดี"),
        ("กาแฟ สมชาย", "สมชาย ใจดี"),
        ("100%_", "Ivan 100%_a"),
        ("STRASSE", "Ivan 100%_a"),
        ("e\u0301mile", "ÉMILE ZOLA"),
    ],
)
def test_found(people: Workspace, text: str, name: str) -> None:
    assert found(people, text) == [name]


@pytest.mark.parametrize("text", ["zola ivan", "%", "a_c", "\\", "nobody"])
def test_not_found(people: Workspace, text: str) -> None:
    assert found(people, text) == (["Ivan 100%_a"] if text == "%" else [])


def test_a_long_question_has_an_end(people: Workspace) -> None:
    assert found(people, "zola " * 10_000) == ["ÉMILE ZOLA"]


def test_what_it_is_found_by_follows_its_name(acme: Workspace) -> None:
    contact = new_contact(acme, name="Before")
    contact.name = "After"
    contact.save()
    assert found(acme, "after") == ["After"] and found(acme, "before") == []
    Contact.unscoped.bulk_create([Contact(workspace=acme, number=7, name="Many At Once")])
    assert found(acme, "at once") == ["Many At Once"]


def test_globex_finds_nobody_of_acme(people: Workspace, globex: Workspace) -> None:
    assert found(globex, "zola") == []
