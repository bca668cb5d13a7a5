"""What comes out again. No session is looked at here: the address is the credential (SR-35, SR-47)."""

from __future__ import annotations

from pathlib import PurePosixPath

from django.core.exceptions import SuspiciousFileOperation
from django.core.files.storage import default_storage
from django.http import HttpRequest, HttpResponse
from django.utils.http import content_disposition_header
from django.views.decorators.http import require_safe

from minichat.lib.errors import NotFound
from minichat.lib.files import links, names
from minichat.lib.files.pictures import CONTENT_TYPE
from minichat.lib.files.shelves import Shelf, shelves

# Opened by itself, a file runs nothing, loads nothing and sits in nobody's frame.
POLICY = "sandbox; default-src 'none'; frame-ancestors 'none'"
YEAR = 365 * 24 * 60 * 60


@require_safe
def picture(request: HttpRequest, shelf: str, key: str, size: int) -> HttpResponse:
    """A face or a logo. Its address cannot be guessed and never shows anything else, so it may be kept for ever."""
    found = shelves.get(shelf)
    data = found.read(key, size) if isinstance(found, Shelf) else None
    if data is None:
        raise NotFound
    response = _served(data, CONTENT_TYPE)
    response["Cache-Control"] = f"public, max-age={YEAR}, immutable"
    # Customers' pages may show it too.
    response["Cross-Origin-Resource-Policy"] = "cross-origin"
    return response


@require_safe
def file(request: HttpRequest, token: str) -> HttpResponse:
    linked = links.opened(token)
    try:
        with default_storage.open(linked.path) as stored:
            response = _served(stored.read(), linked.content_type)
    except (FileNotFoundError, SuspiciousFileOperation) as error:
        raise NotFound from error
    name = names.shown(linked.name, PurePosixPath(linked.path).suffix)
    response["Content-Disposition"] = str(content_disposition_header(not linked.inline, name))
    response["Cache-Control"] = f"private, max-age={int(links.LINK_LIFE.total_seconds())}"
    response["Cross-Origin-Resource-Policy"] = "same-origin"
    return response


def _served(data: bytes, content_type: str) -> HttpResponse:
    response = HttpResponse(data, content_type=content_type)
    response["Content-Security-Policy"] = POLICY
    response["X-Content-Type-Options"] = "nosniff"
    return response
