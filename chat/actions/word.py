"""A visitor fills in a form: says who they are before a conversation, or leaves word where nobody answers."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.utils import timezone

from chat import asking
from chat.actions.messages import Posted
from chat.actions.visitor_messages import VisitorPost, post_visitor_messages
from chat.asking import Form
from chat.models import Conversation, Visitor
from contacts.actions import Answer, Origin, capture_lead, take_answers
from contacts.models import FieldKind, Lead, Source
from minichat.lib.errors import MiniChatError, QuotaExceeded
from minichat.lib.transactions import action


@dataclass(frozen=True)
class Filled:
    """A form as it came: `body` empty is the form before a conversation, else somebody leaves word."""

    visitor: Visitor
    client_id: UUID
    answers: Mapping[str, str]
    consent: bool = False
    body: str = ""
    attachments: tuple[UUID, ...] = ()
    conversation_id: UUID | None = None
    fresh: bool = False


@dataclass(frozen=True)
class Taken:
    """What became of it. `posted` None: there is no message, only the word in the lead (or nothing was said)."""

    lead: Lead | None
    posted: Posted | None = None


@action
def take_form(filled: Filled) -> Taken:
    """Raises `Invalid` with the fields' own sentences. The same form twice is one.

    Locks in one order: the contact, then what a message takes (`visitor_messages.py`).
    """
    visitor = filled.visitor
    form = asking.form_for(visitor, leaves_word=bool(filled.body))
    answers = asking.read(form, filled.answers, consent=filled.consent) if form else []
    taken = _leave_word(filled, answers) if filled.body else _begin(filled, form, answers)
    _remember(visitor, form, filled)
    return taken


def _begin(filled: Filled, form: Form | None, answers: list[Answer]) -> Taken:
    contact = take_answers(filled.visitor.contact, answers)
    filled.visitor.contact = contact
    reachable = any(answer.kind in (FieldKind.EMAIL, FieldKind.PHONE) for answer in answers)
    if form is None or not form.makes_leads or not reachable:
        return Taken(None)
    origin = _origin(filled.visitor)
    return Taken(
        capture_lead(contact, answers=answers, source=Source.WIDGET, client_id=filled.client_id, origin=origin)
    )


def _leave_word(filled: Filled, answers: list[Answer]) -> Taken:
    """A conversation and a lead; over the month's messages a lead alone, for that is always accepted."""
    visitor = filled.visitor
    visitor.contact = take_answers(visitor.contact, answers)
    posted = _post(filled)
    lead = capture_lead(
        visitor.contact,
        answers=answers,
        source=Source.CONTACT_FORM,
        message=filled.body,
        client_id=filled.client_id,
        origin=_origin(visitor),
    )
    conversation = posted.message.conversation if posted else _running(visitor, filled.conversation_id)
    if conversation is not None:
        visitor.workspace.lead_origins.get_or_create(lead=lead, defaults={"conversation": conversation})
    return Taken(lead, posted)


def _post(filled: Filled) -> Posted | None:
    post = VisitorPost(
        filled.visitor,
        filled.body,
        filled.client_id,
        filled.conversation_id,
        filled.attachments,
        fresh=filled.fresh,
        is_told_otherwise=True,
    )
    [answer] = post_visitor_messages([post])
    if isinstance(answer, QuotaExceeded):
        return None
    if isinstance(answer, MiniChatError):
        raise answer
    return answer


def _running(visitor: Visitor, conversation_id: UUID | None) -> Conversation | None:
    rows = visitor.conversations.order_by("-number")
    return (rows.filter(pk=conversation_id) if conversation_id else rows).first()


def _remember(visitor: Visitor, form: Form | None, filled: Filled) -> None:
    """That they were asked, and the words that they agreed to."""
    visitor.form_answered_at = timezone.now()
    if form and form.consent and filled.consent:
        visitor.consent = form.consent
    visitor.save(update_fields=["form_answered_at", "consent"])


def _origin(visitor: Visitor) -> Origin:
    return Origin(page_url=visitor.page_url, referrer=visitor.referrer, user_agent=visitor.user_agent, ip=visitor.ip)


def acknowledged(taken: Taken, filled: Filled) -> dict[str, Any]:
    """The `form_ack` of the wire contract."""
    return {
        "type": "form_ack",
        "client_id": str(filled.client_id),
        "lead": taken.lead is not None,
        "message": taken.posted.ack(public=True) if taken.posted else None,
    }
