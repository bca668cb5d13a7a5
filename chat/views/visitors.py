"""Live visitors: who is on the site now, and the first word to one of them."""

from __future__ import annotations

from datetime import timedelta
from typing import Any
from urllib.parse import urlsplit
from uuid import UUID

from django.db.models import Count, OuterRef, Subquery
from django.http import HttpResponse, JsonResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_GET, require_POST

from chat import actions, devices, frames, pace, partials, snapshots
from chat.bodies import json_body
from chat.models import Visitor
from minichat.lib import keyset
from workspaces.decorators import MemberRequest, member
from workspaces.roles import Role

# What one list shows; more are a page further.
MOST = 200
ORDER = ["-arrived_at", "-id"]
FIELDS = {"client_id": frames.uuid, "body": frames.body(frames.OPERATOR_LIMIT)}


@require_GET
@member(Role.VIEWER)
def index(request: MemberRequest) -> HttpResponse:
    name = "chat/_visitors.html" if request.headers.get("HX-Request") else "chat/visitors.html"
    return render(request, name, list_context(request))


@require_POST
@member(Role.OPERATOR)
def start(request: MemberRequest, pk: UUID) -> JsonResponse:
    """The first message. Answers with the `ack` and the address of the thread that it is in."""
    visitor = get_object_or_404(_visible(request).select_related("contact", "inbox__workspace"), pk=pk)
    pace.members.spend(str(request.membership.pk))
    words = frames.read(json_body(request), FIELDS)
    posted = actions.start_conversation(visitor, by=request.membership, **words)
    thread = reverse("thread", args=[request.workspace.slug, posted.message.conversation_id])
    return JsonResponse({"url": thread, **posted.ack(public=False)}, status=200 if posted.is_repeat else 201)


def list_context(request: MemberRequest) -> dict[str, Any]:
    theirs = request.workspace.conversations.visible_to(request.membership).filter(visitor=OuterRef("pk"))
    online = _visible(request).online().select_related("contact", "inbox")
    online = online.annotate(talks=Count("conversations"), latest=Subquery(theirs.order_by("-number").values("pk")[:1]))
    page = keyset.page(online, ORDER, after=request.GET.get("before", ""), size=MOST)
    return {
        "visitors": [_picture(row) for row in page.rows],
        "next_cursor": page.next,
        "can_reply": request.membership.can_reply() and not request.workspace.is_suspended,
        "limit": frames.OPERATOR_LIMIT,
    }


def _visible(request: MemberRequest) -> Any:
    return request.workspace.visitors.visible_to(request.membership)


def _picture(row: Visitor) -> dict[str, Any]:
    contact = partials.readable({"contact": snapshots.contact(row.contact)})["contact"]
    return {
        "id": str(row.pk),
        "contact": {**contact, "email": row.contact.email},
        "page": {"url": row.page_url, "title": row.page_title, "path": partials.path_of(row.page_url)},
        "arrived_at": row.arrived_at,
        "on_site": _clock(timezone.now() - row.arrived_at) if row.arrived_at else "",
        "source": urlsplit(row.referrer).hostname or "",
        "language": partials.language_name(row.language),
        "device": devices.device(row.user_agent),
        "browser": devices.browser(row.user_agent),
        "talks": row.talks,  # type: ignore[attr-defined]
        "latest": row.latest,  # type: ignore[attr-defined]
        "inbox": row.inbox.name,
        "blocked": row.blocked_at is not None,
    }


def _clock(age: timedelta) -> str:
    minutes, seconds = divmod(max(0, int(age.total_seconds())), 60)
    hours, minutes = divmod(minutes, 60)
    return f"{hours}:{minutes:02}:{seconds:02}" if hours else f"{minutes}:{seconds:02}"
