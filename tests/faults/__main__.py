"""`python -m tests.faults`: the short form on both engines, in about two minutes. `--long` for a longer one, which also
kills the server at six marked points of a message's way (`marked.py`).

Prints one CSV line per figure. Exits with 1 when a promise was broken or a fault did not really happen.
"""

from __future__ import annotations

import argparse
import sys
from dataclasses import replace
from pathlib import Path

from tests.faults.engine import ENGINES, test_servers
from tests.faults.figures import Report, write
from tests.faults.run import Plan, run

SHORT = Plan()
LONG = Plan(messages=10_000, seconds=30.0, rounds=8)


def main() -> int:
    options = parse()
    plan = LONG if options.long else SHORT
    if options.seed is not None:
        plan = replace(plan, seed=options.seed)
    reports = [report for name in options.engines.split(",") if (report := one(name, plan, options))]
    write(reports)
    if options.csv:
        with options.csv.open("w") as file:
            write(reports, file)
    for report in reports:
        for text in report.details:
            print(f"{report.run}: {text}", file=sys.stderr)
    return int(not reports or any(report.failed for report in reports))


def parse() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m tests.faults", description=__doc__)
    parser.add_argument("--long", action="store_true", help="eight rounds of every fault, 10,000 messages")
    parser.add_argument("--engines", default=",".join(ENGINES), help="embedded, servers or both (default)")
    parser.add_argument("--require-all", action="store_true", help="fail where Postgres or Redis are not installed")
    parser.add_argument("--seed", type=int, help="of the dice")
    parser.add_argument("--logs", type=Path, help="keep what the servers wrote in this folder")
    parser.add_argument("--csv", type=Path, help="write the figures to this file as well")
    return parser.parse_args()


def one(name: str, plan: Plan, options: argparse.Namespace) -> Report | None:
    print(f"fault run: {name}", file=sys.stderr, flush=True)
    try:
        report = run(name, plan, options.logs)
        if not report.proves_nothing:
            return report
        # Chance had it that a fault did not happen: no promise was tested there, and none was broken.
        write([report], sys.stderr)
        print(f"fault run: {name} again, with other dice", file=sys.stderr, flush=True)
        return run(name, replace(plan, seed=plan.seed + 1), options.logs)
    except test_servers.Missing as error:
        if options.require_all:
            raise
        print(f"{name} is left out: {error} is not installed", file=sys.stderr)
        return None


if __name__ == "__main__":
    sys.exit(main())
