from __future__ import annotations

from uuid import UUID

from django.http import HttpResponse, JsonResponse
from django.utils import translation
from django.views.decorators.http import require_GET

from chat import history, partials, snapshots
from chat.models import Message
from chat.views.doors import conversation_for
from workspaces.decorators import MemberRequest, member
from workspaces.roles import Role


@require_GET
@member(Role.VIEWER)
def changes(request: MemberRequest, pk: UUID) -> HttpResponse:
    conversation = conversation_for(request, pk)
    language, workspace = translation.get_language() or "en", request.workspace

    def picture(row: Message) -> dict[str, object]:
        drawn = partials.message(snapshots.message(row, conversation), language, workspace.timezone, workspace.era)
        own = row.author_id == request.membership.pk
        client_id = str(row.client_id) if own else None
        return {"id": str(row.pk), "client_id": client_id, "position": row.position, "seq": row.seq, "html": drawn}

    question = history.wanted(request.GET)
    return JsonResponse(
        history.answer(conversation, conversation.messages.all(), question, public=False, picture=picture)
    )
