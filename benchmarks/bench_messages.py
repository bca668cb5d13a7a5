"""Visitor to operator: MiniChat beside the plain Channels app and its optimised twin, in one interleaved series."""

from __future__ import annotations

import argparse
import json
import os
import subprocess
import sys
import tempfile
import time
import urllib.request
from contextlib import ExitStack, contextmanager
from pathlib import Path
from urllib.parse import urlsplit

ROOT = Path(__file__).resolve().parent.parent
PEER = ROOT / "benchmarks" / "peer"
sys.path.insert(0, str(ROOT / "tools"))

from test_servers import Missing, free_port, postgres, redis  # noqa: E402

MODES = {
    "40/s": ["latency", "--visitors", "50", "--rate", "40", "--seconds", "6"],
    "50 busy": ["throughput", "--visitors", "50", "--seconds", "6"],
    "500 at once": ["throughput", "--visitors", "500", "--seconds", "4", "--drain", "8"],
}
SETUP = """
from django.contrib.auth import BACKEND_SESSION_KEY, HASH_SESSION_KEY, SESSION_KEY
from django.conf import settings
from django.contrib.sessions.backends.db import SessionStore
from accounts.models import User
from workspaces.actions import create_workspace
user = User.objects.create_user("bench@minichat.test", "not a password", name="Bench")
workspace = create_workspace(user, name="Bench", slug="bench", plan="business")
workspace.entitlements.visitor_messages = None
workspace.entitlements.save()
session = SessionStore()
session[SESSION_KEY] = str(user.pk)
session[BACKEND_SESSION_KEY] = settings.AUTHENTICATION_BACKENDS[0]
session[HASH_SESSION_KEY] = user.get_session_auth_hash()
session.save()
print("BENCH", workspace.inboxes.get().widget_key, workspace.slug, session.session_key)
"""


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rounds", type=int, default=1)
    options = parser.parse_args()
    with ExitStack() as stack:
        folder = Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="minichat-bench-")))
        folder.chmod(0o755)
        try:
            database, queue = stack.enter_context(postgres(folder)), stack.enter_context(redis(folder))
        except Missing as error:
            print(f"left out: {error}")
            return 0
        sides = [
            Naive("naive", folder, database, queue, {"CONN": "600", "LAYER": "core"}),
            Naive("naive, optimised", folder, database, queue, {"STEP": "3", "CONN": "600"}),
            MiniChat("MiniChat", folder, database.rsplit("/", 1)[0] + "/minichat", queue),
            MiniChat("MiniChat on SQLite", folder, f"sqlite:///{folder}/bench.sqlite3", ""),
        ]
        for side in sides:
            side.prepare()
        results: dict[str, dict[str, list[dict]]] = {side.name: {mode: [] for mode in MODES} for side in sides}
        for _ in range(options.rounds):
            for side in sides:
                with side.running() as (port, pid):
                    for mode, arguments in MODES.items():
                        results[side.name][mode].append(side.measure(port, pid, arguments))
        report(results)
    return 0


class Side:
    def __init__(self, name: str, folder: Path, database: str, queue: str) -> None:
        self.name, self.folder, self.database, self.queue = name, folder, database, queue
        self.environment: dict[str, str] = {name: os.environ[name] for name in ("PATH", "HOME") if name in os.environ}

    adapter, ready = "", "/"
    cwd = ROOT

    def command(self, port: int) -> list[str]:
        raise NotImplementedError

    @contextmanager
    def running(self):  # noqa: ANN201
        port = free_port()
        with (self.folder / f"{self.name}.log").open("ab") as log:
            process = subprocess.Popen(
                self.command(port), cwd=self.cwd, env={**self.environment, "PORT": str(port)}, stdout=log, stderr=log
            )
        try:
            wait(f"http://127.0.0.1:{port}{self.ready}")
            yield port, process.pid
        finally:
            process.terminate()
            process.wait(60)

    def measure(self, port: int, pid: int, arguments: list[str]) -> dict:
        command = [
            sys.executable,
            str(PEER / "ws_load.py"),
            *arguments,
            "--adapter",
            str(PEER / "adapters" / self.adapter),
        ]
        command += ["--base", f"http://127.0.0.1:{port}", "--pid", str(pid), "--max-seconds", "90", "--settle", "6"]
        done = subprocess.run(command, env=self.environment, capture_output=True, text=True)
        if done.returncode:
            print(self.name, arguments[0], done.stderr.strip().splitlines()[-1:])
            return {}
        return json.loads(done.stdout.strip().splitlines()[-1])


