"""What every account page keeps to, whoever wrote the view."""

from __future__ import annotations

import functools
from collections.abc import Callable
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.utils.cache import add_never_cache_headers

from accounts.devices import leave_cookie

View = Callable[..., HttpResponse]


def page(view: View) -> View:
    """Not stored anywhere; a form that came back with errors says so in its status (422)."""

    @functools.wraps(view)
    def wrapper(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        response = view(request, *args, **kwargs)
        add_never_cache_headers(response)
        if response.status_code == 200 and has_errors(response):
            response.status_code = 422
        leave_cookie(request, response)
        return response

    return wrapper


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
