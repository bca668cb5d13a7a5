"""Fetch the vendored browser files again and check them against their recorded sha256.

    python tools/vendor.py [static/vendor] [tests/browser/vendor]

Each folder's versions.json names the npm package, its version and the file inside the package. Node's
`npm pack` is needed only here; the files themselves are checked in.
"""

import hashlib
import json
import subprocess
import sys
import tarfile
import tempfile
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
FOLDERS = ("static/vendor", "tests/browser/vendor")


def fetch(entry: dict[str, str], folder: Path) -> bytes:
    package = f"{entry['name']}@{entry['version']}"
    archive = subprocess.run(
        ["npm", "pack", package, "--silent"], cwd=folder, check=True, capture_output=True, text=True
    ).stdout.strip()
    with tarfile.open(folder / archive) as tar:
        member = tar.extractfile(f"package/{entry['source']}")
        assert member is not None, f"{package} has no {entry['source']}"
        return member.read()


def update(folder: Path) -> None:
    for entry in json.loads((folder / "versions.json").read_text()):
        with tempfile.TemporaryDirectory() as scratch:
            content = fetch(entry, Path(scratch))
        found = hashlib.sha256(content).hexdigest()
        if found != entry["sha256"]:
            sys.exit(f"{entry['file']}: expected {entry['sha256']}, got {found}")
        (folder / entry["file"]).write_bytes(content)
        print(f"{entry['file']}: ok")


if __name__ == "__main__":
    for name in sys.argv[1:] or FOLDERS:
        update(ROOT / name)
