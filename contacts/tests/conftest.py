"""People who left something of themselves at Acme."""

from __future__ import annotations

import uuid
from collections.abc import Callable

import pytest

from chat.actions import post_visitor_message
from chat.models import Inbox
from chat.widget.access import new_visitor
from conftest import SHOP
from contacts.actions import Answer, capture_lead
from contacts.models import Contact, FieldKind, Lead, Source


@pytest.fixture
def somebody(inbox: Inbox) -> Callable[..., Contact]:
    """A visitor who wrote, and of whom this is known."""

    def make(text: str = "Hello", **about: object) -> Contact:
        visitor, _ = new_visitor(inbox, origin=SHOP, language="en")
        if text:
            post_visitor_message(visitor, body=text, client_id=uuid.uuid4())
        for name, value in about.items():
            setattr(visitor.contact, name, value)
        visitor.contact.save()
        return visitor.contact

    return make


@pytest.fixture
def mali(somebody: Callable[..., Contact]) -> Contact:
    return somebody("Do you roast on Mondays?", name="Mali", email="mali@example.com", phone="081 234 5678")


@pytest.fixture
def lead(mali: Contact) -> Lead:
    """Mali left word."""
    answers = [Answer(FieldKind.EMAIL, "mali@example.com")]
    return capture_lead(mali, answers=answers, source=Source.CONTACT_FORM, message="Please call me")
