"""What an unsubscribe link carries: whose mails of which kinds it ends. It does nothing else and opens nothing (SR-16).

It is used without a session, by mail programs too, so it is signed under a salt of its own, ends after 90 days, and
dies when its owner has turned such mails on again: a link in a mail that was passed on cannot undo that.
"""

from __future__ import annotations

import time
from collections.abc import Iterable
from datetime import timedelta

from django.core import signing

from minichat.lib.errors import NotFound
from notifications.kinds import Channel, Kind, kind_of
from notifications.quiet import settings_of
from workspaces.access import still_active
from workspaces.models import Membership

SALT = "notifications.unsubscribe"
LIFETIME = timedelta(days=90)


def optional(kinds: Iterable[Kind]) -> list[Kind]:
    return [kind for kind in kinds if Channel.MAIL not in kind.always]


def token_for(membership: Membership, kinds: Iterable[Kind]) -> str:
    stands_for = {"m": membership.pk.hex, "k": [kind.name for kind in kinds], "t": int(time.time())}
    return signing.dumps(stands_for, salt=SALT)


def read(token: str) -> tuple[Membership, list[Kind]]:
    """Whose mails of which kinds; `NotFound` alike for what is forged, old, dead or of another purpose."""
    try:
        stands_for = signing.loads(token, salt=SALT, max_age=LIFETIME)
    except signing.BadSignature as error:
        raise NotFound from error
    membership = still_active(stands_for["m"])
    if membership is None:
        raise NotFound
    turned_on = settings_of(membership).mail_on_at
    known = optional(kind for kind in map(kind_of, stands_for["k"]) if kind)
    kinds = [kind for kind in known if turned_on.get(kind.name, 0) <= stands_for["t"]]
    if not kinds:
        raise NotFound
    return membership, kinds
