"""The message path against the plain app: CPU, throughput, latency, and 500 conversations at once (T3-T6)."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import tempfile
from collections import defaultdict
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, ExitStack, contextmanager
from dataclasses import dataclass, field
from functools import partial
from importlib.util import find_spec
from pathlib import Path
from typing import Any

from benchmarks import sites
from benchmarks.sites import PEER, Site, Stores
from benchmarks.table import Cell, median, ratio, show
from tests.faults.engine import test_servers

Opened = Callable[[], AbstractContextManager[Site]]
Result = dict[str, Any]


@dataclass(frozen=True)
class Load:
    """One question to the load driver; `environment` is for the adapter."""

    name: str
    arguments: list[str]
    environment: dict[str, str] = field(default_factory=dict)


@dataclass(frozen=True)
class Effort:
    rounds: int
    seconds: int

    def loads(self, *, begins: bool) -> list[Load]:
        """`begins`: whether the side begins conversations when they are written to. The plain app is seeded with them,
        so what is compared is words in conversations that there are; how 500 new ones begin at once is told besides.
        """
        few = ["--visitors", "50", "--operators", "3"]
        many = ["--visitors", "500", "--operators", "3"]
        burst = ["throughput", *many, "--seconds", str(max(3, self.seconds - 2)), "--drain", "8"]
        begun = {"BENCH_BEGUN": "1"}
        return [
            Load("steady", ["latency", *few, "--rate", "40", "--seconds", str(self.seconds)], begun),
            Load("busy", ["throughput", *few, "--seconds", str(self.seconds)], begun),
            Load("burst", burst, begun),
            *([Load("new", burst)] if begins else []),
        ]


QUICK = Effort(rounds=1, seconds=4)
FULL = Effort(rounds=2, seconds=6)


def run(effort: Effort) -> None:
    with stores() as where:
        results = series(variants(where), effort)
        tell(results, effort)


@contextmanager
def stores() -> Iterator[Stores]:
    """Postgres writes to disk as it does in production."""
    with ExitStack() as stack:
        folder = Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="minichat-bench-")))
        folder.chmod(0o755)
        try:
            postgres = stack.enter_context(test_servers.postgres(folder, durable=True))
            redis = stack.enter_context(test_servers.redis(folder))
        except test_servers.Missing as error:
            print(f"Postgres and Redis are left out: {error} is not installed")
            postgres = redis = None
        yield Stores(folder, postgres, redis)


def variants(where: Stores) -> dict[str, Opened]:
    embedded = {
        "MiniChat, SQLite": partial(sites.minichat, "minichat", where, embedded=True),
        "plain, SQLite": partial(sites.peer, "plain", where, embedded=True),
    }
    if where.postgres is None or where.redis is None:
        return embedded
    ours = partial(sites.minichat, "minichat", where, embedded=False)
    return {
        "MiniChat, Postgres": ours,
        **({"MiniChat on uvicorn": partial(ours, server=sites.UVICORN)} if find_spec("uvicorn") else {}),
        "plain, Postgres": partial(sites.peer, "plain", where, embedded=False),
        "sketch, Postgres": partial(sites.peer, "sketch", where, embedded=False, step="3"),
        **embedded,
    }


def series(chosen: dict[str, Opened], effort: Effort) -> dict[str, dict[str, list[Result]]]:
    """Round by round, all variants in each: what disturbs the machine disturbs them all."""
    results: dict[str, dict[str, list[Result]]] = defaultdict(lambda: defaultdict(list))
    for number in range(1, effort.rounds + 1):
        for name, opened in chosen.items():
            with opened() as site:
                for load in effort.loads(begins=name.startswith("MiniChat")):
                    print(f"round {number}: {name}, {load.name}", file=sys.stderr, flush=True)
                    results[name][load.name].append(measure(site, load))
    return results


def measure(site: Site, load: Load) -> Result:
    command = [sys.executable, str(PEER / "ws_load.py"), *load.arguments, "--adapter", str(site.adapter)]
    where = ["--base", site.base, "--pid", str(site.process.pid), "--label", site.label]
    environment = {**os.environ, **site.environment, **load.environment}
    done = subprocess.run([*command, *where], env=environment, capture_output=True, timeout=360)
    if done.returncode:
        raise RuntimeError(done.stderr.decode()[-1500:])
    return json.loads(done.stdout.decode().splitlines()[-1])


# --- Telling ----------------------------------------------------------------------------------------------------------


def tell(results: dict[str, dict[str, list[Result]]], effort: Effort) -> None:
    header = ("", "p50 ms", "p99 ms", "CPU ms/msg", "msg/s", "msg/s 500", "p99 ms 500", "not seen / sent 500")
    rows = [(name, *figures(by_load)) for name, by_load in results.items()]
    show(f"Message path, median of {effort.rounds} round(s) (40 msg/s | 50 conversations | 500 at once)", header, rows)
    show(
        "500 new conversations at once",
        ("", "msg/s", "p99 ms", "not seen / sent"),
        [(name, *crowd(by_load["new"])) for name, by_load in results.items() if "new" in by_load],
    )
    by_name = {row[0]: row[1:] for row in rows}
    for store in ("Postgres", "SQLite"):
        if f"MiniChat, {store}" in by_name:
            compare(store, by_name[f"MiniChat, {store}"], by_name[f"plain, {store}"])


def figures(by_load: dict[str, list[Result]]) -> list[Cell]:
    steady, busy = by_load["steady"], by_load["busy"]
    return [
        median([seen(one, "p50") for one in steady]),
        median([seen(one, "p99") for one in steady]),
        median([one["server_cpu_ms_per_msg"] for one in busy]),
        median([one["msgs_per_s"] for one in busy]),
        *crowd(by_load["burst"]),
    ]


def crowd(burst: list[Result]) -> list[Cell]:
    unseen, sent = sum(one["lost_live"] for one in burst), sum(one["sent"] for one in burst)
    return [
        median([one["msgs_per_s"] for one in burst]),
        median([seen(one, "p99") for one in burst]),
        f"{unseen} / {sent}",
    ]


def seen(result: Result, key: str) -> float | None:
    times = result["visitor_to_operator_ms"]
    return times[key] if times else None


def compare(store: str, ours: list[Any], theirs: list[Any]) -> None:
    show(
        f"MiniChat against the plain app on {store}, same series",
        ("", "ratio", "wanted"),
        [
            ("T3 CPU per message, plain : MiniChat", ratio(theirs[2], ours[2]), ">= 6x"),
            ("T3 CPU per message, ms", ours[2], "<= 1.0"),
            ("T4 messages per second, MiniChat : plain", ratio(ours[3], theirs[3]), ">= 10x"),
            ("T5 p50 at 40 msg/s, MiniChat : plain", ratio(ours[0], theirs[0]), "<= 0.6x"),
            ("T6 not seen live, 500 at once", ours[6], "0"),
            ("T6 p99 at 500, ms", ours[5], "<= 1000"),
        ],
    )
