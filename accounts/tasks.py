from __future__ import annotations

from celery import shared_task

from accounts import actions, exports, sessions


@shared_task
def build_export(pk: str) -> None:
    actions.build_export(pk)


@shared_task
def sweep_exports() -> None:
    """What a dead process left half-built, and what has been handed out for a day."""
    for pk in exports.unfinished():
        actions.build_export(pk)
    for export in exports.expired():
        exports.drop(export)


@shared_task
def sweep_sessions() -> None:
    sessions.sweep()
