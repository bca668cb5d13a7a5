"""What happens to conversations when something happens to the people in them."""

from __future__ import annotations

from uuid import UUID

from chat.models import Conversation
from contacts.models import Contact
from minichat.lib.transactions import action

# Lists show the newest; whoever has more open ones reads the others' new name with the next page.
MOST_SHOWN = 20


@action
def repoint(contact: Contact, *, duplicate: UUID) -> None:
    """Everything of a contact that goes is the other one's now. In the order of `visitor_messages.py`: visitors,
    conversations. Credentials stay with their visitors, so nobody reads more than before (SR-33)."""
    visitors = contact.workspace.visitors.filter(contact=duplicate)
    list(visitors.order_by("pk").select_for_update(no_key=True).values_list("pk", flat=True))
    visitors.update(contact=contact)
    conversations = contact.workspace.conversations.filter(contact=duplicate)
    list(conversations.order_by("pk").select_for_update(no_key=True).values_list("pk", flat=True))
    conversations.update(contact=contact)


def shown_of(contact: Contact) -> list[Conversation]:
    """Conversations in which somebody may be looking at the contact's name."""
    rows = contact.workspace.conversations.filter(contact=contact.pk).open()
    return list(rows.select_related("contact", "inbox__workspace", "visitor").newest_first()[:MOST_SHOWN])
