"""The visitor asks for a conversation by mail, and proves the address that it goes to."""

from __future__ import annotations

import hashlib
from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.views.decorators.http import require_POST

from accounts.addresses import normalise
from chat import actions, frames, pace, sessions
from chat.bodies import json_body
from chat.models import Visitor
from chat.widget import access
from chat.widget.views.api import visitors_api
from minichat.lib.errors import RateLimited
from minichat.lib.throttle import client_ip, hit

HOUR, DAY = 3600, 24 * 3600
TRANSCRIPTS_PER_HOUR = 6
# A mailbox that somebody else's address stands for is not flooded: not from one chat, one network, or one workspace.
CODES_PER_VISITOR, CODES_PER_NETWORK, CODES_PER_WORKSPACE, CODES_PER_ADDRESS = 5, 20, 300, 5
PROOFS_PER_HOUR = 25


@visitors_api
@require_POST
def create(request: HttpRequest, key: str, pk: UUID) -> HttpResponse:
    visitor = _visitor(request, key)
    conversation = sessions.conversation_of(visitor, pk)
    frames.read(json_body(request), {})
    hit("transcript", visitor.sender_key, TRANSCRIPTS_PER_HOUR, HOUR)
    actions.mail_transcript(conversation)
    return HttpResponse(status=204)


@visitors_api
@require_POST
def address(request: HttpRequest, key: str) -> HttpResponse:
    """A code to the address. The answer is the same whatever we know of it, and however often it was asked for."""
    visitor = _visitor(request, key)
    email = frames.read(json_body(request), {"email": frames.email})["email"]
    hit("address-code", visitor.sender_key, CODES_PER_VISITOR, HOUR)
    hit("address-code-network", client_ip(request), CODES_PER_NETWORK, HOUR)
    hit("address-code-workspace", str(visitor.workspace_id), CODES_PER_WORKSPACE, DAY)
    actions.ask_proof(visitor, email=email, mails=_has_room(email))
    return HttpResponse(status=204)


@visitors_api
@require_POST
def proof(request: HttpRequest, key: str) -> HttpResponse:
    visitor = _visitor(request, key)
    code = frames.read(json_body(request), {"code": frames.line(12)})["code"]
    hit("address-proof", visitor.sender_key, PROOFS_PER_HOUR, HOUR)
    actions.prove(visitor, code=code)
    return HttpResponse(status=204)


def _visitor(request: HttpRequest, key: str) -> Visitor:
    visitor = access.visitor_of(request, key)
    pace.visitors.spend(visitor.sender_key)
    return visitor


def _has_room(email: str) -> bool:
    """A mailbox gets a few codes a day. A refusal would say that others have asked for it: then nothing is mailed."""
    try:
        hit("address-code-mailbox", hashlib.sha256(normalise(email).encode()).hexdigest(), CODES_PER_ADDRESS, DAY)
    except RateLimited:
        return False
    return True
