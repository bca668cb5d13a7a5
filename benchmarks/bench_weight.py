"""Bytes of the widget, and what a durable commit costs on SQLite."""

from __future__ import annotations

import sqlite3
import sys
import tempfile
import time
from pathlib import Path

import brotli

DIST = Path(__file__).resolve().parent.parent / "static" / "dist"
COMMITS = 300


def main() -> int:
    print("| file | raw | brotli |\n|---|---|---|")
    for name in ("widget.js", "frame.js", "widget.css"):
        source = (DIST / name).read_bytes()
        print(f"| {name} | {len(source):,} | {len(brotli.compress(source)):,} |")
    full, normal = commits_per_second("FULL"), commits_per_second("NORMAL")
    print(f"\nSQLite, one message-sized row per commit: synchronous=FULL {full:.0f}/s, NORMAL {normal:.0f}/s,", end=" ")
    print(f"so durability costs {normal / full:.1f} times; batches share one commit.")
    return 0


def commits_per_second(mode: str) -> float:
    with tempfile.TemporaryDirectory() as folder:
        connection = sqlite3.connect(Path(folder) / "x.sqlite3", isolation_level=None)
        connection.execute("PRAGMA journal_mode=WAL")
        connection.execute(f"PRAGMA synchronous={mode}")
        connection.execute("CREATE TABLE m (id INTEGER PRIMARY KEY, body TEXT)")
        began = time.perf_counter()
        for _ in range(COMMITS):
            connection.execute("INSERT INTO m (body) VALUES (?)", ["x" * 300])
        seconds = time.perf_counter() - began
        connection.close()
    return COMMITS / seconds


if __name__ == "__main__":
    sys.exit(main())
