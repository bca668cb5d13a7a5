from __future__ import annotations

from celery import shared_task

from chat.actions import releases
from minichat.lib.errors import NotFound
from workspaces.access import active_workspace


@shared_task
def release(workspace_id: str, membership_id: str) -> None:
    """Asked again when it runs: they may have been let back in meanwhile (SR-09)."""
    try:
        workspace = active_workspace(workspace_id)
    except NotFound:
        return
    membership = workspace.memberships.select_related("workspace", "user").filter(pk=membership_id).first()
    if membership is not None and releases.cannot_answer(membership):
        releases.release(membership)


@shared_task
def sweep_stranded() -> None:
    """What a dead process left behind, and what was given to somebody at the very moment they went."""
    for workspace_id, membership_id in releases.stranded():
        release(workspace_id, membership_id)
