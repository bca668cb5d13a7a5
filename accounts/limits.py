"""How often somebody may try: per network, and per account over all networks (S-03…S-05, SR-18).

A wrong password counts, a right one does not, and nobody's success clears another's count. The account's own limit is
for browsers that its owner has not used yet (`accounts/devices.py`), and the ways by mail stay open all the while.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress

from django.http import HttpRequest, HttpResponse
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext

from accounts.devices import tries_key
from minichat.lib.errors import MiniChatError, RateLimited, answer
from minichat.lib.throttle import client_ip, hit, require_room

QUARTER, HOUR, DAY = 15 * 60, 60 * 60, 24 * 60 * 60
CALLS_PER_NETWORK = 100
WRITES_PER_PERSON = 60
WRONG_PER_NETWORK = 5
WRONG_PER_ACCOUNT = 50
SIGNUPS_PER_NETWORK = 3
WRONG_CODES_PER_ACCOUNT = 10
WRONG_CODES_PER_DAY = 30
MAIL_CODES_PER_ACCOUNT = 5
EXPORTS_PER_DAY = 10
RESETS_PER_NETWORK = 20
RESETS_PER_ACCOUNT = 5
CODES_PER_NETWORK = 20
# A mailed code may be guessed at three times, so the number of mails bounds the guessing at one account.
CODES_PER_ACCOUNT = [(1, 10), (6, QUARTER), (30, DAY)]
GUESSES_PER_SESSION = 12

WRONG = _("Too many wrong passwords. You can choose a new password by email at any time.")
GUESSES = _("Too many wrong codes.")
SIGNUPS = _("Too many accounts have been created from this network.")
MAILS = _("Too many emails have been asked for. Look for the ones that are already there.")
CALLS = _("Too many requests have come from this network.")


def require_room_to_try(request: HttpRequest, address: str) -> None:
    """Before the password is looked at, so that a limit says nothing about it and costs nothing."""
    for group, key, amount in _tries(request, address):
        with _in_words(WRONG):
            require_room(group, key, amount, QUARTER)


def count_wrong_password(request: HttpRequest, address: str) -> None:
    """Counts only: the limit is told at the next attempt, so this one's answer is the ordinary "wrong"."""
    for group, key, amount in _tries(request, address):
        with suppress(RateLimited):
            hit(group, key, amount, QUARTER)


def require_room_for_code(request: HttpRequest, address: str) -> None:
    """For the second step. Six digits are guessed sooner than a password, so an account has fewer tries at them.

    Whoever gets to try has already given the password: setting a new one ends a siege, and browsers that the owner has
    used have tries of their own.
    """
    for group, key, amount, seconds in _code_tries(request, address):
        with _in_words(GUESSES):
            require_room(group, key, amount, seconds)


def count_wrong_code(request: HttpRequest, address: str) -> None:
    for group, key, amount, seconds in _code_tries(request, address):
        with suppress(RateLimited):
            hit(group, key, amount, seconds)


def count_mail_code(request: HttpRequest) -> None:
    with _in_words(MAILS):
        hit("mail-code", str(request.user.pk), MAIL_CODES_PER_ACCOUNT, QUARTER)


def count_export(request: HttpRequest) -> None:
    with _in_words(CALLS):
        hit("export", str(request.user.pk), EXPORTS_PER_DAY, DAY)


def count_signup(request: HttpRequest) -> None:
    with _in_words(SIGNUPS):
        hit("signup", client_ip(request), SIGNUPS_PER_NETWORK, HOUR)


def count_reset(request: HttpRequest, address: str) -> None:
    with _in_words(MAILS):
        hit("reset-network", client_ip(request), RESETS_PER_NETWORK, QUARTER)
        hit("reset-account", address, RESETS_PER_ACCOUNT, QUARTER)


def count_code(request: HttpRequest, address: str) -> None:
    """A code for sign-in is asked for. A browser that its owner has used has a count of its own."""
    with _in_words(MAILS):
        hit("code-network", client_ip(request), CODES_PER_NETWORK, QUARTER)
        for amount, seconds in CODES_PER_ACCOUNT:
            hit(f"code-account-{seconds}", tries_key(request, address), amount, seconds)


def require_room_to_guess(request: HttpRequest) -> None:
    """Before a code is looked at: the network's tries, shared with passwords, and the session's.

    The session's are counted at once. The three tries of a code stand in the session, where requests that come at the
    same moment do not see each other. The account's own tries do not count here: who has the mail is its owner.
    """
    with _in_words(GUESSES):
        require_room("wrong-password-network", client_ip(request), WRONG_PER_NETWORK, QUARTER)
        hit("code-guess", str(request.session.session_key), GUESSES_PER_SESSION, QUARTER)


def count_call(request: HttpRequest) -> None:
    if not request.user.is_authenticated:
        with _in_words(CALLS):
            hit("anonymous", client_ip(request), CALLS_PER_NETWORK, QUARTER)
    elif request.method == "POST":
        hit("account", str(request.user.pk), WRITES_PER_PERSON, QUARTER)


class AccountCallsMiddleware:
    """100 anonymous calls of the sign-in pages per network and quarter of an hour (S-03)."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        if request.path.startswith("/accounts/"):
            try:
                count_call(request)
            except MiniChatError as error:
                return answer(request, error)
        return self.get_response(request)


def _tries(request: HttpRequest, address: str) -> list[tuple[str, str, int]]:
    return [
        ("wrong-password-network", client_ip(request), WRONG_PER_NETWORK),
        ("wrong-password-account", tries_key(request, address), WRONG_PER_ACCOUNT),
    ]


def _code_tries(request: HttpRequest, address: str) -> list[tuple[str, str, int, int]]:
    """The network's tries are those for passwords: whoever guesses at one door is counted at all (SR-18)."""
    tries = [("wrong-password-network", client_ip(request), WRONG_PER_NETWORK, QUARTER)]
    if address:
        key = tries_key(request, address)
        tries += [
            ("wrong-code", key, WRONG_CODES_PER_ACCOUNT, QUARTER),
            ("wrong-code-day", key, WRONG_CODES_PER_DAY, DAY),
        ]
    return tries


@contextmanager
def _in_words(what: str | Promise) -> Iterator[None]:
    """A limit that says what there was too much of, and how long to wait."""
    try:
        yield
    except RateLimited as error:
        seconds = error.retry_after or 1
        raise RateLimited(f"{what} {_wait(seconds)}", retry_after=seconds) from error


def _wait(seconds: int) -> str:
    minutes = -(-seconds // 60)
    return ngettext("Please try again in %(minutes)s minute.", "Please try again in %(minutes)s minutes.", minutes) % {
        "minutes": minutes
    }
