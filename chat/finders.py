"""What the command palette finds in this room: visitors who wrote, and what was said last."""

from __future__ import annotations

from django.db.models import OuterRef, Q, Subquery
from django.urls import reverse
from django.utils.translation import gettext as _

from chat import snapshots
from contacts.models import Contact
from workspaces.decorators import MemberRequest
from workspaces.finding import IN_A_GROUP, Found, Group, matching

LARGEST_NUMBER = 2**31 - 1


def people(request: MemberRequest, words: list[str]) -> Group:
    """Visitors by what is known of them. Each leads to the newest conversation that this member may see."""
    if not words:
        return Group("people", "")
    theirs = request.workspace.conversations.visible_to(request.membership).filter(contact=OuterRef("pk"))
    contacts = request.workspace.contacts.filter(matching(words, "name", "email", "phone", "company"))
    contacts = contacts.annotate(latest=Subquery(theirs.newest_first().values("pk")[:1])).filter(latest__isnull=False)
    rows = [
        Found(row.display_name, _thread(request, row.latest), hint=row.email or row.company, person=_person(row))
        for row in contacts.order_by("-last_seen_at", "pk")[:IN_A_GROUP]
    ]
    return Group("people", _("Visitors"), rows)


def conversations(request: MemberRequest, words: list[str]) -> Group:
    """By number and by the last words of it; the newest ones while nothing is asked."""
    mine = request.workspace.conversations.visible_to(request.membership).select_related("contact")
    found = mine.filter(matching(words, "last_message_preview") | _numbered(words)) if words else mine
    rows = [
        Found(
            row.contact.display_name,
            _thread(request, row.pk),
            hint=row.last_message_preview,
            person=_person(row.contact),
        )
        for row in found.newest_first()[:IN_A_GROUP]
    ]
    return Group("conversations", _("Conversations") if words else _("Latest conversations"), rows)


def _numbered(words: list[str]) -> Q:
    """ "12" and "#12" are the conversation of that number."""
    digits = words[0].removeprefix("#") if len(words) == 1 else ""
    if digits.isascii() and digits.isdigit() and int(digits) <= LARGEST_NUMBER:
        return Q(number=int(digits))
    return Q(pk__in=[])


def _thread(request: MemberRequest, pk: object) -> str:
    return reverse("thread", args=[request.workspace.slug, pk])


def _person(row: Contact) -> dict:
    return {"name": row.display_name, "hue": snapshots.contact(row)["hue"]}
