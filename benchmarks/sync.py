"""What it costs that an acknowledged message survives a power cut: SQLite's `synchronous` FULL against NORMAL."""

from __future__ import annotations

import json
import os
import statistics
import sys
import tempfile
import time
import uuid
from pathlib import Path
from typing import Any

from benchmarks.sites import call, plain_environment
from benchmarks.table import show
from tests.faults.engine import ROOT

BATCH = 50
LEVELS = {"FULL": 2, "NORMAL": 1}


def run(commits: int) -> None:
    with tempfile.TemporaryDirectory(prefix="minichat-bench-") as folder:
        environment = {
            **plain_environment(),
            "ENV_FILE": os.devnull,
            "MINICHAT_MODE": "local",
            "SECRET_KEY": "benchmarks-0123456789-abcdefghijklmnopqr",
            "DATABASE_URL": f"sqlite:///{Path(folder) / 'sync.sqlite3'}",
            "THROTTLE_SCALE": "100000",
        }
        call(["manage.py", "migrate", "-v0"], ROOT, environment)
        told = call(["-m", "benchmarks.sync", str(commits)], ROOT, environment)
    times = json.loads(told.splitlines()[-1])
    rows = [(name, *(value for size in ("1", str(BATCH)) for value in _row(times[name][size]))) for name in LEVELS]
    more = [times["FULL"][size][0] / times["NORMAL"][size][0] for size in ("1", str(BATCH))]
    header = ("synchronous", "1 message p50 ms", "p99 ms", f"batch of {BATCH} p50 ms", "p99 ms")
    show("A commit of visitor messages on SQLite", header, [*rows, ("FULL : NORMAL", more[0], "", more[1], "")])


def _row(pair: list[float]) -> tuple[float, float]:
    return pair[0], pair[1]


# --- In a process with Django -----------------------------------------------------------------------------------------


def measure(commits: int) -> dict[str, dict[str, tuple[float, float]]]:
    """Both levels in turn, commit by commit, so that the disk's moods hit both alike."""
    visitors = _visitors()
    taken: dict[tuple[str, int], list[float]] = {}
    for number in range(commits):
        for size in (1, BATCH):
            if size > 1 and number % 8:
                continue
            for level in LEVELS:
                taken.setdefault((level, size), []).append(_commit(visitors[:size], level))
    return {level: {str(size): _summary(taken[level, size]) for size in (1, BATCH)} for level in LEVELS}


def _commit(visitors: list[Any], level: str) -> float:
    from django.db import connection

    from chat import actions

    with connection.cursor() as cursor:
        cursor.execute(f"PRAGMA synchronous={LEVELS[level]}")
    posts = [actions.VisitorPost(visitor, "How long does it take?", uuid.uuid4()) for visitor in visitors]
    began = time.perf_counter()
    actions.post_visitor_messages(posts)
    return (time.perf_counter() - began) * 1000


def _visitors() -> list[Any]:
    from chat.models import Inbox
    from chat.widget.access import new_visitor
    from tests.faults.seed import seed

    seed()
    inbox = Inbox.unscoped.select_related("workspace").get(workspace__slug="acme")
    return [new_visitor(inbox, language="en")[0] for _ in range(BATCH)]


def _summary(values: list[float]) -> tuple[float, float]:
    return statistics.median(values), sorted(values)[int(len(values) * 0.99)]


def main() -> None:
    import django

    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "minichat.settings")
    django.setup()
    sys.stdout.write(json.dumps(measure(int(sys.argv[1]))))


if __name__ == "__main__":
    main()
