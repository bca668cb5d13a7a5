"""What a website tells about its visitor: shown to the team beside the conversation, proven or not."""

from __future__ import annotations

from functools import partial

from django.db import transaction

from chat import broadcasts
from chat.models import Visitor, VisitorEvent
from contacts.actions import describe
from minichat.lib.transactions import action

MOST_EVENTS = 50


@action
def describe_visitor(
    visitor: Visitor, *, traits: dict[str, str] | None = None, attributes: dict[str, str] | None = None
) -> None:
    """Unsigned: it opens nothing, and changes nothing that was vouched for (SR-33)."""
    name = visitor.contact.name
    visitor.contact = describe(visitor.contact, traits=traits, attributes=attributes or {})
    if visitor.contact.name != name:
        rows = visitor.conversations.select_related("contact", "inbox__workspace", "visitor").order_by("-number")
        transaction.on_commit(partial(broadcasts.changed, list(rows[:1]), []), robust=True)


@action
def track(visitor: Visitor, *, name: str, data: dict[str, str]) -> VisitorEvent:
    """Keep the newest few: they help to understand a conversation, they are no statistics."""
    old = visitor.visitor_events.order_by("-at", "-id").values_list("pk", flat=True)[MOST_EVENTS - 1 :]
    visitor.visitor_events.filter(pk__in=list(old)).delete()
    return visitor.visitor_events.create(workspace_id=visitor.workspace_id, name=name, data=data)
