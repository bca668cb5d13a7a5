"""The queue. In the embedded mode its broker is this process's memory and its worker a thread (`minichat.embedded`)."""

from __future__ import annotations

import os
import sys
from typing import Any

from celery import Celery
from celery.beat import Scheduler
from celery.signals import beat_init, celeryd_init, setup_logging

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "minichat.settings")

app = Celery("minichat")
app.config_from_object("django.conf:settings", namespace="CELERY")
app.autodiscover_tasks()

NEEDS_REDIS = (
    "This process would wait for jobs that never come: without REDIS_URL they run inside `python -m minichat.serve`. "
    "Set REDIS_URL for the worker, the beat and the web process alike.\n"
)


@setup_logging.connect
def keep_our_logging(**kwargs: Any) -> None:
    """Connecting is enough: Celery then leaves the handlers of LOGGING alone."""


@celeryd_init.connect
def worker_needs_redis(conf: Any, **kwargs: Any) -> None:
    _refuse_memory_broker(conf.broker_url)


@beat_init.connect
def beat_needs_redis(sender: Any, **kwargs: Any) -> None:
    # The embedded clock uses the plain scheduler; the command keeps its times in a file.
    if sender.scheduler_cls is not Scheduler:
        _refuse_memory_broker(sender.app.conf.broker_url)


def _refuse_memory_broker(url: str) -> None:
    if url.startswith("memory:"):
        sys.stderr.write(NEEDS_REDIS)
        sys.exit(1)
