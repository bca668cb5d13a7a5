from __future__ import annotations

import logging

from celery import shared_task

from workspaces import actions, addresses, lifecycle, purge

logger = logging.getLogger(__name__)

# A run ends after this; what is left goes into the next one, so that no worker is busy with one tenant for hours.
PURGE_SECONDS = 45


@shared_task
def end_closed() -> None:
    """Each day and at start: announce the end of closed workspaces, delete those whose time is over."""
    addresses.forget_expired()
    for workspace in lifecycle.to_announce().iterator():
        actions.announce_end(workspace)
    if purge.purge_due(PURGE_SECONDS):
        end_closed.delay()
