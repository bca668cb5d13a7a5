"""The shop page of the demo: somebody else's site, as far as the widget can tell. Routed in local mode only.

It reads no session and sets no cookie, and it loads the widget from the other name of this machine, so that every
look at it is a cross-origin embed under a strict host policy.
"""

from __future__ import annotations

from urllib.parse import urlsplit

from csp.constants import NONE, SELF
from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.template.loader import render_to_string
from django.utils import translation
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from chat.demo.products import products
from chat.models import Inbox
from minichat.lib.errors import NotFound
from workspaces.models import Workspace

SHOP = "acme"


@never_cache
@require_safe
def demo_shop(request: HttpRequest) -> HttpResponse:
    language = _language(request)
    widget = _other_origin(request)
    with translation.override(language):
        inbox = _inbox()
        # Without the request: no context processor looks at the session.
        context = {"key": inbox.widget_key, "widget": widget, "lang": language, "products": products()}
        page = render_to_string("demo/shop.html", context)
    response = HttpResponse(page, headers={"Content-Language": language})
    response._csp_config = _policy(widget)  # type: ignore[attr-defined]
    return response


def _language(request: HttpRequest) -> str:
    chosen = request.GET.get("lang", "")
    return chosen if chosen in dict(settings.LANGUAGES) else translation.get_language_from_request(request)


def _other_origin(request: HttpRequest) -> str:
    here = urlsplit(f"{request.scheme}://{request.get_host()}")
    name = "127.0.0.1" if here.hostname == "localhost" else "localhost"
    return f"{here.scheme}://{name}:{here.port}" if here.port else f"{here.scheme}://{name}"


def demo_inbox() -> Inbox | None:
    workspace = Workspace.objects.filter(slug=SHOP).first()
    return workspace.inboxes.open().oldest_first().first() if workspace else None


def _inbox() -> Inbox:
    inbox = demo_inbox()
    if inbox is None:
        raise NotFound(_("The demo shop belongs to the demo data, and MiniChat was started without it."))
    return inbox


def _policy(widget: str) -> dict[str, list[str]]:
    """What the widget asks of a host page: its origin for the script and for the frame, nothing inline."""
    return {
        "default-src": [NONE],
        "script-src": [widget],
        "frame-src": [widget],
        "style-src": [SELF],
        "img-src": [SELF],
        "font-src": [SELF],
        "base-uri": [NONE],
        "form-action": [NONE],
        "frame-ancestors": [NONE],
        "require-trusted-types-for": ["'script'"],
    }
