"""What the command palette finds in this room: leads. People are found by the chat, which knows what they said."""

from __future__ import annotations

from django.urls import reverse
from django.utils.translation import gettext as _

from workspaces.decorators import MemberRequest
from workspaces.finding import IN_A_GROUP, Found, Group


def leads(request: MemberRequest, words: list[str]) -> Group:
    if not words:
        return Group("leads", "")
    people = request.workspace.contacts.visible_to(request.membership).matching(" ".join(words))
    rows = request.workspace.leads.filter(contact__in=people).select_related("contact").newest_first()
    found = [
        Found(
            row.contact.display_name,
            reverse("lead", args=[request.workspace.slug, row.pk]),
            hint=f"{row.get_status_display()} · {row.message[:60]}" if row.message else row.get_status_display(),
            person=row.contact.person,
        )
        for row in rows[:IN_A_GROUP]
    ]
    return Group("leads", _("Leads"), found)
