"""Blocking a visitor from their conversation, and the list of those who are blocked."""

from __future__ import annotations

from uuid import UUID

from django.contrib import messages
from django.db.models import QuerySet
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from chat import actions, audience, snapshots
from chat.models import Block
from chat.partials import readable
from chat.views.conversation import header
from chat.views.doors import conversation_for
from minichat.lib import keyset
from workspaces.decorators import MemberRequest, member
from workspaces.roles import Role

PAGE = 50
ORDER = ["-created_at", "-id"]


@require_POST
@member(Role.OPERATOR)
def block(request: MemberRequest, pk: UUID) -> HttpResponse:
    actions.block(conversation_for(request, pk), by=request.membership)
    return header(request, pk)


@require_POST
@member(Role.OPERATOR)
def unblock(request: MemberRequest, pk: UUID) -> HttpResponse:
    actions.unblock(conversation_for(request, pk).contact, by=request.membership)
    return header(request, pk)


@require_safe
@member(Role.OPERATOR)
def index(request: MemberRequest) -> HttpResponse:
    rows = _seen(request)
    page = keyset.page(rows, ORDER, after=request.GET.get("after", ""), size=PAGE)
    people = [{"row": row, **readable({"contact": snapshots.contact(row.contact)})} for row in page.rows]
    return render(request, "chat/blocked/list.html", {"people": people, "next": page.next})


@require_POST
@member(Role.OPERATOR)
def remove(request: MemberRequest, pk: UUID) -> HttpResponse:
    row = get_object_or_404(_seen(request), pk=pk)
    actions.unblock(row.contact, by=request.membership)
    messages.success(request, _("%(name)s can write again.") % {"name": row.contact.display_name})
    return redirect("blocked", request.workspace.slug)


def _seen(request: MemberRequest) -> QuerySet[Block]:
    """Of contacts that this member may see."""
    contacts = request.workspace.contacts.filter(audience.contacts_for(request.membership))
    return request.workspace.blocks.select_related("contact").filter(contact__in=contacts)
