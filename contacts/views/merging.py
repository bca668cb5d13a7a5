"""Two contacts are one person: choose the other one, look at what moves, decide."""

from __future__ import annotations

from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from contacts import actions, listing
from contacts.actions import TwoIdentities
from contacts.forms import LONGEST_SEARCH
from contacts.models import Contact
from contacts.views.doors import contact_for
from minichat.lib.text import clean_line
from workspaces.decorators import MemberRequest, member
from workspaces.roles import Role

OFFERED = 10


@require_http_methods(["GET", "HEAD", "POST"])
@member(Role.OPERATOR)
def merge(request: MemberRequest, pk: UUID) -> HttpResponse:
    """`pk` is the one that goes; `into` the one that stays."""
    duplicate = contact_for(request, pk)
    if request.method == "POST":
        primary = contact_for(request, _key(request.POST.get("into", "")))
        try:
            actions.merge(primary, duplicate, by=request.membership)
        except TwoIdentities as refusal:
            return _preview(request, duplicate, primary, refusal=refusal.detail, status=refusal.status)
        messages.success(request, _("%(name)s is one contact now.") % {"name": primary.display_name})
        return redirect("contact", request.workspace.slug, primary.pk)
    if chosen := request.GET.get("into", ""):
        return _preview(request, duplicate, contact_for(request, _key(chosen)))
    return _choice(request, duplicate)


def _choice(request: MemberRequest, duplicate: Contact) -> HttpResponse:
    words = clean_line(request.GET.get("q", ""))[:LONGEST_SEARCH]
    everybody = request.workspace.contacts.visible_to(request.membership).exclude(pk=duplicate.pk)
    # Before anything is asked: whoever typed the same address or number is most likely the same person.
    rows = everybody.matching(words) if words else everybody.alike(duplicate)
    found = listing.counted(request.membership, list(rows.last_seen_first()[:OFFERED]))
    context = {"contact": duplicate, "search": words, "lines": found, "tallies": listing.tallies}
    return render(request, "contacts/merge.html", context)


def _preview(
    request: MemberRequest, duplicate: Contact, primary: Contact, *, refusal: str = "", status: int = 200
) -> HttpResponse:
    if not refusal:
        try:
            actions.refuse_two_identities(primary, duplicate)
        except TwoIdentities as error:
            refusal = error.detail
    context = {
        "contact": duplicate,
        "primary": primary,
        "moves": listing.what_moves(request.membership, duplicate),
        "gaps": [(label, value) for label, value in _gaps(primary, duplicate) if value],
        "refusal": refusal,
        "moves_identity": duplicate.external_id if not primary.external_id else None,
    }
    return render(request, "contacts/merge_preview.html", context, status=status)


def _gaps(primary: Contact, duplicate: Contact) -> list[tuple[str, str]]:
    """What the one that stays does not know yet, or knows only from hearsay."""
    labels = {"name": _("Name"), "email": _("Email"), "phone": _("Phone"), "company": _("Company")}
    words = actions.words_of(primary, duplicate)
    return [(label, words[name] if words[name] != getattr(primary, name) else "") for name, label in labels.items()]


def _key(text: str) -> UUID:
    """What is no id is the id of nobody."""
    try:
        return UUID(text)
    except ValueError:
        return UUID(int=0)
