"""The link in a visitor's mail that ends such mails. No session, no cookie: the signed address is the right."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import translation
from django.views.decorators.cache import never_cache
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods

from chat import emails
from chat.actions import unseen
from contacts.models import Contact
from minichat.lib import throttle
from minichat.lib.errors import NotFound
from workspaces.access import active_workspace

WRONG_PER_QUARTER = 30


@csrf_exempt
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def stop_mail(request: HttpRequest, token: str) -> HttpResponse:
    """GET asks, because scanners open every link of a mail; POST does it, from the page or by one click (RFC 8058)."""
    network = throttle.client_ip(request)
    throttle.require_room("stop-mail", network, WRONG_PER_QUARTER, 15 * 60)
    try:
        contact = _contact(token)
    except NotFound:
        throttle.hit("stop-mail", network, WRONG_PER_QUARTER, 15 * 60)
        return _page(request, {}, status=404)
    if request.method == "POST":
        unseen.stop(contact)
    with translation.override(contact.language or None):
        return _page(request, {"workspace": contact.workspace, "is_done": request.method == "POST"})


def _contact(token: str) -> Contact:
    workspace_id, contact_id = emails.read_stop_token(token)
    contact = active_workspace(str(workspace_id)).contacts.select_related("workspace").filter(pk=contact_id).first()
    if contact is None:
        raise NotFound
    return contact


def _page(request: HttpRequest, context: dict[str, object], status: int = 200) -> HttpResponse:
    response = render(request, "chat/widget/stop_mail.html", context, status=status)
    # The address is a credential: no other site hears of it (SR-41).
    response["Referrer-Policy"] = "same-origin"
    return response
