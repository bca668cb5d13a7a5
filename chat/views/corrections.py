"""Edit and delete. The answer is the row as the thread draws it; everybody else hears of it over the socket."""

from __future__ import annotations

from uuid import UUID

from django.http import JsonResponse
from django.views.decorators.http import require_POST

from chat import actions, frames, pace
from chat.bodies import sent
from chat.models import Message
from chat.views.changes import drawn
from chat.views.doors import message_for
from workspaces.decorators import MemberRequest, member
from workspaces.roles import Role

FIELDS = {"body": frames.body(frames.OPERATOR_LIMIT), "mentions": frames.uuids}


@require_POST
@member(Role.OPERATOR)
def edit(request: MemberRequest, pk: UUID, message: UUID) -> JsonResponse:
    row = message_for(request, pk, message)
    pace.members.spend(str(request.membership.pk))
    changed = actions.edit_message(row, by=request.membership, **frames.read(sent(request), FIELDS))
    return _answer(request, changed)


@require_POST
@member(Role.OPERATOR)
def delete(request: MemberRequest, pk: UUID, message: UUID) -> JsonResponse:
    row = message_for(request, pk, message)
    pace.members.spend(str(request.membership.pk))
    return _answer(request, actions.delete_message(row, by=request.membership))


def _answer(request: MemberRequest, row: Message) -> JsonResponse:
    return JsonResponse(drawn(request, row, row.conversation))
