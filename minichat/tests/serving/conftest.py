"""A real server in a process of its own, on the test database: signals and bytes on the wire show nowhere else."""

from __future__ import annotations

import os
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import urlsplit, urlunsplit

import pytest
from django.conf import settings
from django.db import connection

START_SECONDS = 30.0
SECRET_KEY = "serving-0123456789-abcdefghijklmnopqrstuv"


@dataclass
class Served:
    process: subprocess.Popen[str]
    port: int
    folder: Path

    @property
    def authority(self) -> str:
        return f"127.0.0.1:{self.port}"

    def ended(self, seconds: float = 30) -> int:
        return self.process.wait(seconds)

    def output(self) -> str:
        return (self.folder / "output").read_text()

    def wait_for(self, text: str, seconds: float = 20) -> None:
        """Until it has said so; a busy machine takes its time."""
        deadline = time.monotonic() + seconds
        while text not in self.output():
            assert time.monotonic() < deadline, f"never said {text!r}:\n{self.output()}"
            time.sleep(0.05)


def free_port() -> int:
    with closing(socket.socket()) as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


def database_url() -> str:
    """The migrated test database of this worker."""
    name = connection.settings_dict["NAME"]
    if connection.vendor == "sqlite":
        return f"sqlite:///{name}"
    return urlunsplit(urlsplit(os.environ["DATABASE_URL"])._replace(path=f"/{name}"))


@pytest.fixture
def environment(django_db_serialized_rollback: None, transactional_db: None, tmp_path: Path) -> dict[str, str]:
    """What a server of `make run` would find, with a folder for temporary files that belongs to this test."""
    temporary = tmp_path / "tmp"
    temporary.mkdir()
    passed = ("PATH", "HOME", "REDIS_URL")
    return {
        **{name: os.environ[name] for name in passed if name in os.environ},
        "ENV_FILE": os.devnull,
        "MINICHAT_MODE": "local",
        "SECRET_KEY": SECRET_KEY,
        "DEMO_PASSWORD": "tests-only-demo",
        "DATABASE_URL": database_url(),
        "TMPDIR": str(temporary),
        "MEDIA_ROOT": str(tmp_path / "media"),
    }


@pytest.fixture
def start(environment: dict[str, str], tmp_path: Path) -> Iterator[Callable[..., Served]]:
    """Start `python -m <module>` on a free port and wait until it answers; ended with the test."""
    processes: list[subprocess.Popen[str]] = []

    def run(module: str = "minichat.serve", **changes: str) -> Served:
        port = free_port()
        with (tmp_path / "output").open("w") as output:
            process = subprocess.Popen(
                [sys.executable, "-m", module, "--port", str(port)],
                cwd=settings.BASE_DIR,
                env={**environment, **changes},
                stdout=output,
                stderr=output,
                text=True,
            )
        processes.append(process)
        served = Served(process, port, tmp_path)
        _wait(served, _answers if module == "minichat.serve" else _listens)
        return served

    yield run
    for process in processes:
        end(process)


def end(process: subprocess.Popen[str]) -> None:
    if process.poll() is None:
        process.kill()
    process.wait()


def _answers(port: int) -> bool:
    """Not only listens: the port is open a moment before the server hears signals."""
    with closing(socket.socket()) as probe:
        probe.settimeout(2)
        try:
            probe.connect(("127.0.0.1", port))
            probe.sendall(b"GET /health/live HTTP/1.0\r\n\r\n")
            return bool(probe.recv(1))
        except OSError:
            return False


def _listens(port: int) -> bool:
    """For servers that count each request as one of the test's."""
    with closing(socket.socket()) as probe:
        return probe.connect_ex(("127.0.0.1", port)) == 0


def _wait(served: Served, is_up: Callable[[int], bool]) -> None:
    deadline = time.monotonic() + START_SECONDS
    while served.process.poll() is None and time.monotonic() < deadline:
        if is_up(served.port):
            return
        time.sleep(0.05)
    pytest.fail(f"the server did not start:\n{served.output()}")
