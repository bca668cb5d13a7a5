"""Visitors who may not write any more. Doors ask each visitor (`Visitor.blocked_at`), the list asks the contact."""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial
from uuid import UUID

from django.db import transaction
from django.utils import timezone

from chat import broadcasts, events
from chat.append import Appender, locked
from chat.models import Conversation, Visitor
from contacts.models import Contact
from minichat.lib.transactions import action
from workspaces.events import emit
from workspaces.models import Membership


@action
def block(conversation: Conversation, *, by: Membership) -> None:
    """All browsers of this contact: their lines close at once, and what they send is refused. Twice is once."""
    visitors = _locked(conversation.contact, by)
    conversation = locked(by.workspace, conversation.pk)
    contact = conversation.contact
    row, is_new = by.workspace.blocks.get_or_create(contact=contact, defaults={"by": by, "by_name": by.name[:80]})
    if not is_new:
        return
    _mark(visitors, by, blocked=True)
    _tell(conversation, by, "blocked", blocked=True)
    emit(events.VISITOR_BLOCKED, contact, actor=by)
    transaction.on_commit(partial(_send_away, [visitor.pk for visitor in visitors]), robust=True)


@action
def unblock(contact: Contact, *, by: Membership) -> None:
    """They may write again, with their next page. Not blocked: nothing changes."""
    visitors = _locked(contact, by)
    row = by.workspace.blocks.select_for_update().filter(contact=contact).first()
    if row is None:
        return
    row.delete()
    _mark(visitors, by, blocked=False)
    newest = by.workspace.conversations.filter(contact=contact).order_by("-number").first()
    if newest is not None:
        _tell(locked(by.workspace, newest.pk), by, "unblocked", blocked=False)
    emit(events.VISITOR_UNBLOCKED, contact, actor=by)


def _locked(contact: Contact, by: Membership) -> list[Visitor]:
    """Before any conversation: visitors' messages lock in this order, too."""
    return list(by.workspace.visitors.select_for_update(no_key=True).filter(contact=contact).order_by("pk"))


def _mark(visitors: Sequence[Visitor], by: Membership, *, blocked: bool) -> None:
    keys = [visitor.pk for visitor in visitors]
    by.workspace.visitors.filter(pk__in=keys).update(blocked_at=timezone.now() if blocked else None)


def _tell(conversation: Conversation, by: Membership, name: str, *, blocked: bool) -> None:
    """The header draws it from the visitor that came with the conversation."""
    conversation.visitor.blocked_at = timezone.now() if blocked else None
    with Appender() as appender:
        appender.event(conversation, name, by=by, public=False)


def _send_away(visitors: Sequence[UUID]) -> None:
    for pk in visitors:
        broadcasts.revoke_visitor(pk)
