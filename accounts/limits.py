"""How often somebody may try: per network, and per account over all networks (S-03…S-05, SR-18).

A wrong password counts, a right one does not, and nobody's success clears another's count. The account's own limit is
wide and short, so that an outsider who guesses on purpose keeps its owner out for a quarter of an hour at most, and the
reset by mail stays open all the while.
"""

from __future__ import annotations

from collections.abc import Callable

from django.http import HttpRequest, HttpResponse

from minichat.lib.errors import MiniChatError, answer
from minichat.lib.throttle import client_ip, hit, require_room

QUARTER, HOUR = 15 * 60, 60 * 60
CALLS_PER_NETWORK = 100
WRONG_PER_NETWORK = 5
WRONG_PER_ACCOUNT = 50
SIGNUPS_PER_NETWORK = 3
RESETS_PER_ACCOUNT = 5


def require_room_to_try(request: HttpRequest, address: str) -> None:
    require_room("wrong-password-network", client_ip(request), WRONG_PER_NETWORK, QUARTER)
    require_room("wrong-password-account", address, WRONG_PER_ACCOUNT, QUARTER)


def count_wrong_password(request: HttpRequest, address: str) -> None:
    """Counts only: the limit is told at the next attempt, so this one's answer is the ordinary "wrong"."""
    for group, key, amount in (
        ("wrong-password-network", client_ip(request), WRONG_PER_NETWORK),
        ("wrong-password-account", address, WRONG_PER_ACCOUNT),
    ):
        hit(group, key, amount, QUARTER)


def count_signup(request: HttpRequest) -> None:
    hit("signup", client_ip(request), SIGNUPS_PER_NETWORK, HOUR)


class AnonymousCallsMiddleware:
    """100 anonymous calls of the sign-in pages per network and quarter of an hour (S-03)."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        if request.path.startswith("/accounts/") and not request.user.is_authenticated:
            try:
                hit("anonymous", client_ip(request), CALLS_PER_NETWORK, QUARTER)
            except MiniChatError as error:
                return answer(request, error)
        return self.get_response(request)
