"""What a request carries: a JSON object or a form."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest

from chat import frames
from minichat.lib.errors import Invalid, TooLarge, Unsupported


def is_json(request: HttpRequest) -> bool:
    return request.content_type == "application/json"


def sent(request: HttpRequest) -> dict[str, Any]:
    return json_body(request) if is_json(request) else request.POST.dict()


def json_body(request: HttpRequest) -> dict[str, Any]:
    """The JSON object in the body; raises what the caller should be told."""
    if not is_json(request):
        raise Unsupported
    if (
        int(request.headers.get("Content-Length") or 0) > frames.MAX_FRAME_BYTES
        or len(request.body) > frames.MAX_FRAME_BYTES
    ):
        raise TooLarge
    try:
        return frames.parse(request.body.decode())
    except (UnicodeDecodeError, frames.Malformed) as error:
        raise Invalid from error
