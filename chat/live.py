"""Who is on the site: those who have the list open are told to look again, at most once a second."""

from __future__ import annotations

import asyncio
from uuid import UUID

from chat import broadcasts
from chat.hub import hub

EVERY = 1.0
_scheduled: set[UUID] = set()


def moved(workspace_id: UUID) -> None:
    """A visitor came, left, or opened another page. Called from the loop that holds their socket."""
    if workspace_id in _scheduled:
        return
    _scheduled.add(workspace_id)
    asyncio.get_running_loop().call_later(EVERY, _tell, workspace_id)


def _tell(workspace_id: UUID) -> None:
    _scheduled.discard(workspace_id)
    hub.push(broadcasts.visitors_moved(workspace_id))
