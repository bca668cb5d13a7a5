"""The visitor's second entrance: what a socket does, for when none opens. No cookie is read or set."""

from __future__ import annotations

import functools
from collections.abc import Callable
from uuid import UUID

from django.http import HttpRequest, HttpResponse, JsonResponse
from django.utils import translation
from django.views.decorators.cache import never_cache
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_GET, require_POST

from chat import actions, frames, history, pace, presence, sessions, snapshots
from chat.views.bodies import json_body
from chat.widget import access
from minichat.lib.errors import MiniChatError, problem
from minichat.lib.throttle import client_ip

View = Callable[..., HttpResponse]


def visitors_api(view: View) -> View:
    """Refusals as problem+json whatever was asked for; no CSRF token, because there is no cookie to abuse."""

    @csrf_exempt
    @never_cache
    @functools.wraps(view)
    def wrapper(request: HttpRequest, key: str, **kwargs: UUID) -> HttpResponse:
        with translation.override(frames.language(request.headers.get("Accept-Language"))):
            try:
                return view(request, key, **kwargs)
            except MiniChatError as error:
                return problem(error)

    return wrapper


@visitors_api
@require_POST
def create_visitor(request: HttpRequest, key: str) -> HttpResponse:
    values = frames.read(
        json_body(request), {"ticket": frames.line(1000), "lang": frames.language, "page": frames.page}
    )
    _visitor, token = sessions.start_visitor(
        key,
        ticket=values["ticket"],
        language=values["lang"],
        page=values["page"],
        user_agent=request.headers.get("User-Agent", ""),
        ip=client_ip(request),
    )
    return JsonResponse({"token": token}, status=201)


@visitors_api
@require_GET
def state(request: HttpRequest, key: str) -> HttpResponse:
    visitor = access.visitor_of(request, key)
    presence.visitor_seen(visitor)
    welcome = {
        "type": "welcome",
        "v": 1,
        "token": None,
        **sessions.state(visitor, sessions.newest_conversation(visitor)),
    }
    return _json(welcome)


@visitors_api
@require_POST
def create_message(request: HttpRequest, key: str) -> HttpResponse:
    visitor = access.visitor_of(request, key)
    pace.visitors.spend(visitor.sender_key)
    values = frames.read(
        json_body(request),
        {
            "client_id": frames.uuid,
            "body": frames.body(frames.VISITOR_LIMIT),
            "conversation": frames.optional(frames.uuid),
        },
    )
    posted = actions.post_visitor_message(
        visitor, body=values["body"], client_id=values["client_id"], conversation_id=values["conversation"]
    )
    return JsonResponse(posted.ack(public=True), status=200 if posted.is_repeat else 201)


@visitors_api
@require_GET
def changes(request: HttpRequest, key: str, pk: UUID) -> HttpResponse:
    visitor = access.visitor_of(request, key)
    presence.visitor_asked(visitor)
    conversation = sessions.conversation_of(visitor, pk)
    rows = conversation.messages.public()
    answer = history.answer(
        conversation, rows, history.wanted(request.GET), public=True, picture=snapshots.public_message
    )
    return _json(answer)


@visitors_api
@require_POST
def marks(request: HttpRequest, key: str, pk: UUID) -> HttpResponse:
    visitor = access.visitor_of(request, key)
    pace.visitors.spend(visitor.sender_key)
    values = frames.read(
        json_body(request), {"read": frames.optional(frames.number), "got": frames.optional(frames.number)}
    )
    sessions.mark(visitor, pk, got=values["got"] or 0, read=values["read"] or 0)
    return HttpResponse(status=204)


def _json(data: object) -> HttpResponse:
    return HttpResponse(snapshots.to_json(data), content_type="application/json")
