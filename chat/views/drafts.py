from __future__ import annotations

from typing import Any
from uuid import UUID

from django.http import JsonResponse
from django.views.decorators.http import require_POST

from chat import actions, frames, pace
from chat.bodies import json_body
from chat.models import Draft
from chat.views.doors import conversation_for
from workspaces.decorators import MemberRequest, member
from workspaces.models import Membership
from workspaces.roles import Role

FIELDS = {
    "note": frames.flag,
    "body": frames.text(frames.OPERATOR_LIMIT),
    "counter": frames.number,
    "mentions": frames.named,
}


@require_POST
@member(Role.OPERATOR)
def save(request: MemberRequest, pk: UUID) -> JsonResponse:
    """Answers with what is kept now: what was sent, or what another tab saved later."""
    conversation = conversation_for(request, pk)
    pace.members.spend(str(request.membership.pk))
    saved = actions.save_draft(conversation, by=request.membership, **frames.read(json_body(request), FIELDS))
    return JsonResponse({"saved": saved.is_saved, **picture(saved.draft)})


def begun(membership: Membership, conversation_id: UUID) -> dict[str, Any]:
    """For the composer of one conversation: `reply` and `note`, where there is any."""
    rows = membership.drafts.filter(conversation=conversation_id)
    return {"note" if row.note else "reply": picture(row) for row in rows}


def picture(row: Draft) -> dict[str, Any]:
    return {"body": row.body, "counter": row.counter, "mentions": row.mentions}
