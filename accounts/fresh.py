"""The door in front of what a session left open must not do: password, address, factors, export, closing (SR-17).

    @fresh
    def close(request): ...

    @member(Role.OWNER)
    @fresh
    def transfer(request): ...

Whoever has not proven within the last five minutes that they are still themselves is asked to, and comes back to where
they were; a form they had sent is taken up again.
"""

from __future__ import annotations

import functools
import time
from collections.abc import Callable
from typing import Any

from allauth.account import app_settings
from allauth.account.adapter import get_adapter
from allauth.account.internal.flows.login import get_authentication_records
from allauth.core.exceptions import ReauthenticationRequired
from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext_lazy as _

from accounts.pages import page, to_login
from minichat.lib.errors import MiniChatError

View = Callable[..., HttpResponse]


class NotFresh(MiniChatError):
    code, status = "reauthentication_required", 403
    message = _("Please confirm that it is you, then try again.")


def fresh(view: View) -> View:
    @functools.wraps(view)
    def wrapper(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        if not request.user.is_authenticated:
            return to_login(request)
        if not is_fresh(request):
            return ask(request)
        return page(view)(request, *args, **kwargs)

    return wrapper


def fresh_posts(view: View) -> View:
    """The page may be looked at; what it sends takes a fresh confirmation."""
    seen, sent = page(view), fresh(view)

    @functools.wraps(view)
    def wrapper(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        return (sent if request.method == "POST" else seen)(request, *args, **kwargs)

    return wrapper


def is_fresh(request: HttpRequest) -> bool:
    """Asked of the session alone. allauth lets pass whoever has neither password nor factor; they too are asked."""
    if not request.user.is_authenticated:
        return False
    confirmed = [
        record["at"] for record in get_authentication_records(request, request.user) if record.get("reauthenticated")
    ]
    return bool(confirmed) and time.time() - confirmed[-1] < app_settings.REAUTHENTICATION_TIMEOUT


def ask(request: HttpRequest) -> HttpResponse:
    """A page leads to the question. A script is told; htmx is sent there with the whole page."""
    if request.headers.get("HX-Request"):
        methods = get_adapter().get_reauthentication_methods(request.user)
        response = HttpResponse(status=204)
        response["HX-Redirect"] = f"{methods[0]['url']}?next={request.path}"
        return response
    if "json" in request.headers.get("Accept", ""):
        raise NotFresh
    raise ReauthenticationRequired
