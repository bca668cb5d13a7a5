"""From an empty folder to a served page: `make run` as a newcomer types it, and once more."""

from __future__ import annotations

import os
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from pathlib import Path

from benchmarks.sites import answers, plain_environment
from benchmarks.table import show
from tests.faults.engine import ROOT, test_servers

COLD_SECONDS = 500.0
# What is made by running, testing and building; a newcomer has none of it.
MADE_HERE = shutil.ignore_patterns(
    ".git", ".venv", ".env", "node_modules", "staticfiles", "var", "*.sqlite3*", "*.mo", "__pycache__", ".*_cache"
)


def run(*, cold: bool) -> None:
    with tempfile.TemporaryDirectory(prefix="minichat-start-") as name:
        folder = Path(name) / "minichat"
        shutil.copytree(ROOT, folder, ignore=MADE_HERE)
        if not cold:
            (folder / ".venv").symlink_to(ROOT / ".venv")
        first = "first run, packages installed on the way" if cold else "first run, packages at hand"
        rows = [(first, start(folder)), ("second run", start(folder))]
    show("make run until the first page is served", ("", "seconds"), rows)


def start(folder: Path) -> float:
    port = test_servers.free_port()
    python = str(Path(sys.base_prefix) / "bin" / "python3")
    command = ["make", "run", f"PORT={port}", f"PYTHON={python}"]
    began = time.monotonic()
    with (folder.parent / "make.log").open("ab") as log:
        process = subprocess.Popen(
            command, cwd=folder, env=plain_environment(), stdout=log, stderr=log, start_new_session=True
        )
    try:
        while not answers(f"http://127.0.0.1:{port}/"):
            if process.poll() is not None or time.monotonic() - began > COLD_SECONDS:
                raise RuntimeError((folder.parent / "make.log").read_text()[-1500:])
            time.sleep(0.05)
        return time.monotonic() - began
    finally:
        # make, and what it started.
        os.killpg(process.pid, signal.SIGTERM)
        process.wait(40)
