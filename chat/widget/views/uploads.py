"""Files of visitors. A frame has no cookie and a picture cannot send a credential, so links are asked for by bearer."""

from __future__ import annotations

from uuid import UUID

from django.http import HttpRequest, HttpResponse, JsonResponse
from django.views.decorators.http import require_GET, require_POST

from chat import actions, pace, snapshots
from chat.views.received import received
from chat.widget import access
from chat.widget.views.api import visitors_api
from minichat.lib.bodies import takes_files
from minichat.lib.errors import NotFound
from minichat.lib.throttle import client_ip, hit

# Per network: an office shares an address, a robot has many credentials behind one.
UPLOADS_PER_NETWORK, NETWORK_SECONDS = 200, 600


@takes_files
@visitors_api
@require_POST
def create(request: HttpRequest, key: str) -> HttpResponse:
    sender = actions.visiting(access.visitor_of(request, key))
    pace.uploads.spend(sender.key)
    hit("uploads", client_ip(request), UPLOADS_PER_NETWORK, NETWORK_SECONDS)
    row, is_repeat = actions.upload(sender, **received(request))
    return JsonResponse(snapshots.public_file(row), status=200 if is_repeat else 201)


@visitors_api
@require_POST
def delete(request: HttpRequest, key: str, pk: UUID) -> HttpResponse:
    actions.discard(actions.visiting(access.visitor_of(request, key)), pk)
    return HttpResponse(status=204)


@visitors_api
@require_GET
def show(request: HttpRequest, key: str, pk: UUID) -> HttpResponse:
    """Fresh links for a file of one's own conversations, or of an upload of one's own: never for one of a note."""
    visitor = access.visitor_of(request, key)
    row = visitor.workspace.attachments.visible_to_visitor(visitor).filter(pk=pk).first()
    if row is None:
        raise NotFound
    return JsonResponse(snapshots.public_file(row))
