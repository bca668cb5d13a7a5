"""One family of errors with a sentence for people and a code for machines, and the middleware that answers them."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, ClassVar

import structlog
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import render
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy


class MiniChatError(Exception):
    """Something we refuse. `detail` is a translated sentence; `fields` go into the answer for machines."""

    code: ClassVar[str] = "invalid"
    status: ClassVar[int] = 422
    message: ClassVar[str | Promise] = gettext_lazy("That did not work.")

    def __init__(self, detail: str | Promise = "", *, retry_after: int | None = None, **fields: Any) -> None:
        # Lazy on purpose: it may be raised in a thread that does not know the reader's language.
        self._detail = detail or self.message
        self.retry_after = retry_after
        self.fields = fields
        super().__init__(self.code)

    @property
    def detail(self) -> str:
        return str(self._detail)


class Invalid(MiniChatError):
    pass


class TooLong(MiniChatError):
    code = "too_long"
    message = gettext_lazy("That text is too long.")


class Conflict(MiniChatError):
    code, status = "conflict", 409
    message = gettext_lazy("Somebody else was quicker.")


class Forbidden(MiniChatError):
    code, status = "forbidden", 403
    message = gettext_lazy("Your role does not allow that.")


class NotFound(MiniChatError):
    code, status = "not_found", 404
    message = gettext_lazy("There is nothing here.")


class Unauthenticated(MiniChatError):
    code, status = "unauthenticated", 401
    message = gettext_lazy("Please sign in first.")


class RateLimited(MiniChatError):
    code, status = "rate_limited", 429
    message = gettext_lazy("Too many attempts. Please wait a moment.")


class QuotaExceeded(MiniChatError):
    code, status = "quota_exceeded", 429
    message = gettext_lazy("This month's messages are used up.")


class PlanLimit(MiniChatError):
    code, status = "plan_limit", 403
    message = gettext_lazy("Your plan does not include more of these.")


class TooLarge(MiniChatError):
    code, status = "too_large", 413
    message = gettext_lazy("That is too large.")


class Unsupported(MiniChatError):
    code, status = "unsupported", 415
    message = gettext_lazy("This address expects JSON.")


class Unavailable(MiniChatError):
    code, status = "unavailable", 503
    message = gettext_lazy("We are restarting. Please try again in a moment.")


def wants_json(request: HttpRequest) -> bool:
    """Whether the caller is a machine: it sent JSON, or asked for it before HTML."""
    if request.content_type == "application/json":
        return True
    accept = request.headers.get("Accept", "")
    return "application/json" in accept and "text/html" not in accept


def problem(error: MiniChatError) -> JsonResponse:
    """The error as `application/problem+json` (RFC 9457) with our `code` and the request's id."""
    body = {
        "type": "about:blank",
        "title": str(error.message),
        "status": error.status,
        "code": error.code,
        "detail": error.detail,
        "request_id": structlog.contextvars.get_contextvars().get("request_id"),
        **error.fields,
    }
    response = JsonResponse(body, status=error.status, content_type="application/problem+json")
    if error.retry_after is not None:
        response["Retry-After"] = str(error.retry_after)
    return response


def error_page(request: HttpRequest, status: int, detail: str = "") -> HttpResponse:
    context = {"status": status, "detail": detail, "title": _titles().get(status, _("Something went wrong"))}
    return render(request, "errors/error.html", context, status=status)


def answer(request: HttpRequest, error: MiniChatError) -> HttpResponse:
    if wants_json(request):
        return problem(error)
    if request.headers.get("HX-Request"):
        return HttpResponse(error.detail, status=error.status, content_type="text/plain; charset=utf-8")
    response = error_page(request, error.status, error.detail)
    if error.retry_after is not None:
        response["Retry-After"] = str(error.retry_after)
    return response


class ErrorMiddleware:
    """Answers every `MiniChatError` raised by a view."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        return self.get_response(request)

    def process_exception(self, request: HttpRequest, exception: Exception) -> HttpResponse | None:
        return answer(request, exception) if isinstance(exception, MiniChatError) else None


def _titles() -> dict[int, str]:
    return {
        400: _("We could not read that request"),
        401: _("Please sign in"),
        403: _("You may not do that"),
        404: _("There is nothing here"),
        409: _("Somebody else was quicker"),
        413: _("That is too large"),
        422: _("That did not work"),
        429: _("Too many attempts"),
        500: _("Something went wrong on our side"),
        503: _("We are restarting"),
    }
