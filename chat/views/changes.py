from __future__ import annotations

from functools import partial
from typing import Any
from uuid import UUID

from django.http import HttpResponse, JsonResponse
from django.utils import translation
from django.views.decorators.http import require_GET

from chat import history, partials, snapshots
from chat.models import Conversation, Message
from chat.views.doors import conversation_for
from workspaces.decorators import MemberRequest, member
from workspaces.roles import Role


@require_GET
@member(Role.VIEWER)
def changes(request: MemberRequest, pk: UUID) -> HttpResponse:
    conversation = conversation_for(request, pk)
    question = history.wanted(request.GET)
    picture = partial(drawn, request, of=conversation)
    return JsonResponse(
        history.answer(conversation, conversation.messages.all(), question, public=False, picture=picture)
    )


def drawn(request: MemberRequest, row: Message, of: Conversation) -> dict[str, Any]:
    """A row as HTML in the member's language, with the numbers that say where it belongs."""
    workspace = request.workspace
    language = translation.get_language() or "en"
    html = partials.message(snapshots.message(row, of), language, workspace.timezone, workspace.era)
    client_id = str(row.client_id) if row.author_id == request.membership.pk else None
    return {"id": str(row.pk), "client_id": client_id, "position": row.position, "seq": row.seq, "html": html}
