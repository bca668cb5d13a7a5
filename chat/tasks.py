from __future__ import annotations

from collections.abc import Callable
from uuid import UUID

from celery import shared_task

from chat import audience, entries, notices
from chat.actions import closing, idle, proving, releases, snoozes, triage, unseen, uploads, waits
from minichat.lib.errors import NotFound
from workspaces.access import active_workspace
from workspaces.models import Workspace
from workspaces.standing import Suspended


@shared_task
def release(workspace_id: str, membership_id: str) -> None:
    """Asked again when it runs: they may have been let back in meanwhile (SR-09)."""
    try:
        workspace = active_workspace(workspace_id)
    except NotFound:
        return
    membership = workspace.memberships.select_related("workspace", "user").filter(pk=membership_id).first()
    if membership is not None:
        releases.release(membership)
        notices.forget_hidden(membership)


@shared_task
def release_hidden(workspace_id: str) -> None:
    """Who sees which inbox has changed: nobody holds, or is reminded of, what they do not see any more."""
    try:
        workspace = active_workspace(workspace_id)
    except NotFound:
        return
    for membership in workspace.memberships.filter(deactivated_at=None).exclude(role__in=audience.ALWAYS):
        release(workspace_id, str(membership.pk))


@shared_task
def resolve_left(workspace_id: str, inbox_id: str) -> None:
    """Asked again when it runs: the inbox may be open again (SR-09)."""
    try:
        workspace = active_workspace(workspace_id)
    except NotFound:
        return
    inbox = workspace.inboxes.select_related("workspace").filter(pk=inbox_id).exclude(closed_at=None).first()
    if inbox is not None:
        closing.resolve_left(inbox)


@shared_task
def sweep_stranded() -> None:
    """What a dead process left behind, and what was given to somebody at the very moment they went."""
    for workspace_id, inbox_id in closing.left_open():
        resolve_left(workspace_id, inbox_id)
    for workspace_id, membership_id in releases.stranded():
        release(workspace_id, membership_id)


@shared_task
def bring_back() -> None:
    """Every few seconds: snoozed conversations whose time has come."""
    while snoozes.bring_back_some():
        pass


@shared_task
def run_act(workspace_id: str, act_id: str) -> None:
    """The rest of an act on many conversations, in the name of somebody who may still do it (SR-09)."""
    try:
        workspace = active_workspace(workspace_id)
    except NotFound:
        return
    act = workspace.triage_acts.select_related("membership", "workspace").filter(pk=act_id).first()
    if act is not None and not releases.cannot_answer(act.membership):
        triage.finish(act)


@shared_task
def sweep_acts() -> None:
    """What a dead process left between two batches; and what nobody can undo any more is forgotten."""
    for workspace_id, act_id in triage.left_behind():
        run_act(workspace_id, act_id)
    triage.forget_old_acts()


@shared_task
def tidy_search() -> None:
    """Twice a minute, so that no message has to merge into the index what others have added."""
    entries.tidy()


@shared_task
def alert_waits() -> None:
    """Every quarter of a minute: who has waited for too long while nobody was online."""
    for workspace_id, pk in waits.due():
        _hear(waits.alert, workspace_id, pk)


@shared_task
def end_idle() -> None:
    """Each minute: what has gone quiet after an answer."""
    for workspace_id, pk in idle.due():
        _hear(idle.end, workspace_id, pk)


@shared_task
def sweep_uploads() -> None:
    """Files that were received and that nobody sent (SR-48)."""
    while uploads.sweep_unsent():
        pass


@shared_task
def forget_addresses() -> None:
    """What visitors typed and did not prove."""
    proving.forget_old()


@shared_task
def mail_unseen() -> None:
    """Every quarter of a minute: answers that their visitor has not seen."""
    for workspace_id, pk in unseen.due():
        _hear(unseen.mail, workspace_id, pk)


def _hear(verb: Callable[[Workspace, UUID], object], workspace_id: UUID, pk: UUID) -> None:
    """The workspace may have been closed, or the conversation deleted, since the clock was found."""
    try:
        verb(active_workspace(str(workspace_id)), pk)
    except (NotFound, Suspended):
        return
