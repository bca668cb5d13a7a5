"""The verbs of a thread's header. Each answers with the header as it is now, or with the thread for a plain form."""

from __future__ import annotations

from uuid import UUID

from django import forms
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_POST

from chat import actions, frames
from chat.models import Conversation
from chat.views.bodies import sent
from chat.views.doors import conversation_for
from chat.views.inbox import member_context
from chat.views.thread import head_of
from minichat.lib.errors import Invalid
from workspaces.decorators import MemberRequest, member
from workspaces.forms import PlainWorkspaceForm
from workspaces.models import Membership
from workspaces.roles import Role


class AssignForm(PlainWorkspaceForm):
    """Who gets it: a member of this workspace who may reply, or nobody."""

    assignee = forms.ModelChoiceField(
        Membership.unscoped.filter(deactivated_at=None).exclude(role=Role.VIEWER), required=False
    )


@require_POST
@member(Role.OPERATOR)
def assign(request: MemberRequest, pk: UUID) -> HttpResponse:
    conversation = conversation_for(request, pk)
    form = AssignForm(request.POST, workspace=request.workspace)
    if not form.is_valid():
        raise Invalid(str(form.errors["assignee"][0]))
    actions.assign(conversation, assignee=form.cleaned_data["assignee"], by=request.membership)
    return _header(request, pk)


@require_POST
@member(Role.OPERATOR)
def take_over(request: MemberRequest, pk: UUID) -> HttpResponse:
    actions.take_over(conversation_for(request, pk), by=request.membership)
    return _header(request, pk)


@require_POST
@member(Role.OPERATOR)
def resolve(request: MemberRequest, pk: UUID) -> HttpResponse:
    actions.resolve(conversation_for(request, pk), by=request.membership)
    return _header(request, pk)


@require_POST
@member(Role.OPERATOR)
def reopen(request: MemberRequest, pk: UUID) -> HttpResponse:
    actions.reopen(conversation_for(request, pk), by=request.membership)
    return _header(request, pk)


@require_POST
@member(Role.VIEWER, while_suspended=True)
def marks(request: MemberRequest, pk: UUID) -> HttpResponse:
    conversation = conversation_for(request, pk)
    position = frames.read(sent(request), {"read": frames.number})["read"]
    actions.mark_read(conversation, by=request.membership, position=position)
    return HttpResponse(status=204)


def _header(request: MemberRequest, pk: UUID) -> HttpResponse:
    if not request.headers.get("HX-Request"):
        return redirect("thread", request.workspace.slug, pk)
    conversation: Conversation = conversation_for(request, pk)
    context = {"head": head_of(request, conversation), **member_context(request)}
    return render(request, "chat/_head.html", context)
