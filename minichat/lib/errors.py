"""One family of errors with a sentence for people and a code for machines, and the middleware that answers them."""

from __future__ import annotations

import logging
from collections.abc import Callable
from typing import Any, ClassVar
from urllib.parse import urlsplit, urlunsplit

import structlog
from django.core.exceptions import RequestDataTooBig
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.template.loader import get_template, select_template
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

logger = logging.getLogger(__name__)


class MiniChatError(Exception):
    """Something we refuse. `detail` is a translated sentence; `fields` go into the answer for machines."""

    code: ClassVar[str] = "invalid"
    status: ClassVar[int] = 422
    message: ClassVar[str | Promise] = gettext_lazy("That did not work.")
    # A page of its own, where the sentence alone would leave people helpless. It is given `fields`.
    page: ClassVar[str] = ""

    def __init__(self, detail: str | Promise = "", *, retry_after: int | None = None, **fields: Any) -> None:
        # Lazy on purpose: it may be raised in a thread that does not know the reader's language.
        self.has_own_words = bool(detail)
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
    page = "errors/plan_limit.html"


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
        "request_id": _request_id(),
        **error.fields,
    }
    response = JsonResponse(body, status=error.status, content_type="application/problem+json")
    if error.retry_after is not None:
        response["Retry-After"] = str(error.retry_after)
    return response


def error_page(request: HttpRequest, status: int, detail: str = "") -> HttpResponse:
    """The page of `status`. A sentence of its own is shown in place of the general one."""
    own_page = [] if detail and status != RateLimited.status else [f"errors/{status}.html"]
    return _page(request, [*own_page, "errors/error.html"], status, detail)


def _page(request: HttpRequest, names: list[str], status: int, detail: str, **fields: Any) -> HttpResponse:
    context = {"detail": detail, "heading": _heading(status), "code": status, "request_id": _request_id(), **fields}
    if status == Unauthenticated.status:
        context["came_from"] = _came_from(request)
    return HttpResponse(select_template(names).render(context, request), status=status)


def _came_from(request: HttpRequest) -> str:
    """The page of ours on which somebody was when they asked: path and query, empty where that is not known. Signing in
    leads back there, also for who is quicker than the script."""
    if request.method == "GET":
        return request.get_full_path()
    try:
        page = urlsplit(request.headers.get("Referer", ""))
    except ValueError:  # whoever asks writes this header: it may be anything
        return ""
    if page.netloc != request.get_host():
        return ""
    return urlunsplit(("", "", f"/{page.path.lstrip('/')}", page.query, ""))  # two strokes would lead elsewhere


def answer(request: HttpRequest, error: MiniChatError) -> HttpResponse:
    if wants_json(request):
        return problem(error)
    if request.headers.get("HX-Request"):
        response = HttpResponse(error.detail, status=error.status, content_type="text/plain; charset=utf-8")
    elif error.page:
        response = _page(request, [error.page], error.status, error.detail, **error.fields)
    else:
        response = error_page(request, error.status, error.detail if error.has_own_words else "")
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


class BadRequest(MiniChatError):
    code, status = "invalid", 400
    message = gettext_lazy("This request cannot be read.")


class CsrfFailed(MiniChatError):
    code, status = "csrf_failed", 403
    message = gettext_lazy("This form has expired. Load the page again and send it once more.")


class Broken(MiniChatError):
    code, status = "internal", 500
    message = gettext_lazy("Something broke on our side. It has been written down.")


# --- Django's own refusals, in the same three shapes ----------------------------------------------------------------


def bad_request(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    if isinstance(exception, RequestDataTooBig):
        return answer(request, TooLarge())
    return answer(request, BadRequest())


def permission_denied(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    return answer(request, Forbidden())


def page_not_found(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    return answer(request, NotFound())


def too_many_requests(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    return answer(request, RateLimited(retry_after=60))


def csrf_failure(request: HttpRequest, reason: str = "") -> HttpResponse:
    """Not Django's page: it says nothing a person can act on."""
    if wants_json(request) or request.headers.get("HX-Request"):
        return answer(request, CsrfFailed())
    page = get_template("errors/403_csrf.html").render({"request_id": _request_id()}, request)
    return HttpResponse(page, status=403)


def server_error(request: HttpRequest) -> HttpResponse:
    """The page without the request's context: what broke may be the very thing that the context asks."""
    if wants_json(request) or request.headers.get("HX-Request"):
        return answer(request, Broken())
    try:
        page = get_template("errors/500.html").render({"request_id": _request_id()})
    except Exception:
        logger.exception("the page for errors is broken")
        page = str(Broken.message)
    return HttpResponse(page, status=500)


def _request_id() -> str | None:
    return structlog.contextvars.get_contextvars().get("request_id")


def _heading(status: int) -> str:
    return {
        401: _("Please sign in"),
        403: _("You may not do that"),
        409: _("Somebody else was quicker"),
        429: _("Too many attempts"),
        503: _("We are restarting"),
    }.get(status, _("That did not work"))
