"""Sockets that say nothing, and an operator's that stops reading: memory, drops, and what the others notice."""

from __future__ import annotations

from benchmarks.messages import Load, Opened, Result, measure, stores, variants
from benchmarks.table import Cell, ratio, show

CHOSEN = ("MiniChat, Postgres", "plain, Postgres", "MiniChat, SQLite")
# In a minute over a megabyte while it sleeps, the most that we keep for one; the plain app keeps up with so many.
SLOW = ["--visitors", "50", "--operators", "3", "--rate", "60", "--size", "1800", "--max-seconds", "170"]


def run(*, visitors: int, seconds: int) -> None:
    silent = ["connect", "--visitors", str(visitors), "--operators", "1", "--max-seconds", "300"]
    idle = Load("idle", [*silent, "--seconds", str(seconds)])
    slow = Load("slow", ["slow", *SLOW, "--seconds", str(seconds)], {"BENCH_BEGUN": "1"})
    with stores() as where:
        chosen = {name: opened for name, opened in variants(where).items() if name in CHOSEN}
        resting = [(name, *at_rest(fresh(opened, idle))) for name, opened in chosen.items()]
        show(f"{visitors} visitors connected, {seconds} s of silence", ("", "KiB each", "dropped"), resting)
        asleep = [(name, *beside_a_sleeper(fresh(opened, slow))) for name, opened in chosen.items()]
    header = ("", "p99 ms before", "p99 ms meanwhile", "ratio", "MiB more", "closed", "p99 ms after")
    show("One of three operators stops reading, 60 messages of 1.8 KB a second", header, asleep)


def fresh(opened: Opened, load: Load) -> Result:
    """In a server of its own: what another load has left in memory is not counted."""
    with opened() as site:
        return measure(site, load)


def at_rest(result: Result) -> list[Cell]:
    return [result["kib_per_idle_conn"], result["dropped_while_idle"]]


def beside_a_sleeper(result: Result) -> list[Cell]:
    # Times are of the first operator; it is the last that sleeps.
    before, meanwhile, after = (result[phase]["visitor_to_operator_ms"] for phase in ("before", "while_slow", "after"))
    grown, closed = result["while_slow"]["rss_growth_mib"], "yes" if result["slow_closed_by_server"] else "no"
    return [before["p99"], meanwhile["p99"], ratio(meanwhile["p99"], before["p99"]), grown, closed, after["p99"]]
