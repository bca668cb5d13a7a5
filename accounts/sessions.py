"""Where somebody is signed in: a row beside each session of theirs, to look at and to end."""

from __future__ import annotations

import time
from collections.abc import Callable
from datetime import timedelta

from allauth.usersessions.models import UserSession
from django.contrib.sessions.backends.base import SessionBase
from django.contrib.sessions.models import Session
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.utils.timezone import now

from accounts.models import User
from minichat.lib.text import clean_line
from minichat.lib.throttle import client_ip

SEEN_EVERY = timedelta(minutes=10)
# Of this process: what is forgotten costs one UPDATE too many.
_seen: dict[str, float] = {}
REMEMBERED = 10_000


def record(request: HttpRequest, user: User) -> None:
    """Somebody has signed in here, or their session has a new key."""
    if not request.session.session_key:
        request.session.save()
    browser = clean_line(request.META.get("HTTP_USER_AGENT", ""))
    UserSession.objects.update_or_create(
        session_key=request.session.session_key,
        defaults={
            "user": user,
            "ip": client_ip(request).partition("/")[0],
            "user_agent": browser[: UserSession._meta.get_field("user_agent").max_length],
            "last_seen_at": now(),
        },
    )
    _is_due(request.session.session_key)


def of(user: User) -> list[UserSession]:
    """The last used first."""
    return list(UserSession.objects.filter(user=user, session_key__in=_running()).order_by("-last_seen_at"))


def end(user: User, *, pk: str) -> None:
    """Sign out of one of one's own sessions. That it has ended already is as good."""
    if pk.isdigit():
        _end(UserSession.objects.filter(user=user, pk=pk))


def end_all(user: User, *, but: SessionBase | None = None) -> None:
    """Their sockets follow within seconds: the watch looks for the session's row."""
    _end(UserSession.objects.filter(user=user).exclude(session_key=but.session_key if but else None))


def _end(rows: QuerySet[UserSession]) -> None:
    Session.objects.filter(session_key__in=list(rows.values_list("session_key", flat=True))).delete()
    rows.delete()


def sweep() -> None:
    """Sessions that have run out, and the rows that stood beside them or beside one that was signed out of."""
    Session.objects.filter(expire_date__lte=now()).delete()
    UserSession.objects.exclude(session_key__in=_running()).delete()


def _running() -> QuerySet[Session, str]:
    return Session.objects.filter(expire_date__gt=now()).values_list("session_key", flat=True)


class SeenMiddleware:
    """Notes when a session was last used, at most every ten minutes and only where the person was asked for anyway."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        response = self.get_response(request)
        user = getattr(request, "_cached_user", None)
        if user is not None and user.is_authenticated:
            _note(request.session.session_key)
        return response


def _note(key: str | None) -> None:
    if _is_due(key):
        UserSession.objects.filter(session_key=key, last_seen_at__lt=now() - SEEN_EVERY).update(last_seen_at=now())


def _is_due(key: str | None) -> bool:
    at = time.monotonic()
    if key is None or at - _seen.get(key, -SEEN_EVERY.total_seconds()) < SEEN_EVERY.total_seconds():
        return False
    if len(_seen) >= REMEMBERED:
        _seen.clear()
    _seen[key] = at
    return True
