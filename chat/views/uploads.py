"""Files of operators: received before their message, handed out link by link."""

from __future__ import annotations

from uuid import UUID

from django.http import HttpResponse, JsonResponse
from django.shortcuts import get_object_or_404, redirect
from django.views.decorators.http import require_GET, require_POST

from chat import actions, pace, shelf, snapshots
from chat.models import Attachment
from chat.views.doors import conversation_for
from chat.views.received import received
from minichat.lib.bodies import takes_files
from workspaces.decorators import MemberRequest, member
from workspaces.roles import Role


@takes_files
@require_POST
@member(Role.OPERATOR)
def create(request: MemberRequest, pk: UUID) -> HttpResponse:
    sender = actions.answering(request.membership, conversation_for(request, pk))
    pace.uploads.spend(sender.key)
    row, is_repeat = actions.upload(sender, **received(request))
    return JsonResponse(snapshots.team_file(row, request.workspace.slug), status=200 if is_repeat else 201)


@require_POST
@member(Role.OPERATOR)
def delete(request: MemberRequest, pk: UUID, upload: UUID) -> HttpResponse:
    actions.discard(actions.answering(request.membership, conversation_for(request, pk)), upload)
    return HttpResponse(status=204)


@require_GET
@member(Role.VIEWER)
def show(request: MemberRequest, pk: UUID, attachment: UUID) -> HttpResponse:
    """Asked each time, and each time another link: who loses the right has five minutes of what they saw (SR-47)."""
    rows = conversation_for(request, pk).attachments.shown_to(f"m:{request.membership.pk}")
    row: Attachment = get_object_or_404(rows, pk=attachment)
    is_thumb = "thumb" in request.GET and row.kind == Attachment.Kind.IMAGE
    return redirect(shelf.link(row, thumb=is_thumb))
