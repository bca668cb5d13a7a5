"""The verbs of a thread's header. Each answers with the header as it is now, or with the thread for a plain form."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django import forms
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_POST

from chat import actions, frames
from chat.bodies import sent
from chat.models import Conversation
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
    # Who had it on the screen from which it is given away.
    was = forms.UUIDField(required=False)


@require_POST
@member(Role.OPERATOR)
def assign(request: MemberRequest, pk: UUID) -> HttpResponse:
    conversation = conversation_for(request, pk)
    form = AssignForm(request.POST, workspace=request.workspace)
    if not form.is_valid():
        raise Invalid(str(form.errors["assignee"][0]))
    assignee = form.cleaned_data["assignee"]
    was = form.cleaned_data["was"]
    seen = {"seen": str(was) if was else None} if "was" in request.POST else {}
    return _done(request, conversation, "assign", assignee=str(assignee.pk) if assignee else None, alone=True, **seen)


@require_POST
@member(Role.OPERATOR)
def take_over(request: MemberRequest, pk: UUID) -> HttpResponse:
    actions.take_over(conversation_for(request, pk), by=request.membership)
    return header(request, pk)


@require_POST
@member(Role.OPERATOR)
def hand_back(request: MemberRequest, pk: UUID) -> HttpResponse:
    actions.hand_back(conversation_for(request, pk), by=request.membership)
    return header(request, pk)


@require_POST
@member(Role.OPERATOR)
def resolve(request: MemberRequest, pk: UUID) -> HttpResponse:
    return _done(request, conversation_for(request, pk), "close")


@require_POST
@member(Role.OPERATOR)
def reopen(request: MemberRequest, pk: UUID) -> HttpResponse:
    return _done(request, conversation_for(request, pk), "open")


@require_POST
@member(Role.VIEWER, while_suspended=True)
def marks(request: MemberRequest, pk: UUID) -> HttpResponse:
    conversation = conversation_for(request, pk)
    position = frames.read(sent(request), {"read": frames.number})["read"]
    actions.mark_read(conversation, by=request.membership, position=position)
    return HttpResponse(status=204)


def _done(request: MemberRequest, conversation: Conversation, verb: str, **params: Any) -> HttpResponse:
    """Do it, and name the act, so that it can be taken back."""
    act = actions.perform(request.membership, verb, params, [conversation.pk])
    response = header(request, conversation.pk)
    if act.changed:
        response["X-Act"] = f"{verb} {act.pk}"
    return response


def header(request: MemberRequest, pk: UUID) -> HttpResponse:
    if not request.headers.get("HX-Request"):
        return redirect("thread", request.workspace.slug, pk)
    conversation: Conversation = conversation_for(request, pk)
    context = {"head": head_of(conversation), **member_context(request)}
    return render(request, "chat/_head.html", context)
