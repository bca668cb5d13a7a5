from __future__ import annotations

import time

from celery import shared_task

from notifications import outbox

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
