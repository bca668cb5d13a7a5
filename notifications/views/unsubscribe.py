"""The link in a mail that ends such mails. No session, no cookie, no CSRF token: the signed address is the right."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import translation
from django.views.decorators.cache import never_cache
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods

from minichat.lib import throttle
from minichat.lib.errors import NotFound
from notifications import actions, unsubscribe
from notifications.mails import language_of

# Only wrong ones count: a mail provider posts for all its customers from a few addresses.
WRONG_PER_QUARTER = 30


@csrf_exempt
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def show(request: HttpRequest, token: str) -> HttpResponse:
    """GET asks, because scanners open every link of a mail; POST does it, from the page or by one click (RFC 8058)."""
    network = throttle.client_ip(request)
    throttle.require_room("unsubscribe", network, WRONG_PER_QUARTER, 15 * 60)
    try:
        membership, kinds = unsubscribe.read(token)
    except NotFound:
        throttle.hit("unsubscribe", network, WRONG_PER_QUARTER, 15 * 60)
        return _private(render(request, "notifications/unsubscribe_dead.html", status=404))
    if request.method == "POST":
        actions.turn_off_mail(membership, kinds)
    with translation.override(language_of(membership)):
        context = {"workspace": membership.workspace, "kinds": kinds, "is_done": request.method == "POST"}
        return _private(render(request, "notifications/unsubscribe.html", context))


def _private(response: HttpResponse) -> HttpResponse:
    """The address is a credential: no other site hears of it (SR-41). Under `no-referrer` the page's own forms would
    post with `Origin: null`, and the language switch would be refused."""
    response["Referrer-Policy"] = "same-origin"
    return response
