"""The embedded worker and clock for a few seconds: `python -m minichat.tests.serving.ticking`."""

from __future__ import annotations

import threading
import time

import django

django.setup()

from minichat.celery import app  # noqa: E402
from minichat.embedded import Jobs  # noqa: E402


@app.task(name="tests.tick")
def tick() -> None:
    where = "the main thread" if threading.current_thread() is threading.main_thread() else "a worker thread"
    print(f"tick in {where}", flush=True)


if __name__ == "__main__":
    app.conf.beat_schedule = {"tick": {"task": "tests.tick", "schedule": 0.5}}
    jobs = Jobs()
    jobs.start()
    time.sleep(4)
    jobs.stop()
    jobs.clock.join(5)
    alive = [
        f"{name} {'lives' if thread.is_alive() else 'ended'}"
        for name, thread in (("worker", jobs.thread), ("clock", jobs.clock))
    ]
    print(", ".join(alive), flush=True)
