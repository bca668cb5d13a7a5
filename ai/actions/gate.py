"""The check of a draft, a few cases at a time. A process that dies leaves a run between two steps; the sweep goes on
with it."""

from __future__ import annotations

import logging
from collections.abc import Iterator
from datetime import timedelta
from typing import Any

from django.utils import timezone

from ai import events, gate, past
from ai.actions.assistant import locked
from ai.knowledge.search import search
from ai.models import GateRun
from ai.outcomes import outcome
from ai.persona import kept, restored
from minichat.lib.transactions import action
from workspaces.events import emit
from workspaces.models import Membership, Workspace

logger = logging.getLogger(__name__)

State = GateRun.State
STEP = 10
LEFT_AFTER = timedelta(seconds=60)


@action
def begin_run(by: Membership) -> GateRun:
    """Check the draft as it is now. While the very same check is running, asking again is asking once."""
    assistant = locked(by.workspace)
    golden = list(by.workspace.golden_questions.select_related("source").order_by("created_at", "pk"))
    name = gate.against(assistant, golden)
    if running := by.workspace.gate_runs.filter(against=name, state=State.RUNNING).first():
        return running
    by.workspace.gate_runs.all().delete()
    cases = [gate.case_of(one) for one in golden] + past.cases(by)
    run = by.workspace.gate_runs.create(
        against=name,
        total=len(cases),
        results=cases,
        draft=kept(gate.draft_of(assistant)),
        published=kept(gate.in_force(assistant)),
        state=State.RUNNING if cases else State.DONE,
    )
    emit(events.CHECK_BEGUN, run, actor=by)
    return run


def finish_run(run: GateRun) -> GateRun:
    """All that is left of it."""
    try:
        while run.is_running:
            run = _step(run)
    except Exception:
        logger.exception("a check cannot be finished")
        run = _fail(run)
    return run


def left_runs() -> Iterator[tuple[str, str]]:
    """The sweep: workspace and id of runs whose process died."""
    rows = GateRun.unscoped.filter(state=State.RUNNING, moved_at__lt=timezone.now() - LEFT_AFTER)
    return ((str(workspace), str(pk)) for workspace, pk in rows.values_list("workspace_id", "pk"))


# --- Inside -----------------------------------------------------------------------------------------------------------


def _step(run: GateRun) -> GateRun:
    """The next few cases: looked at without a lock, written down under it."""
    cases = run.results[run.done : run.done + STEP]
    said = past.texts(run.workspace, cases)
    return _keep(run, [_judged(run, case, said) for case in cases])


def _judged(run: GateRun, case: dict[str, Any], said: dict[str, str]) -> dict[str, Any]:
    """One search, two personas."""
    question = case.get("question") or said.get(case.get("message", ""), "")
    hits = search(run.workspace, question)
    found = [outcome(question, restored(settings), hits) for settings in (run.draft, run.published)]
    passed = [None, None] if case["expects"] == gate.PAST else [gate.is_right(case, one) for one in found]
    return {**case, "draft": found[0].kept(), "published": found[1].kept(), "passed": passed}


@action
def _keep(run: GateRun, judged: list[dict[str, Any]]) -> GateRun:
    """Two tasks at one run: the slower one throws away what it found."""
    row = _locked(run)
    if row is None:
        # Another check has taken its place.
        run.state = State.FAILED
        return run
    if row.is_running and row.done == run.done:
        row.results[row.done : row.done + len(judged)] = judged
        row.done += len(judged)
        row.moved_at = timezone.now()
        if row.done >= row.total:
            row.state = State.DONE
        row.save(update_fields=["results", "done", "moved_at", "state"])
    return row


@action
def _fail(run: GateRun) -> GateRun:
    row = _locked(run) or run
    if row.is_running:
        row.state = State.FAILED
        row.save(update_fields=["state"])
    return row


def _locked(run: GateRun) -> GateRun | None:
    rows = run.workspace.gate_runs.select_related("workspace").select_for_update(of=("self",))
    return rows.filter(pk=run.pk).first()


def run_of(workspace: Workspace) -> GateRun | None:
    """The last one."""
    return workspace.gate_runs.order_by("-created_at").first()
