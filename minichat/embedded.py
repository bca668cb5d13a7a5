"""The embedded mode: without Redis one process does everything, jobs and clock included, in threads of its own."""

from __future__ import annotations

import fcntl
import logging
import threading
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import IO, Any

from celery.beat import EmbeddedService, Scheduler
from celery.concurrency.base import apply_target
from celery.concurrency.thread import ApplyResult, TaskPool
from celery.worker import WorkController
from celery.worker import state as worker_state
from django.conf import settings

from minichat.celery import app

logger = logging.getLogger(__name__)

WORKER_THREADS = 4
# An answer waits for a model most of its time, and each of them has somebody who waits for it.
ANSWER_THREADS = 64
ANSWERS = "answers"


class AlreadyRunning(Exception):
    """Another process serves from the same database file."""


class Threads(TaskPool):
    """Answers have threads of their own: they wait for models, and nothing else shall wait for them."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.executor = ThreadPoolExecutor(WORKER_THREADS, thread_name_prefix="job")
        self.answers = ThreadPoolExecutor(ANSWER_THREADS, thread_name_prefix="answer")

    def on_apply(self, target: Any, args: Any = None, kwargs: Any = None, *more: Any, **options: Any) -> ApplyResult:
        """Where Celery hands a task over; `args` begins with its name."""
        if queue_of(args[0]) != ANSWERS:
            return super().on_apply(target, args, kwargs, *more, **options)
        calls = {name: options.get(name) for name in ("callback", "accept_callback")}
        return ApplyResult(self.answers.submit(apply_target, target, args, kwargs, **calls))

    def on_stop(self) -> None:
        self.answers.shutdown(cancel_futures=True)
        super().on_stop()


def queue_of(task: str) -> str:
    return str(settings.CELERY_TASK_ROUTES.get(task, {}).get("queue", settings.CELERY_TASK_DEFAULT_QUEUE))


class Jobs:
    """A Celery worker and a scheduler as threads. What a killed process left behind is in the outbox, not here."""

    def __init__(self) -> None:
        routed = (route["queue"] for route in settings.CELERY_TASK_ROUTES.values())
        self.worker = WorkController(
            app=app,
            hostname="embedded@minichat",
            pool_cls=Threads,
            concurrency=WORKER_THREADS + ANSWER_THREADS,
            queues=sorted({settings.CELERY_TASK_DEFAULT_QUEUE, *routed}),
            without_heartbeat=True,
            without_mingle=True,
            without_gossip=True,
            loglevel="WARNING",
        )
        self.clock = EmbeddedService(app, thread=True, scheduler_cls=Scheduler)
        self.thread = threading.Thread(target=self.worker.start, name="worker", daemon=True)

    def start(self) -> None:
        self.thread.start()
        self.clock.start()
        for name in settings.TASKS_AT_START:
            app.send_task(name)

    def stop(self, timeout: float = 5.0) -> None:
        """Let the tasks that run finish; take no others."""
        self.clock.service.stop()
        worker_state.should_stop = 0
        self.thread.join(timeout)


def claim_database(name: str) -> IO[str]:
    """Hold the file `<database>-lock` for as long as this process lives; raises `AlreadyRunning`.

    Channel layer, cache and queue of the embedded mode live in the process: a second one would not hear the first.
    """
    handle = Path(f"{name}-lock").open("w")  # noqa: SIM115
    try:
        fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except OSError as error:
        handle.close()
        raise AlreadyRunning(name) from error
    return handle
