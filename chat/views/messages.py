from __future__ import annotations

from uuid import UUID

from django.http import HttpResponse, JsonResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_POST

from chat import actions, frames, pace
from chat.bodies import is_json, sent
from chat.views.doors import conversation_for
from chat.views.inbox import inbox_context
from chat.views.thread import thread_context
from minichat.lib.errors import Invalid, TooLong
from minichat.lib.ids import uuid7
from workspaces.decorators import MemberRequest, member
from workspaces.roles import Role

FIELDS = {
    # A plain form (no script) has no id of its own: it gets one, and a double click is two messages.
    "client_id": lambda value: frames.uuid(value) if value else uuid7(),
    "body": frames.body(frames.OPERATOR_LIMIT, empty=True),
    "attachments": frames.attachments,
    "note": frames.flag,
    "mentions": frames.uuids,
    "draft": frames.optional(frames.number),
    "quick_replies": frames.short_answers,
    "card": frames.card,
}


@require_POST
@member(Role.OPERATOR)
def create(request: MemberRequest, pk: UUID) -> HttpResponse:
    conversation = conversation_for(request, pk)
    pace.members.spend(str(request.membership.pk))
    try:
        posted = actions.post_operator_message(
            conversation, by=request.membership, **frames.read(sent(request), FIELDS)
        )
    except (Invalid, TooLong) as error:
        if is_json(request):
            raise
        text = {"text": request.POST.get("body", ""), "problem": error.detail}
        context = {**inbox_context(request), **thread_context(request, conversation), **text}
        return render(request, "chat/inbox.html", context, status=error.status)
    if is_json(request):
        return JsonResponse(posted.ack(public=False), status=200 if posted.is_repeat else 201)
    return redirect("thread", request.workspace.slug, pk)
