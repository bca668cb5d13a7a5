"""Suspend and resume (our staff), close and restore (the owner), the notice before the end."""

from __future__ import annotations

from django.utils import timezone

from accounts.models import User
from minichat.lib.errors import Conflict
from minichat.lib.transactions import action
from workspaces import emails, events, limits
from workspaces.models import Membership, Workspace

Status = Workspace.Status


@action
def suspend(workspace: Workspace, *, reason: str, staff: User | None = None) -> Workspace:
    """Members read, visitors are told that the chat rests. Suspending twice is suspending once."""
    workspace = _locked(workspace)
    if workspace.status in Workspace.SHUT:
        raise Conflict("A closed workspace cannot be suspended.")
    if workspace.status == Status.SUSPENDED:
        return workspace
    workspace.status, workspace.suspended_at = Status.SUSPENDED, timezone.now()
    workspace.save(update_fields=["status", "suspended_at", "updated_at"])
    events.emit(events.WORKSPACE_SUSPENDED, workspace, reason=reason, staff=_key(staff))
    emails.tell_owners(workspace, "workspace-suspended", reason=reason)
    return workspace


@action
def resume(workspace: Workspace, *, staff: User | None = None) -> Workspace:
    workspace = _locked(workspace)
    if workspace.suspended_at is None:
        return workspace
    workspace.suspended_at = None
    if workspace.status == Status.SUSPENDED:
        workspace.status = Status.ACTIVE
    workspace.save(update_fields=["status", "suspended_at", "updated_at"])
    events.emit(events.WORKSPACE_RESUMED, workspace, staff=_key(staff))
    emails.tell_owners(workspace, "workspace-resumed")
    return workspace


@action
def close(workspace: Workspace, *, by: Membership) -> Workspace:
    """Nobody is let in any more; for the time of `lifecycle.GRACE` an owner can take it back."""
    workspace = _locked(workspace)
    if workspace.status in Workspace.SHUT:
        raise Conflict
    workspace.status, workspace.closed_at, workspace.end_announced_at = Status.CLOSED, timezone.now(), None
    workspace.save(update_fields=["status", "closed_at", "end_announced_at", "updated_at"])
    events.emit(events.WORKSPACE_CLOSED, workspace, actor=by)
    emails.tell_owners(workspace, "workspace-closed")
    return workspace


@action
def restore(workspace: Workspace, *, by: Membership) -> Workspace:
    """Back to how it stood. Counts among the workspaces that the owner's plan includes, its own plan with it."""
    limits.lock_owner(by.user)
    workspace = _locked(workspace)
    if workspace.status != Status.CLOSED:
        raise Conflict
    limits.check_workspaces(by.user, returning=workspace)
    workspace.status = Status.SUSPENDED if workspace.suspended_at else Status.ACTIVE
    workspace.closed_at = workspace.end_announced_at = None
    workspace.save(update_fields=["status", "closed_at", "end_announced_at", "updated_at"])
    events.emit(events.WORKSPACE_RESTORED, workspace, actor=by)
    emails.tell_owners(workspace, "workspace-restored")
    return workspace


@action
def announce_end(workspace: Workspace) -> Workspace:
    """The mail before the end, once: of two tasks at the same moment the second finds it sent."""
    workspace = _locked(workspace)
    if workspace.status == Status.CLOSED and workspace.end_announced_at is None:
        workspace.end_announced_at = timezone.now()
        workspace.save(update_fields=["end_announced_at", "updated_at"])
        emails.tell_owners(workspace, "workspace-ending")
    return workspace


def _locked(workspace: Workspace) -> Workspace:
    return Workspace.objects.select_for_update(no_key=True).get(pk=workspace.pk)


def _key(staff: User | None) -> str | None:
    """Who of our staff it was stands in the data, which the workspace's own pages do not show."""
    return str(staff.pk) if staff else None
