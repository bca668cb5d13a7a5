"""The colleagues of one conversation: whom it can be given to, and who can be named in a note about it."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.db.models import QuerySet
from django.http import JsonResponse
from django.utils import timezone
from django.views.decorators.http import require_GET

from chat import snapshots
from chat.models import Conversation
from chat.models.presence import PRESENCE_TTL
from chat.views.doors import conversation_for
from minichat.lib.text import clean_line
from workspaces.decorators import MemberRequest, member
from workspaces.finding import matching
from workspaces.models import Membership
from workspaces.roles import Role

# What a list shows; the rest is found by typing.
MOST = 50


@require_GET
@member(Role.OPERATOR)
def index(request: MemberRequest, pk: UUID) -> JsonResponse:
    """`to=assign`: who may answer; `to=mention`: everybody else who may read it. `q` are words of the name."""
    rows = _asked_for(request, conversation_for(request, pk))
    found = list(rows.order_by("user__name", "pk").select_related("user", "presence")[: MOST + 1])
    return JsonResponse({"rows": [_person(row) for row in found[:MOST]], "more": len(found) > MOST})


def _asked_for(request: MemberRequest, conversation: Conversation) -> QuerySet[Membership]:
    words = clean_line(request.GET.get("q", "")[:100]).split()
    rows = conversation.readers().filter(matching(words, "user__name", "user__email"), user__is_active=True)
    if request.GET.get("to") == "mention":
        return rows.exclude(pk=request.membership.pk)
    return rows.exclude(role=Role.VIEWER)


def _person(row: Membership) -> dict[str, Any]:
    presence = getattr(row, "presence", None)
    seen_at = presence and presence.seen_at
    online = seen_at is not None and timezone.now() - seen_at < PRESENCE_TTL
    return {**snapshots.person(row.pk, row.name, row.avatar), "online": online}
