"""`make bench`: every benchmarks/bench_*.py in turn. They print a table and a ratio; they never fail a build."""

import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent


def main() -> int:
    scripts = sorted(ROOT.glob("benchmarks/bench_*.py"))
    if not scripts:
        print("There is no benchmarks/bench_*.py in this tree.")
        return 1
    for script in scripts:
        print(f"\n=== {script.name} ===", flush=True)
        subprocess.run([sys.executable, str(script)], cwd=ROOT)
    return 0


if __name__ == "__main__":
    sys.exit(main())
