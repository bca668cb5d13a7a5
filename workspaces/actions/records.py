"""What leaves the house is written down."""

from __future__ import annotations

from minichat.lib.transactions import action
from workspaces import events
from workspaces.models import Membership, Workspace


@action
def note_audit_export(workspace: Workspace, *, by: Membership, lines: int) -> None:
    events.emit(events.AUDIT_EXPORTED, workspace, actor=by, lines=lines)
