from __future__ import annotations

import pytest
from django.db import IntegrityError, transaction
from django.utils import translation

from contacts.actions import new_contact
from workspaces.models import Workspace

pytestmark = pytest.mark.django_db


def test_contacts_are_numbered_in_each_workspace_alone(acme: Workspace, globex: Workspace) -> None:
    numbers = [new_contact(workspace).number for workspace in (acme, globex, acme, acme, globex)]
    assert numbers == [1, 1, 2, 3, 2]


def test_a_number_is_given_once(acme: Workspace) -> None:
    first = new_contact(acme)
    first.delete()
    assert new_contact(acme).number == 2
    with pytest.raises(IntegrityError), transaction.atomic():
        acme.contacts.create(number=2)


def test_who_has_not_said_a_name_is_called_by_number(acme: Workspace) -> None:
    contact = new_contact(acme)
    assert contact.display_name == str(contact) == "Visitor 1"
    with translation.override("th"):
        assert contact.display_name != "Visitor 1" and "1" in contact.display_name


def test_a_name_is_the_name(acme: Workspace) -> None:
    contact = new_contact(acme, name="สมชาย ใจดี", language="th")
    assert (contact.display_name, contact.language) == ("สมชาย ใจดี", "th")


def test_a_failed_verb_takes_no_number(acme: Workspace) -> None:
    with pytest.raises(RuntimeError), transaction.atomic():
        new_contact(acme)
        raise RuntimeError
    assert new_contact(acme).number == 1
