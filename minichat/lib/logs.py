"""Structured logs: a request id on every line, whole secrets masked, never a body, an address or a key."""

from __future__ import annotations

import re
import uuid
from collections.abc import Mapping, MutableMapping
from typing import Any

import structlog
from django.http import HttpRequest
from django_structlog.middlewares import RequestMiddleware

SECRET_NAME = re.compile(
    r"pass(word|wd)?|secret|token|api_?key|authorization|cookie|\bpin\b|card|ticket|credential", re.IGNORECASE
)
MASK = "[masked]"
# Long enough for every tracing system, and nothing in it can break a line or a header.
SANE_REQUEST_ID = re.compile(r"[A-Za-z0-9._-]{8,64}")
# Parts of an address that open something: a password reset, for example.
SECRET_PARTS = {"key", "token", "code", "ticket"}
PUBLIC_KEY = "wk_"

# Secrets are found by what they look like, whatever the sentence around them.
SECRETS_IN_TEXT = [
    (re.compile(r"\bv1\.[\w-]+\.[\w-]{20,}"), MASK),  # a visitor's credential
    (re.compile(r"\bmc_\w{8,}"), MASK),  # an API key
    (re.compile(r"(?i)\b(bearer|basic)\s+[\w.~+/=-]{8,}"), MASK),
    (re.compile(r"\w+://[^\s/:@]*:[^\s/@]+@"), "[masked]@"),  # the password in a URL
    (re.compile(r"[\w.+-]+@[\w-]+(\.[\w-]+)+"), "[address]"),
]


def mask(data: Mapping[str, Any]) -> dict[str, Any]:
    """A copy of `data` in which the whole value of everything that sounds like a secret is hidden."""
    return {key: MASK if SECRET_NAME.search(key) else _inner(value) for key, value in data.items()}


def _inner(value: Any) -> Any:
    if isinstance(value, Mapping):
        return mask(value)
    if isinstance(value, (list, tuple)):
        return [_inner(item) for item in value]
    return value


def mask_text(text: str) -> str:
    for pattern, replacement in SECRETS_IN_TEXT:
        text = pattern.sub(replacement, text)
    return text


def mask_event(logger: Any, method: str, event: MutableMapping[str, Any]) -> Mapping[str, Any]:
    """structlog processor, the last before the line is written: names first, then what texts and tracebacks contain."""
    return {key: _masked_text(value) for key, value in mask(event).items()}


def _masked_text(value: Any) -> Any:
    if value is None or isinstance(value, (bool, int, float)):
        return value
    if isinstance(value, Mapping):
        return {key: _masked_text(inner) for key, inner in value.items()}
    if isinstance(value, (list, tuple)):
        return [_masked_text(inner) for inner in value]
    # Whatever else is logged becomes text here, not in the renderer, which masks nothing.
    return mask_text(str(value))


def request_id_of(offered: bytes | str) -> str:
    """The caller's id for its request when it is a sane one, else a new one."""
    text = offered.decode("latin-1") if isinstance(offered, bytes) else offered
    return text if SANE_REQUEST_ID.fullmatch(text) else str(uuid.uuid4())


class RequestLog(RequestMiddleware):
    """One line per request, with its id; the id goes back in the answer and on into tasks.

    The parent looks the user up for its line, which would read the session on every page, and logs query strings.
    """

    def __call__(self, request: HttpRequest) -> Any:
        request.META["HTTP_X_REQUEST_ID"] = request_id_of(request.META.get("HTTP_X_REQUEST_ID", ""))
        request.__dict__.pop("headers", None)  # cached from META
        response: Any = super().__call__(request)
        response["X-Request-ID"] = request.META["HTTP_X_REQUEST_ID"]
        return response

    @staticmethod
    def format_request(request: HttpRequest) -> str:
        return f"{request.method} {loggable_path(request)}"

    @staticmethod
    def bind_user_id(request: HttpRequest) -> None:
        """Ids of whom the request has already met; never the reason for a query."""
        user = getattr(request, "_cached_user", None)
        workspace = getattr(request, "workspace", None)
        if user is not None and user.pk is not None:
            structlog.contextvars.bind_contextvars(user_id=str(user.pk))
        if workspace is not None:
            structlog.contextvars.bind_contextvars(workspace_id=str(workspace.pk))


def loggable_path(request: HttpRequest) -> str:
    """The path without its query, and without the parts that open something."""
    path = request.path
    match = request.resolver_match
    for name, value in (match.kwargs if match else {}).items():
        if name in SECRET_PARTS and not str(value).startswith(PUBLIC_KEY):
            path = path.replace(str(value), MASK)
    return path


def quiet_probes(logger: Any, method: str, event: MutableMapping[str, Any]) -> Mapping[str, Any]:
    """structlog processor: static files and the like are not worth a line."""
    if str(event.get("request", "")).startswith("GET /static/"):
        raise structlog.DropEvent
    return event


def logging_config(*, level: str, as_json: bool) -> dict[str, Any]:
    """Django's LOGGING: whoever logs, ours or a library, ends in the same processors and on standard output."""
    shared: list[Any] = [
        structlog.contextvars.merge_contextvars,
        structlog.stdlib.add_log_level,
        structlog.stdlib.add_logger_name,
        structlog.stdlib.PositionalArgumentsFormatter(),
        structlog.processors.TimeStamper(fmt="iso", utc=True),
        structlog.processors.StackInfoRenderer(),
    ]
    structlog.configure(
        processors=[*shared, quiet_probes, structlog.stdlib.ProcessorFormatter.wrap_for_formatter],
        logger_factory=structlog.stdlib.LoggerFactory(),
        wrapper_class=structlog.stdlib.BoundLogger,
        cache_logger_on_first_use=True,
    )
    return {
        "version": 1,
        "disable_existing_loggers": False,
        "formatters": {
            "line": {
                "()": structlog.stdlib.ProcessorFormatter,
                # Not the extras: Django puts the request itself there, with its query.
                "foreign_pre_chain": shared,
                "processors": [
                    structlog.stdlib.ProcessorFormatter.remove_processors_meta,
                    structlog.processors.format_exc_info,
                    mask_event,
                    _renderer(as_json),
                ],
            }
        },
        "handlers": {"stdout": {"class": "logging.StreamHandler", "formatter": "line", "stream": "ext://sys.stdout"}},
        "root": {"handlers": ["stdout"], "level": level},
        "loggers": {
            "django": {"handlers": [], "level": level, "propagate": True},
            # Each request has its line, and each exception its traceback, in RequestLog.
            "django.request": {"level": "CRITICAL"},
            "django.server": {"handlers": [], "propagate": True},
            "daphne": {"level": "WARNING"},
            "celery": {"level": "WARNING"},
            "kombu": {"level": "ERROR"},
        },
    }


def _renderer(as_json: bool) -> Any:
    if as_json:
        return structlog.processors.JSONRenderer(ensure_ascii=False)
    # Tracebacks are text by then, so that secrets in them are masked as well.
    return structlog.dev.ConsoleRenderer(colors=False, exception_formatter=structlog.dev.plain_traceback)
