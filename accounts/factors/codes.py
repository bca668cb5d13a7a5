"""A code typed by hand, from the app or from the list of recovery codes, is taken once (SR-17)."""

from __future__ import annotations

import logging
import time

from allauth.core.internal.cryptokit import compare_user_code
from allauth.mfa import app_settings
from allauth.mfa.models import Authenticator
from allauth.mfa.totp.internal.auth import format_hotp_value, hotp_value
from allauth.mfa.utils import decrypt
from django.db import transaction

from accounts.models import User
from minichat.lib import crypto

logger = logging.getLogger(__name__)

Type = Authenticator.Type
# A phone's clock may be this many steps of 30 seconds off.
TOLERANCE = 1
# The list is nearly used up: time to make a new one.
FEW = 3


@transaction.atomic
def accept(user: User, typed: str) -> Authenticator | None:
    """The factor that this code belongs to, and the code is used up.

    allauth notes used codes in the cache, for half a minute. A row under its lock also holds with several processes,
    with a cache that was flushed, and for as long as a code of a slow phone is valid.
    """
    rows = Authenticator.objects.select_for_update().filter(user=user, type__in=[Type.TOTP, Type.RECOVERY_CODES])
    for row in rows.order_by("pk"):
        try:
            taken = _accept_totp(row, typed) if row.type == Type.TOTP else row.wrap().validate_code(typed)
        except crypto.Unreadable:
            logger.error("factor %s was encrypted with a SECRET_KEY that is gone", row.pk)
            taken = False
        if taken:
            row.user = user
            return row
    return None


def step_of(secret: str, typed: str, *, after: int = 0) -> int | None:
    """The step of time that this code stands for, if it is near and later than `after`."""
    now = int(time.time()) // app_settings.TOTP_PERIOD
    for step in range(now - TOLERANCE, now + TOLERANCE + 1):
        if step > after and compare_user_code(actual=typed, expected=format_hotp_value(hotp_value(secret, step))):
            return step
    return None


def use_up(row: Authenticator, step: int) -> None:
    row.data["last_step"] = step
    row.save(update_fields=["data"])


def recovery_codes_left(user: User) -> int | None:
    """None where there is no list."""
    row = Authenticator.objects.filter(user=user, type=Type.RECOVERY_CODES).first()
    try:
        return None if row is None else len(row.wrap().get_unused_codes())
    except crypto.Unreadable:
        return 0


def _accept_totp(row: Authenticator, typed: str) -> bool:
    step = step_of(decrypt(row.data["secret"]), typed, after=row.data.get("last_step", 0))
    if step is not None:
        use_up(row, step)
    return step is not None
