from __future__ import annotations

import logging
from collections.abc import Sequence
from functools import partial

from django.conf import settings
from django.core.mail import EmailMessage, EmailMultiAlternatives
from django.core.mail.backends.base import BaseEmailBackend
from django.db import transaction

from notifications import tasks
from notifications.models import OutgoingEmail

logger = logging.getLogger(__name__)


class OutboxBackend(BaseEmailBackend):
    """Django's mail backend: a mail becomes a row in the caller's transaction and is sent after it.

    So whatever calls `message.send()` in any room can neither lose a mail nor send one for a change that was undone.
    """

    def send_messages(self, messages: Sequence[EmailMessage]) -> int:
        for message in messages:
            row = OutgoingEmail.unscoped.create(
                to=message.recipients(),
                from_email=message.from_email or settings.DEFAULT_FROM_EMAIL,
                subject=one_line(str(message.subject)),
                text=str(message.body),
                html=_html(message),
                headers={one_line(name): one_line(str(value)) for name, value in message.extra_headers.items()},
            )
            transaction.on_commit(partial(_hurry, str(row.pk)), robust=True)
        return len(messages)


def one_line(text: str) -> str:
    """Header values lose line breaks: whoever chose a name or subject adds no header of their own (SR-58)."""
    return " ".join(str(text).split())


def _html(message: EmailMessage) -> str:
    if isinstance(message, EmailMultiAlternatives):
        return next((str(content) for content, kind in message.alternatives if kind == "text/html"), "")
    return ""


def _hurry(pk: str) -> None:
    """Ask for delivery now. A broker that is away changes nothing: the sweep finds the row."""
    try:
        tasks.deliver.delay(pk)
    except Exception as error:
        logger.warning("the queue is away, the sweep will deliver %s: %s", pk, type(error).__name__)
