"""What every account page keeps to, whoever wrote the view."""

from __future__ import annotations

import functools
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

from django.conf import settings
from django.contrib.auth.models import AnonymousUser
from django.contrib.auth.views import redirect_to_login
from django.http import HttpRequest, HttpResponse
from django.template.response import SimpleTemplateResponse
from django.utils import translation
from django.utils.cache import add_never_cache_headers

from accounts.devices import leave_cookie
from accounts.models import User
from accounts.provider import origins
from minichat.lib.errors import Unauthenticated
from minichat.lib.moments import told_in

View = Callable[..., HttpResponse]


class AccountRequest(HttpRequest):
    """What a view behind `@signed_in` is handed."""

    user: User


def page(view: View) -> View:
    """Not stored anywhere; a form that came back with errors says so in its status (422)."""

    @functools.wraps(view)
    def wrapper(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        with _read_by(request.user):
            response = view(request, *args, **kwargs)
            if isinstance(response, SimpleTemplateResponse):
                response.render()
        add_never_cache_headers(response)
        if response.status_code == 200 and has_errors(response):
            response.status_code = 422
        leave_cookie(request, response)
        _let_forms_lead_to(origins(), response)
        return response

    return wrapper


@contextmanager
def _read_by(user: User | AnonymousUser) -> Iterator[None]:
    """In the person's own language and time, like the pages of their workspaces."""
    language = getattr(user, "locale", "") or translation.get_language()
    zone = getattr(user, "timezone", "") or settings.TIME_ZONE
    with translation.override(language), told_in(zone):
        yield


def _let_forms_lead_to(goals: list[str], response: HttpResponse) -> None:
    """Browsers hold `form-action` against each redirect that a form causes, and any of these may lead to a provider."""
    if goals:
        response._csp_update = {"form-action": goals}  # type: ignore[attr-defined]


def signed_in(view: View) -> View:
    """A page of somebody's own account, in the manner of all others."""

    @functools.wraps(view)
    def wrapper(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        if not request.user.is_authenticated:
            return to_login(request)
        return page(view)(request, *args, **kwargs)

    return wrapper


def to_login(request: HttpRequest) -> HttpResponse:
    """A page opened by hand leads to sign-in; whatever a script or form asked for is answered 401."""
    if (
        request.method == "GET"
        and not request.headers.get("HX-Request")
        and "json" not in request.headers.get("Accept", "")
    ):
        return redirect_to_login(request.get_full_path())
    raise Unauthenticated


def token_page(view: View) -> View:
    """The token in the address goes no further than here (SR-41).

    The redirect that takes it out of the address tells the next page nothing. A page with a form says where it is to
    our own site only: under `no-referrer` a browser posts with `Origin: null`, and the CSRF check refuses that.
    """

    @functools.wraps(view)
    def wrapper(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        response = page(view)(request, *args, **kwargs)
        response["Referrer-Policy"] = "same-origin" if response.status_code in (200, 422) else "no-referrer"
        return response

    return wrapper


def has_errors(response: HttpResponse) -> bool:
    form = (getattr(response, "context_data", None) or {}).get("form")
    return form is not None and form.is_bound and not form.is_valid()
