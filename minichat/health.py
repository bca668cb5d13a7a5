"""Probes that cost nothing: answered before sessions, logs and templates."""

from __future__ import annotations

from collections.abc import Callable

from django.db import DatabaseError, connection
from django.http import HttpRequest, HttpResponse, JsonResponse

# Switched off while the server stops, so that a balancer sends nobody here any more.
state = {"accepting": True}


class HealthMiddleware:
    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        probe = {"/health": full, "/health/ready": ready, "/health/live": live}.get(request.path.rstrip("/"))
        return probe() if probe else self.get_response(request)


def live() -> JsonResponse:
    return JsonResponse({"status": "alive"})


def ready() -> JsonResponse:
    missing = [] if state["accepting"] else ["stopping"]
    if not _database_answers():
        missing.append("database")
    return JsonResponse({"status": "ready" if not missing else "not ready", "missing": missing}, status=503 if missing else 200)


def full() -> JsonResponse:
    return ready()


def _database_answers() -> bool:
    try:
        with connection.cursor() as cursor:
            cursor.execute("SELECT 1")
        return True
    except DatabaseError:
        return False
