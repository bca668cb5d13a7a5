"""A whole MiniChat in processes of its own, behind the relay: started, killed and started again."""

from __future__ import annotations

import asyncio
import json
import os
import signal
import subprocess
import sys
import time
import urllib.error
import urllib.request
from pathlib import Path
from typing import Any

from tests.faults.engine import ROOT, Engine, test_servers
from tests.faults.relay import Relay

READY_SECONDS = 30.0


class House:
    def __init__(self, engine: Engine, folder: Path, relay: Relay, smtp_port: int) -> None:
        self.engine = engine
        self.folder = folder
        self.ports = [test_servers.free_port() for _ in range(engine.web_processes)]
        self.url = f"http://127.0.0.1:{relay.port}"
        self.environment = {
            **{name: os.environ[name] for name in ("PATH", "HOME", "LANG") if name in os.environ},
            **engine.environment,
            "ENV_FILE": os.devnull,
            "MINICHAT_MODE": "selfhost",
            "SECRET_KEY": "fault-runs-0123456789-abcdefghijklmnopqr",
            "BASE_URL": self.url,
            "ALLOWED_HOSTS": "127.0.0.1",
            "HOST": "127.0.0.1",
            # Each visitor comes from a network of its own, as the proxy in front would say.
            "TRUSTED_PROXIES": "1",
            "THROTTLE_SCALE": "100000",
            "EMAIL_HOST": "127.0.0.1",
            "EMAIL_PORT": str(smtp_port),
            "LOG_FORMAT": "text",
            "LOG_LEVEL": "INFO",
        }
        self.web: list[subprocess.Popen[bytes] | None] = [None] * len(self.ports)
        self.jobs: list[subprocess.Popen[bytes]] = []
        self.kills = 0
        self.started_in: list[float] = []

    # --- Building ----------------------------------------------------------------------------------------------------

    def build(self) -> dict[str, Any]:
        """An empty database with the people of the run in it."""
        self.manage("migrate", "-v0")
        self.manage("collectstatic", "--noinput", "-v0")
        return json.loads(self.python("-m", "tests.faults.seed"))

    def manage(self, *arguments: str) -> str:
        return self.python("manage.py", *arguments)

    def python(self, *arguments: str) -> str:
        done = subprocess.run([sys.executable, *arguments], cwd=ROOT, env=self.environment, capture_output=True)
        if done.returncode:
            raise RuntimeError(f"{' '.join(arguments)}: {done.stderr.decode()[-2000:]}")
        return done.stdout.decode()

    # --- Running -----------------------------------------------------------------------------------------------------

    def alive(self) -> list[int]:
        """Ports where a process should be listening."""
        return [port for port, process in zip(self.ports, self.web, strict=True) if process and process.poll() is None]

    async def start_all(self) -> None:
        await asyncio.gather(*(self.start(number) for number in range(len(self.ports))))

    async def start(self, number: int) -> None:
        began = time.monotonic()
        port = self.ports[number]
        with (self.folder / f"web-{number}.log").open("ab") as log:
            self.web[number] = subprocess.Popen(
                [sys.executable, "-m", "tests.faults.marked", "--port", str(port)],
                cwd=ROOT,
                env={**self.environment, "FAULT_POINT": str(self._point(number))},
                stdout=log,
                stderr=log,
            )
        while not await asyncio.to_thread(is_ready, port):
            if time.monotonic() - began > READY_SECONDS:
                raise RuntimeError(f"web {number} was not ready within {READY_SECONDS:.0f} s")
            await asyncio.sleep(0.05)
        self.started_in.append(time.monotonic() - began)

    def kill(self, number: int = 0) -> bool:
        """`kill -9`; says whether the process was alive and died of it."""
        process = self.web[number]
        if process is None or process.poll() is not None:
            return False
        process.kill()
        died = process.wait() == -signal.SIGKILL
        self.kills += died
        return died

    async def kill_at(self, point: str, number: int, patience: float) -> bool:
        """Arm a marked point; says whether the process died there before `patience` ran out."""
        process = self.web[number]
        assert process is not None
        self._point(number).write_text(point)
        process.send_signal(signal.SIGUSR1)
        deadline = time.monotonic() + patience
        while process.poll() is None and time.monotonic() < deadline:
            await asyncio.sleep(0.01)
        died = process.poll() == -signal.SIGKILL
        self.kills += died
        return died

    def _point(self, number: int) -> Path:
        return self.folder / f"point-{number}"

    async def terminate(self, number: int = 0) -> int:
        """The orderly end; returns the exit code."""
        process = self.web[number]
        assert process is not None
        process.terminate()
        return await asyncio.to_thread(process.wait, 40)

    def start_jobs(self, *kinds: str) -> None:
        """Celery's worker or beat, as the Procfile has them; the embedded house has both inside."""
        options = {
            "worker": ["worker", "--queues", "default,mail,ai", "--concurrency", "1"],
            "beat": ["beat", "--schedule", str(self.folder / "beat")],
        }
        for kind in kinds:
            command = [sys.executable, "-m", "celery", "-A", "minichat", *options[kind], "--loglevel", "WARNING"]
            with (self.folder / f"{kind}.log").open("ab") as log:
                self.jobs.append(subprocess.Popen(command, cwd=ROOT, env=self.environment, stdout=log, stderr=log))

    def close(self) -> None:
        for process in [*self.web, *self.jobs]:
            if process is not None and process.poll() is None:
                process.kill()
                process.wait()


def is_ready(port: int) -> bool:
    try:
        with urllib.request.urlopen(f"http://127.0.0.1:{port}/health/ready", timeout=5):
            return True
    except (OSError, urllib.error.HTTPError):
        return False
