"""What a visitor is asked before a conversation begins, and when nobody is there to talk to.

Only what is missing is asked, and nothing twice. Whoever was vouched for by the customer's own server is asked nothing.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from django.db.models import prefetch_related_objects
from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from chat.models import Handler, Visitor
from contacts import answers
from contacts.actions import Answer
from contacts.models import FieldKind, LeadField
from minichat.lib.errors import Invalid

# The browser fills these in by itself, if the visitor lets it.
AUTOFILL = {FieldKind.NAME: "name", FieldKind.EMAIL: "email", FieldKind.PHONE: "tel", FieldKind.COMPANY: "organization"}
CONSENT = "consent"


@dataclass(frozen=True)
class Question:
    """One field. `row` None: no field of the owner's, but asked whenever somebody leaves word."""

    kind: FieldKind
    required: bool
    own_label: str = ""
    row: LeadField | None = None

    def label(self) -> str:
        """In the reader's language."""
        if self.own_label:
            return self.own_label
        return {
            FieldKind.NAME: pgettext("form", "Your name"),
            FieldKind.EMAIL: pgettext("form", "Your email"),
            FieldKind.PHONE: pgettext("form", "Your phone number"),
            FieldKind.COMPANY: pgettext("form", "Your company"),
        }.get(self.kind, "")

    def picture(self) -> dict[str, Any]:
        return {
            "name": str(self.kind),
            "label": self.label(),
            "required": self.required,
            "autocomplete": AUTOFILL.get(self.kind, "off"),
            "limit": answers.LIMITS[self.kind],
        }


@dataclass(frozen=True)
class Form:
    """`leaves_word`: what is written with it becomes a lead, because nobody is there or no message is left."""

    questions: list[Question]
    consent: str
    leaves_word: bool
    makes_leads: bool = False

    def picture(self) -> dict[str, Any]:
        """The `form` of the wire contract."""
        return {
            "kind": "contact" if self.leaves_word else "chat",
            "fields": [question.picture() for question in self.questions],
            "consent": self.consent,
        }


def form_for(visitor: Visitor, *, leaves_word: bool) -> Form | None:
    """What is still to be asked, or None when there is nothing; where word is left, at least the word itself."""
    owners = visitor.inbox.lead_form
    questions = [
        Question(FieldKind(row.kind), row.required, row.label, row) for row in (owners.fields.all() if owners else [])
    ]
    if leaves_word:
        questions = _with_address(questions)
    missing = [question for question in questions if _is_missing(visitor, question)]
    consent = owners.consent if owners and owners.consent != visitor.consent else ""
    if not missing and not consent and not leaves_word:
        return None
    return Form(missing, consent, leaves_word, makes_leads=bool(owners and owners.makes_leads))


def pictures_at_start(visitor: Visitor) -> dict[str, dict[str, Any] | None]:
    """The `forms` of the wire contract: what is asked before a conversation while somebody is there, and while nobody
    is. The client knows which of the two it is, and both at once, so that nobody has to ask again when that changes.
    """
    if visitor.contact.is_verified:
        return {"online": None, "away": None}
    owners = visitor.inbox.lead_form
    if owners:
        prefetch_related_objects([owners], "fields")
    asked = form_for(visitor, leaves_word=False)
    # Where the assistant answers, somebody is always there.
    leaves_word = owners and owners.asks_when_away and visitor.inbox.answered_by == Handler.PEOPLE
    away = _form_while_away(visitor) if leaves_word else asked
    return {"online": asked.picture() if asked else None, "away": away.picture() if away else None}


def _form_while_away(visitor: Visitor) -> Form | None:
    """Whoever can be answered already writes as always."""
    form = form_for(visitor, leaves_word=True)
    if form and (form.consent or any(question.required for question in form.questions)):
        return form
    return None


def picture_over_quota(visitor: Visitor) -> dict[str, Any]:
    """The month's messages are used up: the form that is always accepted."""
    form = form_for(visitor, leaves_word=True)
    assert form is not None
    return form.picture()


def read(form: Form, typed: Mapping[str, str], *, consent: bool) -> list[Answer]:
    """The answers, cleaned. Raises `Invalid` with a sentence for each field that is not right; what was not asked is
    passed over, for another tab may have answered it."""
    errors: dict[str, list[str]] = {}
    found: list[Answer] = []
    for question in form.questions:
        try:
            value = answers.clean(question.kind, typed.get(question.kind, ""))
        except Invalid as error:
            errors[str(question.kind)] = [error.detail]
            continue
        if value:
            found.append(Answer(question.kind, value, question.own_label, question.row))
        elif question.required:
            errors[str(question.kind)] = [_("Please fill this in.")]
    if form.consent and not consent:
        errors[CONSENT] = [_("Please tick this so that we can talk.")]
    if errors:
        raise Invalid(next(iter(errors.values()))[0], errors=errors)
    return found


def _with_address(questions: list[Question]) -> list[Question]:
    """Whoever leaves word says where to answer; the owner's form may ask for it in its own place."""
    if not any(question.kind == FieldKind.EMAIL for question in questions):
        return [*questions, Question(FieldKind.EMAIL, required=True)]
    return [
        Question(one.kind, True, one.own_label, one.row) if one.kind == FieldKind.EMAIL else one for one in questions
    ]


def _is_missing(visitor: Visitor, question: Question) -> bool:
    contact = visitor.contact
    if question.kind == FieldKind.TEXT:
        known = contact.attributes.get(question.own_label)
    else:
        known = getattr(contact, question.kind)
    # What somebody left empty once is not asked again, unless it has to be.
    return not known and (question.required or visitor.form_answered_at is None)
