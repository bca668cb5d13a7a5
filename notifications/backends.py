from __future__ import annotations

import logging
from collections.abc import Sequence
from functools import partial

from django.conf import settings
from django.core.mail import EmailMessage, EmailMultiAlternatives
from django.core.mail.backends.base import BaseEmailBackend
from django.db import transaction

from minichat.lib.text import clean, clean_line
from notifications import tasks
from notifications.models import OutgoingEmail

logger = logging.getLogger(__name__)

SUBJECT_LENGTH = OutgoingEmail._meta.get_field("subject").max_length


class OutboxBackend(BaseEmailBackend):
    """Django's mail backend: a mail becomes a row in the caller's transaction and is sent after it.

    So whatever calls `message.send()` in any room can neither lose a mail nor send one for a change that was undone.
    """

    def send_messages(self, messages: Sequence[EmailMessage]) -> int:
        for message in messages:
            row = _row(message)
            row.save(force_insert=True)
            transaction.on_commit(partial(_hurry, str(row.pk)), robust=True)
        return len(messages)


def _row(message: EmailMessage) -> OutgoingEmail:
    """Header values lose line breaks: whoever chose a name or subject adds no header of their own (SR-58)."""
    if message.cc or message.bcc or message.attachments:
        raise ValueError("The outbox carries neither copies nor attachments: send one mail to each reader.")
    return OutgoingEmail(
        to=[clean_line(address) for address in message.to],
        from_email=clean_line(message.from_email or settings.DEFAULT_FROM_EMAIL),
        subject=clean_line(str(message.subject))[:SUBJECT_LENGTH],
        text=clean(str(message.body)),
        html=clean(_html(message)),
        headers={clean_line(name): clean_line(str(value)) for name, value in _headers(message).items()},
    )


def _headers(message: EmailMessage) -> dict[str, str]:
    answers_to = {"Reply-To": ", ".join(message.reply_to)} if message.reply_to else {}
    return {**answers_to, **message.extra_headers}


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
