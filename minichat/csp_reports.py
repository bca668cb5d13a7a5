"""Where browsers report what our policy refused (SR-40): one line in the log. Off unless CSP_REPORTS is on.

Anybody can post here, so little is read, little is kept, and not often: the directive, and addresses without what
stands behind their path.
"""

from __future__ import annotations

import json
import logging
from typing import Any
from urllib.parse import urlsplit

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse
from django.views.decorators.cache import never_cache
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_POST

from minichat.lib import throttle
from minichat.lib.errors import Invalid, TooLarge
from minichat.lib.text import clean_line

logger = logging.getLogger(__name__)

MOST_BYTES = 8 * 1024
PER_MINUTE = 20
LONGEST = 200


@csrf_exempt
@never_cache
@require_POST
def receive(request: HttpRequest) -> HttpResponse:
    if not settings.CSP_REPORTS:
        raise Http404
    throttle.hit("csp-report", throttle.client_ip(request), PER_MINUTE, 60)
    if len(request.body) > MOST_BYTES:
        raise TooLarge
    logger.warning("the policy refused something", extra=_told(request.body))
    return HttpResponse(status=204)


def _told(body: bytes) -> dict[str, str]:
    try:
        report = json.loads(body)["csp-report"]
        directive, page, blocked = (report.get(name) for name in ("violated-directive", "document-uri", "blocked-uri"))
    except (ValueError, KeyError, TypeError, AttributeError, RecursionError) as error:
        raise Invalid from error
    return {"directive": _short(directive), "page": _address(page), "blocked": _address(blocked)}


def _address(value: Any) -> str:
    """Without query and fragment: they may hold what opens something."""
    try:
        parts = urlsplit(str(value or ""))
    except ValueError:
        return "[unreadable]"
    return _short(f"{parts.scheme}://{parts.netloc}{parts.path}" if parts.netloc else parts.path)


def _short(value: Any) -> str:
    return clean_line(str(value or ""))[:LONGEST]
