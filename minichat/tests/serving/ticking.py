"""The embedded worker and clock for a few seconds: `python -m minichat.tests.serving.ticking`."""

from __future__ import annotations

import threading
import time

import django
from django.conf import settings

django.setup()

from minichat.celery import app  # noqa: E402
from minichat.embedded import Jobs  # noqa: E402


@app.task(name="tests.tick")
def tick() -> None:
    where = "the main thread" if threading.current_thread() is threading.main_thread() else "a worker thread"
    print(f"tick in {where}", flush=True)


# As many answers as are waited for at once.
together = threading.Barrier(20)


@app.task(name="tests.meet")
def meet() -> None:
    together.wait(10)
    print("met", flush=True)


if __name__ == "__main__":
    app.conf.beat_schedule = {"tick": {"task": "tests.tick", "schedule": 0.5}}
    settings.CELERY_TASK_ROUTES = {**settings.CELERY_TASK_ROUTES, "tests.meet": {"queue": "answers"}}
    jobs = Jobs()
    jobs.start()
    for _ in range(together.parties):
        meet.apply_async(queue="answers")
    time.sleep(5)
    jobs.stop()
    jobs.clock.join(5)
    alive = [
        f"{name} {'lives' if thread.is_alive() else 'ended'}"
        for name, thread in (("worker", jobs.thread), ("clock", jobs.clock))
    ]
    print(", ".join(alive), flush=True)
