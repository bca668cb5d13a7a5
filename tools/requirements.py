"""Bring docs/security/requirements.csv up to date: which tests carry the id of which security requirement.

    .venv/bin/python tools/requirements.py

Id, what it asks for and status are written by hand, the tests are found by the id in their name (`test_SR07_…`). A
status is `done` (then it needs a test) or `planned: <room>`. minichat/tests/test_requirements.py compares.
"""

import csv
import io
import re
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
FILE = ROOT / "docs" / "security" / "requirements.csv"
COLUMNS = ["id", "asks for", "status", "tests"]
NAMED = re.compile(r"def (test_\w*?sr_?(\d\d)_\w+)", re.IGNORECASE)
SKIPPED = {".venv", "node_modules", "staticfiles"}


def tests() -> dict[str, list[str]]:
    """`SR-07` → `path::name` of every test that carries it."""
    found: dict[str, list[str]] = {}
    for path in sorted(ROOT.rglob("test_*.py")):
        place = path.relative_to(ROOT)
        if SKIPPED.isdisjoint(place.parts):
            for name, number in NAMED.findall(path.read_text(encoding="utf-8")):
                found.setdefault(f"SR-{number}", []).append(f"{place}::{name}")
    return found


def rows() -> list[dict[str, str]]:
    """One per id, in their order: what two branches have changed at once a merge may have written down twice."""
    with FILE.open(encoding="utf-8", newline="") as file:
        found = {row["id"]: row for row in sorted(csv.DictReader(file), key=lambda row: row["status"] == "done")}
    return [found[key] for key in sorted(found)]


def text() -> str:
    """The file as it should be."""
    out, found = io.StringIO(), tests()
    writer = csv.DictWriter(out, COLUMNS, lineterminator="\n")
    writer.writeheader()
    for row in rows():
        writer.writerow({**row, "tests": " ".join(found.get(row["id"], []))})
    return out.getvalue()


def main() -> int:
    FILE.write_text(text(), encoding="utf-8")
    bare = [row["id"] for row in rows() if row["status"] == "done" and not row["tests"]]
    print(f"{FILE.relative_to(ROOT)}: {len(rows())} requirements" + (f"; done without a test: {bare}" if bare else ""))
    return int(bool(bare))


if __name__ == "__main__":
    sys.exit(main())
