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

from chat import actions, frames, history, own, pace, presence, sessions, snapshots
from chat.bodies import json_body
from chat.identity import IdentityRequired
from chat.widget import access, credentials
from minichat.lib.errors import MiniChatError, QuotaExceeded, problem
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
        json_body(request),
        {
            "ticket": frames.line(1000),
            "lang": frames.language,
            "page": frames.page,
            "timezone": frames.zone,
            "identity": frames.optional(frames.signed),
        },
    )
    session = sessions.begin(
        key,
        token=None,
        signed=values["identity"],
        ticket=values["ticket"],
        language=values["lang"],
        page=values["page"],
        user_agent=request.headers.get("User-Agent", ""),
        ip=client_ip(request),
        zone=values["timezone"],
    )
    refused = session.refusal and session.refusal.code
    return JsonResponse({"token": session.issued, "refused": refused}, status=201)


@visitors_api
@require_GET
def state(request: HttpRequest, key: str) -> HttpResponse:
    visitor = access.visitor_of(request, key)
    presence.visitor_asked(visitor)
    token = credentials.renew(visitor)
    return _json({"type": "welcome", "v": 1, "token": token, "other": False, **sessions.state(visitor)})


@visitors_api
@require_POST
def create_message(request: HttpRequest, key: str) -> HttpResponse:
    visitor = access.visitor_of(request, key)
    pace.visitors.spend(visitor.sender_key)
    values = frames.read(
        json_body(request),
        {
            "client_id": frames.uuid,
            "body": frames.body(frames.VISITOR_LIMIT, empty=True),
            "attachments": frames.attachments,
            "conversation": frames.optional(frames.uuid),
            "fresh": frames.flag,
        },
    )
    try:
        posted = actions.post_visitor_message(
            visitor,
            body=values["body"],
            client_id=values["client_id"],
            conversation_id=values["conversation"],
            attachments=values["attachments"],
            fresh=values["fresh"],
        )
    except QuotaExceeded as error:
        raise sessions.with_form(error, visitor) from error
    return JsonResponse(posted.ack(public=True), status=200 if posted.is_repeat else 201)


@visitors_api
@require_POST
def fill_form(request: HttpRequest, key: str) -> HttpResponse:
    visitor = access.visitor_of(request, key)
    pace.visitors.spend(visitor.sender_key)
    answer = sessions.fill_form(visitor, frames.read(json_body(request), sessions.FORM_FIELDS))
    return HttpResponse(snapshots.to_json(answer), content_type="application/json", status=201)


@visitors_api
@require_GET
def conversations(request: HttpRequest, key: str) -> HttpResponse:
    """The visitor's own, newest first."""
    visitor = access.visitor_of(request, key)
    return _json(own.page(visitor, after=request.GET.get("before", "")))


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


@visitors_api
@require_POST
def rating(request: HttpRequest, key: str, pk: UUID) -> HttpResponse:
    visitor = access.visitor_of(request, key)
    pace.visitors.spend(visitor.sender_key)
    values = frames.read(json_body(request), {"rating": frames.stars, "comment": frames.line(500)})
    actions.rate(visitor, sessions.conversation_of(visitor, pk), **values)
    return HttpResponse(status=204)


@visitors_api
@require_POST
def identify(request: HttpRequest, key: str) -> HttpResponse:
    visitor = access.holder_of(key, access.token_of(request))
    pace.visitors.spend(visitor.sender_key)
    values = frames.read(json_body(request), sessions.IDENTIFY)
    session = sessions.Session(visitor, None)
    if values["identity"]:
        session = sessions.identify(visitor, values["identity"])
    if not access.is_admitted(session.visitor.inbox, session.visitor):
        raise IdentityRequired
    if values["traits"]:
        sessions.describe(session.visitor, values["traits"])
    return JsonResponse(session.told())


@visitors_api
@require_POST
def update(request: HttpRequest, key: str) -> HttpResponse:
    visitor = access.visitor_of(request, key)
    pace.visitors.spend(visitor.sender_key)
    actions.describe_visitor(visitor, **frames.read(json_body(request), sessions.UPDATE))
    return HttpResponse(status=204)


@visitors_api
@require_POST
def track(request: HttpRequest, key: str) -> HttpResponse:
    visitor = access.visitor_of(request, key)
    pace.visitors.spend(visitor.sender_key)
    values = frames.read(json_body(request), sessions.TRACK)
    actions.track(visitor, name=values["name"], data=values["data"] or {})
    return HttpResponse(status=204)


@visitors_api
@require_POST
def reset(request: HttpRequest, key: str) -> HttpResponse:
    """Signed out of the page: what this browser showed opens nothing any more."""
    credentials.end(access.holder_of(key, access.token_of(request)))
    return HttpResponse(status=204)


def _json(data: object) -> HttpResponse:
    return HttpResponse(snapshots.to_json(data), content_type="application/json")
