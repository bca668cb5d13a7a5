"""A cold `make run` in an empty folder, downloads included, and a warm one."""

from __future__ import annotations

import os
import signal
import socket
import subprocess
import sys
import tempfile
import time
import urllib.request
from contextlib import closing
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
PATIENCE = 300


def main() -> int:
    with tempfile.TemporaryDirectory(prefix="minichat-cold-") as folder:
        clone = Path(folder) / "minichat"
        subprocess.run(["git", "clone", "-q", str(ROOT), str(clone)], check=True)
        print("| make run | seconds until it answers |\n|---|---|")
        for name in ("cold", "warm"):
            print(f"| {name} | {seconds_to_serve(clone):.1f} |", flush=True)
    return 0


def seconds_to_serve(clone: Path) -> float:
    with closing(socket.socket()) as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    environment = {name: os.environ[name] for name in ("PATH", "HOME") if name in os.environ}
    began = time.monotonic()
    process = subprocess.Popen(
        ["make", "run", f"PORT={port}"],
        cwd=clone,
        env=environment,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
        start_new_session=True,
    )
    try:
        while not answers(port):
            if process.poll() is not None or time.monotonic() - began > PATIENCE:
                raise SystemExit("make run did not come up")
            time.sleep(0.1)
        return time.monotonic() - began
    finally:
        if process.poll() is None:
            os.killpg(process.pid, signal.SIGTERM)
            process.wait(60)


def answers(port: int) -> bool:
    try:
        with urllib.request.urlopen(f"http://127.0.0.1:{port}/health/ready", timeout=2) as answer:
            return answer.status == 200
    except OSError:
        return False


if __name__ == "__main__":
    sys.exit(main())
