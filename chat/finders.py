"""What the command palette finds in this room: visitors who wrote, and what was said."""

from __future__ import annotations

from typing import Any

from django.urls import reverse
from django.utils.translation import gettext as _

from chat import found, search
from chat.models.conversation import ConversationQuerySet
from contacts.models import Contact
from minichat.lib.searching import question
from workspaces.decorators import MemberRequest
from workspaces.finding import IN_A_GROUP, Found, Group


def people(request: MemberRequest, words: list[str]) -> Group:
    """People by what is known of them. Each leads to the newest conversation that this member may see, else to the page
    of the contact."""
    if not words:
        return Group("people", "")
    rows = [
        Found(row.display_name, _place(request, row), hint=row.email or row.company, person=_person(row))
        for row in found.people(request.membership, " ".join(words), _mine(request))[:IN_A_GROUP]
    ]
    return Group("people", _("Visitors"), rows)


def conversations(request: MemberRequest, words: list[str]) -> Group:
    """By number; the newest ones while nothing is asked."""
    mine = _mine(request).select_related("contact")
    chosen = found.numbered(" ".join(words), mine) if words else mine
    rows = [
        Found(
            row.contact.display_name,
            _thread(request, row.pk),
            hint=row.last_message_preview,
            person=_person(row.contact),
        )
        for row in chosen.newest_first()[:IN_A_GROUP]
    ]
    return Group("conversations", _("Conversations") if words else _("Latest conversations"), rows)


def messages(request: MemberRequest, words: list[str]) -> Group:
    """By what was said, in conversations and notes that this member may see."""
    text = " ".join(words)
    asked = question(text)
    results = search.find(request.workspace, search.Wanted(asked, _mine(request)), size=IN_A_GROUP)
    rows = [
        Found(
            row.conversation.contact.display_name,
            found.place(request.workspace, row, q=text),
            hint="".join(piece.text for piece in found.shown(row, asked).pieces),
            person=_person(row.conversation.contact),
        )
        for row in results.rows
    ]
    return Group("messages", _("Messages"), rows)


def _mine(request: MemberRequest) -> ConversationQuerySet:
    return request.workspace.conversations.visible_to(request.membership)


def _thread(request: MemberRequest, pk: object) -> str:
    return reverse("thread", args=[request.workspace.slug, pk])


def _place(request: MemberRequest, row: Any) -> str:
    return _thread(request, row.latest) if row.latest else reverse("contact", args=[request.workspace.slug, row.pk])


def _person(row: Contact) -> dict:
    return row.person