class Naive(Side):
    adapter, cwd = "naive.py", PEER / "naive_app"

    def __init__(self, name: str, folder: Path, database: str, queue: str, knobs: dict[str, str]) -> None:
        super().__init__(name, folder, database, queue)
        url = urlsplit(database)
        self.environment |= {
            "DB": "pg",
            "PGHOST": url.hostname or "",
            "PGPORT": str(url.port),
            "PGUSER": url.username or "",
            "PGDATABASE": "naive",
            "REDIS": queue.rsplit("/", 1)[0] + "/9",
            "VISITORS": str(folder / "visitors.json"),
            **knobs,
        }

    def prepare(self) -> None:
        if (self.folder / "visitors.json").exists():
            return
        make_database(self.database, "naive")
        for command in (["migrate", "-v0"], ["seed", "500", str(self.folder / "visitors.json")]):
            environment = {key: value for key, value in self.environment.items() if key != "VISITORS"}
            subprocess.run([sys.executable, "manage.py", *command], cwd=self.cwd, env=environment, check=True)

    def command(self, port: int) -> list[str]:
        daphne = [sys.executable, "-m", "daphne", "-b", "127.0.0.1", "-p", str(port), "-v", "0"]
        return [*daphne, "--access-log", os.devnull, "asgi:application"]


class MiniChat(Side):
    adapter, ready = "minichat.py", "/health/ready"

    def prepare(self) -> None:
        if self.database.startswith("postgres"):
            make_database(self.database, "minichat")
        self.environment |= {
            "ENV_FILE": os.devnull,
            "MINICHAT_MODE": "local",
            "SECRET_KEY": "bench-0123456789-abcdefghijklmnopqrstuvwxyz",
            "DATABASE_URL": self.database,
            "THROTTLE_SCALE": "100000",
            "LOG_LEVEL": "WARNING",
            **({"REDIS_URL": self.queue} if self.queue else {}),
        }
        for command in (["migrate", "-v0"], ["collectstatic", "--noinput", "-v0"]):
            subprocess.run([sys.executable, "manage.py", *command], cwd=ROOT, env=self.environment, check=True)
        shell = [sys.executable, "manage.py", "shell", "-v0", "-c", SETUP]
        told = subprocess.run(shell, cwd=ROOT, env=self.environment, check=True, capture_output=True, text=True)
        _, key, slug, session = told.stdout[told.stdout.index("BENCH") :].split()
        self.environment |= {"BENCH_KEY": key, "BENCH_SLUG": slug, "BENCH_SESSION": session}

    def command(self, port: int) -> list[str]:
        return [sys.executable, "-m", "minichat.serve", "--port", str(port)]


def make_database(url: str, name: str) -> None:
    import psycopg

    with psycopg.connect(url.rsplit("/", 1)[0] + "/postgres", autocommit=True) as connection:
        connection.execute(f'CREATE DATABASE "{name}"')


def wait(url: str, seconds: float = 40) -> None:
    deadline = time.monotonic() + seconds
    while True:
        try:
            urllib.request.urlopen(url, timeout=2).close()
            return
        except urllib.error.HTTPError:
            return
        except OSError:
            if time.monotonic() > deadline:
                raise
            time.sleep(0.2)


def report(results: dict[str, dict[str, list[dict]]]) -> None:
    heads = ["", "40/s p50 ms", "p99 ms", "50 busy msg/s", "CPU ms/msg", "500: msg/s", "p99 ms", "not seen live / sent"]
    print("| " + " | ".join(heads) + " |\n|" + "---|" * len(heads))
    for name, modes in results.items():
        slow, busy, burst = ([one for one in modes[mode] if one] for mode in MODES)
        cells = [
            name,
            middle(slow, "visitor_to_operator_ms", "p50"),
            middle(slow, "visitor_to_operator_ms", "p99"),
            middle(busy, "msgs_per_s"),
            middle(busy, "server_cpu_ms_per_msg"),
            middle(burst, "msgs_per_s"),
            middle(burst, "visitor_to_operator_ms", "p99"),
            f"{sum(one['lost_live'] for one in burst)} / {sum(one['sent'] for one in burst)}",
        ]
        print("| " + " | ".join(str(cell) for cell in cells) + " |")
    naive, ours = results["naive"]["50 busy"], results["MiniChat"]["50 busy"]
    if naive[0] and ours[0]:
        cpu = naive[0]["server_cpu_ms_per_msg"] / ours[0]["server_cpu_ms_per_msg"]
        print(f"\nMiniChat against naive, 50 conversations busy: CPU per message {cpu:.1f} times less,", end=" ")
        print(f"{ours[0]['msgs_per_s'] / max(0.1, naive[0]['msgs_per_s']):.1f} times the messages.")


def middle(runs: list[dict], *path: str) -> object:
    values = []
    for run in runs:
        value: object = run
        for key in path:
            value = (value or {}).get(key)  # type: ignore[attr-defined]
        if value is not None:
            values.append(value)
    return sorted(values)[len(values) // 2] if values else "–"  # type: ignore[type-var]


if __name__ == "__main__":
    sys.exit(main())
