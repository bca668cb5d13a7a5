"""`python -m benchmarks`: every table. `--quick` for a first look, `--only weight,lighthouse` for some."""

from __future__ import annotations

import argparse
import os
import time

from benchmarks import answers, lighthouse, messages, resting, retrieval, scale, start, sync, weight

PARTS = ("weight", "sync", "start", "messages", "resting", "answers", "scale", "retrieval", "lighthouse")


def main() -> int:
    options = parse()
    print(f"{os.cpu_count()} cores, load {os.getloadavg()[0]:.1f} at start; compare inside one table only")
    began = time.monotonic()
    for part in options.only.split(","):
        if part == "weight":
            weight.run()
        elif part == "sync":
            sync.run(commits=100 if options.quick else 400)
        elif part == "lighthouse":
            lighthouse.run(rounds=1 if options.quick else 5)
        elif part == "scale":
            scale.run(scale.chosen(options.size, quick=options.quick))
        elif part == "retrieval":
            retrieval.run(limit=50 if options.quick else None)
        elif part == "answers":
            answers.run(answers.QUICK if options.quick else answers.FULL)
        elif part == "resting":
            resting.run(visitors=200 if options.quick else 1000, seconds=18 if options.quick else 60)
        elif part == "start":
            start.run(cold=not options.quick)
        else:
            messages.run(messages.QUICK if options.quick else messages.FULL)
    print(f"took {time.monotonic() - began:.0f} s, load {os.getloadavg()[0]:.1f} at the end")
    return 0


def parse() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m benchmarks", description=__doc__)
    parser.add_argument("--quick", action="store_true", help="one short round; no installation from nothing")
    parser.add_argument("--only", default=",".join(PARTS), help="comma list of " + ", ".join(PARTS))
    parser.add_argument(
        "--size", type=int, default=0, help="scale: up to so many conversations (1000000 takes minutes)"
    )
    options = parser.parse_args()
    unknown = set(options.only.split(",")) - set(PARTS)
    if unknown:
        parser.error(f"there is no {', '.join(sorted(unknown))}; choose from {', '.join(PARTS)}")
    return options


if __name__ == "__main__":
    raise SystemExit(main())
