from __future__ import annotations

from minichat.lib.files import Picture
from minichat.lib.transactions import action
from workspaces import events
from workspaces.models import Membership, Workspace
from workspaces.shelf import LOGOS


def set_logo(workspace: Workspace, *, picture: Picture, by: Membership) -> Workspace:
    """The files are written before the row is locked: a slow disk or bucket holds up nobody."""
    return _swap_logo(workspace, LOGOS.put(picture), by)


def remove_logo(workspace: Workspace, *, by: Membership) -> Workspace:
    return _swap_logo(workspace, "", by)


@action
def _swap_logo(workspace: Workspace, key: str, by: Membership) -> Workspace:
    """Under the row's lock, so that of two logos at once the earlier one's files go."""
    before = Workspace.objects.select_for_update(no_key=True).get(pk=workspace.pk).logo
    workspace.logo = key
    if before or key:
        LOGOS.drop(before)
        workspace.save(update_fields=["logo", "updated_at"])
        events.emit(events.WORKSPACE_LOGO_CHANGED if key else events.WORKSPACE_LOGO_REMOVED, workspace, actor=by)
    return workspace
