from __future__ import annotations

from celery import shared_task

from minichat.lib.files import sweep


@shared_task
def sweep_files() -> None:
    sweep.sweep()
