"""Sending what the outbox holds: claimed by one UPDATE, sent, tried again on a ladder until it went or is given up."""

from __future__ import annotations

import logging
import smtplib
from datetime import datetime, timedelta
from uuid import UUID

from django.conf import settings
from django.core.mail import EmailMultiAlternatives, get_connection
from django.db import connection, transaction
from django.db.models import F, Q
from django.utils import timezone

from notifications.models import OutgoingEmail

logger = logging.getLogger(__name__)

Status = OutgoingEmail.Status

# A claim older than this belongs to a process that died.
LEASE = timedelta(seconds=60)
LADDER = [
    timedelta(seconds=10),
    timedelta(seconds=60),
    timedelta(minutes=5),
    timedelta(minutes=30),
    timedelta(hours=2),
    timedelta(hours=6),
    timedelta(hours=12),
]
MOST_ATTEMPTS = len(LADDER) + 1
MOST_PER_SWEEP = 200


def deliver(pk: UUID | str) -> bool:
    """Send one mail if it is due and nobody else is sending it; says whether it went."""
    if not claim(pk):
        return False
    mail = OutgoingEmail.unscoped.get(pk=pk)
    if mail.attempts > MOST_ATTEMPTS:
        # Nobody told of the last failure: each time the process died under this mail.
        _give_up(mail, "every attempt ended without an answer")
        return False
    try:
        _send(mail)
    except smtplib.SMTPRecipientsRefused as error:
        _give_up(mail, f"refused: {_codes(error)}") if _is_permanent(error) else _try_later(mail, error)
        return False
    except Exception as error:
        _try_later(mail, error)
        return False
    _settle(mail, status=Status.SENT, sent_at=timezone.now(), last_error="")
    return True


def claim(pk: UUID | str) -> bool:
    """Take the mail for `LEASE`: one UPDATE, so that of two workers one gets it."""
    now = timezone.now()
    due = OutgoingEmail.unscoped.filter(pk=pk).filter(_due(now))
    return bool(due.update(status=Status.SENDING, attempts=F("attempts") + 1, next_attempt_at=now + LEASE))


def due(limit: int = MOST_PER_SWEEP) -> list[UUID]:
    """Mails whose time has come, oldest first; rows another sweep holds are passed over."""
    with transaction.atomic():
        rows = OutgoingEmail.unscoped.filter(_due(timezone.now())).order_by("created_at")
        if connection.features.has_select_for_update_skip_locked:
            rows = rows.select_for_update(skip_locked=True)
        return [row.pk for row in rows.only("pk")[:limit]]


def send_again(mail: OutgoingEmail) -> None:
    """A person decided that a mail we gave up on shall be tried anew."""
    OutgoingEmail.unscoped.filter(pk=mail.pk, status=Status.FAILED).update(
        status=Status.QUEUED, attempts=0, next_attempt_at=timezone.now()
    )


def _due(now: datetime) -> Q:
    return Q(status__in=[Status.QUEUED, Status.SENDING], next_attempt_at__lte=now)


def _send(mail: OutgoingEmail) -> None:
    # The same id at each attempt: a mail that went although we did not hear of it can be recognised.
    headers = {**mail.headers, "Message-ID": f"<{mail.pk}@{_domain()}>"}
    message = EmailMultiAlternatives(mail.subject, mail.text, mail.from_email, mail.to, headers=headers)
    if mail.html:
        message.attach_alternative(mail.html, "text/html")
    message.connection = get_connection(settings.DELIVERY_EMAIL_BACKEND)
    message.send()


def _try_later(mail: OutgoingEmail, error: Exception) -> None:
    reason = f"{type(error).__name__}: {error}"[:500]
    if mail.attempts >= MOST_ATTEMPTS:
        _give_up(mail, reason)
        return
    logger.warning("mail %s was not sent (attempt %s): %s", mail.pk, mail.attempts, type(error).__name__)
    _settle(mail, status=Status.QUEUED, next_attempt_at=timezone.now() + LADDER[mail.attempts - 1], last_error=reason)


def _give_up(mail: OutgoingEmail, reason: str) -> None:
    logger.error("mail %s is given up after %s attempts", mail.pk, mail.attempts)
    _settle(mail, status=Status.FAILED, last_error=reason)


def _settle(mail: OutgoingEmail, **outcome: object) -> None:
    """Write down how this attempt ended, unless its lease ran out and another one has begun meanwhile."""
    OutgoingEmail.unscoped.filter(pk=mail.pk, status=Status.SENDING, attempts=mail.attempts).update(**outcome)


def _is_permanent(error: smtplib.SMTPRecipientsRefused) -> bool:
    return all(500 <= code < 600 for code, _ in error.recipients.values())


def _codes(error: smtplib.SMTPRecipientsRefused) -> str:
    return ", ".join(str(code) for code, _ in error.recipients.values())


def _domain() -> str:
    return settings.DEFAULT_FROM_EMAIL.rpartition("@")[2].rstrip("> ") or "localhost"
