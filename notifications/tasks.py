from __future__ import annotations

import logging
import time
from collections.abc import Callable, Iterable
from uuid import UUID

from celery import shared_task

from notifications import actions, due, outbox

logger = logging.getLogger(__name__)

# Shorter than the minute between two sweeps: a mail server that does not answer must not fill all workers with sweeps.
SWEEP_SECONDS = 45


@shared_task
def deliver(pk: str) -> None:
    outbox.deliver(pk)


@shared_task
def sweep() -> None:
    """Each minute and at start: what a dead process or an absent queue left behind."""
    enough = time.monotonic() + SWEEP_SECONDS
    for pk in outbox.due():
        if time.monotonic() > enough:
            return
        outbox.deliver(pk)


@shared_task
def send_due() -> None:
    """Each minute: mails that waited for their reader or for the morning, and what browsers were not told at night."""
    _each(due.for_mail(), actions.send_due_mail)
    _each(due.for_browsers(), actions.show_held)


@shared_task
def forget_old() -> None:
    due.forget_old()


def _each(memberships: Iterable[UUID], work: Callable[[UUID], object]) -> None:
    """One member whose rows cannot be worked on must not keep the others waiting."""
    enough = time.monotonic() + SWEEP_SECONDS / 2
    for pk in memberships:
        if time.monotonic() > enough:
            return
        try:
            work(pk)
        except Exception:
            logger.exception("the notifications of member %s are stuck", pk)
