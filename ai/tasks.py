from __future__ import annotations

from uuid import UUID

from celery import shared_task

from ai import actions, ledger
from ai.actions import answering
from chat.actions import Late
from minichat.lib.errors import NotFound
from workspaces.access import active_workspace
from workspaces.standing import Suspended


@shared_task
def learn_waiting(workspace_id: str) -> None:
    """Asked again when it runs: what was switched off or deleted meanwhile is not waiting any more (SR-09)."""
    try:
        workspace = active_workspace(workspace_id)
    except NotFound:
        return
    actions.learn_waiting(workspace)


@shared_task
def read_page(workspace_id: str, source_id: str) -> None:
    """One page of a site; the next one is another task's, after a pause: nobody else waits for it meanwhile."""
    try:
        workspace = active_workspace(workspace_id)
    except NotFound:
        return
    pause = actions.read_next(workspace, source_id)
    if pause is not None:
        read_page.apply_async([workspace_id, source_id], countdown=pause)


@shared_task
def sweep_waiting() -> None:
    """What a dead process left unread."""
    for workspace_id in actions.left_waiting():
        learn_waiting(workspace_id)
    for workspace_id, source_id in actions.left_half_read():
        read_page.delay(workspace_id, source_id)


@shared_task
def read_due() -> None:
    """Pages that are read again every day or week."""
    for workspace_id, source_id in actions.begin_due():
        read_page.delay(workspace_id, source_id)


@shared_task
def answer(workspace_id: str, message_id: str) -> None:
    try:
        workspace = active_workspace(workspace_id)
        answering.answer(workspace, UUID(message_id))
    except (NotFound, Suspended):
        return


@shared_task
def sweep_owed() -> None:
    """Every few seconds: an assistant that died has left somebody waiting. People are asked."""
    for workspace_id, conversation_id in answering.owed():
        try:
            answering.give_to_people(active_workspace(str(workspace_id)), conversation_id)
        except (Late, NotFound, Suspended):
            continue


@shared_task
def sort_in(workspace_id: str, conversation_id: str) -> None:
    """Labels for a conversation. Nobody waits for them: in a queue of its own, an answer goes first."""
    try:
        actions.sort_in(active_workspace(workspace_id), UUID(conversation_id))
    except (NotFound, Suspended):
        return


@shared_task
def run_check(workspace_id: str, run_id: str) -> None:
    """The check of a draft, unless another one has taken its place (SR-09)."""
    try:
        workspace = active_workspace(workspace_id)
    except NotFound:
        return
    run = workspace.gate_runs.select_related("workspace").filter(pk=run_id).first()
    if run is not None:
        actions.finish_run(run)


@shared_task
def sweep_checks() -> None:
    """What a dead process left half checked."""
    for workspace_id, run_id in actions.left_runs():
        run_check(workspace_id, run_id)


@shared_task
def sweep_meaning(after: int = 0) -> None:
    """Chunks without vectors, some at a time: others of the queue have their turn in between."""
    last = actions.add_meaning(after)
    if last is not None:
        sweep_meaning.delay(last)


@shared_task
def sweep_reservations() -> None:
    """Money that a dead process held."""
    ledger.let_go_of_the_dead()
