"""Probes that cost nothing: answered before sessions, logs and templates, whatever the Host header says."""

from __future__ import annotations

import time
from collections.abc import Callable
from datetime import datetime
from typing import Any

from django.conf import settings
from django.core.cache import cache
from django.db import Error, connection
from django.http import HttpRequest, HttpResponse, HttpResponseNotAllowed, JsonResponse
from django.utils import timezone

# `accepting` is switched off while the server stops, so that a balancer sends nobody here any more.
state = {"accepting": True, "migrated": False}
STARTED = time.monotonic()
PROBE_KEY = "health"


class HealthMiddleware:
    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        probe = PROBES.get(request.path_info.rstrip("/"))
        if probe is None:
            return self.get_response(request)
        if request.method not in ("GET", "HEAD"):
            return HttpResponseNotAllowed(["GET", "HEAD"])
        response = probe()
        response["Cache-Control"] = "no-store"
        response._has_been_logged = True  # type: ignore[attr-defined]  # Django would log each 503 as an error
        return response


def live() -> HttpResponse:
    """The process answers. Nothing else is looked at: what restarts us cannot mend the database."""
    return JsonResponse({"status": "alive"})


def ready() -> HttpResponse:
    """Whether a balancer may send visitors here, and if not, what is missing."""
    missing = [] if state["accepting"] else ["stopping"]
    if not database_answers():
        missing.append("database")
    elif not migrated():
        missing.append("migrations")
    if settings.REDIS_URL and not cache_answers():
        missing.append("redis")
    body = {"status": "not ready" if missing else "ready", "missing": missing}
    return JsonResponse(body, status=503 if missing else 200)


def full() -> HttpResponse:
    """For people and dashboards: 503 only when nothing works, which is when the database is down."""
    database = database_answers()
    body: dict[str, Any] = {
        "status": "ok" if database else "down",
        "uptime_seconds": round(time.monotonic() - STARTED),
        "database": _word(database),
        "redis": _word(cache_answers()) if settings.REDIS_URL else "embedded",
        "queue_age_seconds": queue_age() if database else None,
    }
    if body["redis"] == "down" and database:
        body["status"] = "degraded"
    return JsonResponse(body, status=200 if database else 503)


PROBES = {"/health": full, "/health/ready": ready, "/health/live": live}


def _word(works: bool) -> str:
    return "ok" if works else "down"


def database_answers() -> bool:
    try:
        with connection.cursor() as cursor:
            cursor.execute("SELECT 1")
        return True
    except Error:
        return False


def cache_answers() -> bool:
    try:
        cache.set(PROBE_KEY, "1", 5)
        return cache.get(PROBE_KEY) == "1"
    except Exception:  # whatever the client raises, it is not there
        return False


def migrated() -> bool:
    """Whether the tables are those of this code. Once they are they stay so, so it is asked no more."""
    if not state["migrated"]:
        state["migrated"] = not _unapplied()
    return state["migrated"]


def _unapplied() -> bool:
    from django.db.migrations.executor import MigrationExecutor

    try:
        executor = MigrationExecutor(connection)
        return bool(executor.migration_plan(executor.loader.graph.leaf_nodes()))
    except Error:
        return True


def queue_age() -> int | None:
    """Seconds that the oldest mail that should have gone has been waiting; None when it cannot be said."""
    from notifications.models import OutgoingEmail

    try:
        due = OutgoingEmail.unscoped.filter(status=OutgoingEmail.Status.QUEUED, next_attempt_at__lte=timezone.now())
        oldest: datetime | None = due.order_by("next_attempt_at").values_list("next_attempt_at", flat=True).first()
    except Error:
        return None
    return max(0, round((timezone.now() - oldest).total_seconds())) if oldest else 0
