"""What the chat knows about contacts: who may see whom, how much was said, and the conversations on their pages."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from uuid import UUID

from django.db.models import Count, Exists, OuterRef, Q
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from chat.audience import ALWAYS
from chat.models import Conversation
from contacts.listing import Tally
from contacts.models import Contact, Lead
from contacts.panels import Panel
from workspaces.decorators import MemberRequest
from workspaces.models import Membership

SHOWN = 20


def worth_showing(membership: Membership) -> Q:
    """Whoever wrote, or said who they are. A browser that opened the chat and said nothing is nobody to look at."""
    theirs = membership.workspace.conversations.filter(contact=OuterRef("pk"))
    return Q(Exists(theirs)) | ~Q(folded="") | Q(external_id__isnull=False)


def members_for(contact: Contact) -> Q:
    """The members who may see this contact: `audience.contacts_for`, read from the other side."""
    inboxes = contact.workspace.inboxes.filter(pk__in=contact.visitors.values("inbox"))
    if not inboxes.exists() or inboxes.filter(is_private=False).exists():
        return Q()
    return Q(role__in=ALWAYS) | Q(pk__in=contact.workspace.inbox_members.filter(inbox__in=inboxes).values("membership"))


def count_conversations(membership: Membership, contacts: Sequence[UUID]) -> Mapping[UUID, int]:
    rows = membership.workspace.conversations.visible_to(membership).filter(contact__in=contacts)
    return dict(rows.order_by().values_list("contact").annotate(n=Count("pk")).values_list("contact", "n"))


CONVERSATIONS = Tally("conversations", _("Conversations"), count_conversations)


def of_contact(request: MemberRequest, contact: Contact) -> Panel:
    mine = contact.conversations.visible_to(request.membership).select_related("inbox")
    rows = list(mine.newest_first()[: SHOWN + 1])
    return Panel(
        "chat/_conversations.html",
        {
            "rows": [_line(request, row) for row in rows[:SHOWN]],
            "more": len(rows) > SHOWN,
            "agreed": contact.visitors.exclude(consent="").order_by("-form_answered_at").first(),
        },
    )


def of_lead(request: MemberRequest, lead: Lead) -> Panel:
    """The conversation it came out of, else what its contact said."""
    mine = request.workspace.conversations.visible_to(request.membership).select_related("inbox")
    row = mine.filter(lead_origins__lead=lead).first()
    if row is None:
        return of_contact(request, lead.contact)
    return Panel("chat/_conversations.html", {"rows": [_line(request, row)], "more": False})


def _line(request: MemberRequest, row: Conversation) -> dict[str, object]:
    return {"row": row, "url": reverse("thread", args=[request.workspace.slug, row.pk])}
