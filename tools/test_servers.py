"""Throw-away Postgres and Redis for one test run: own folder, own free port, stopped by their own process."""

import os
import pwd
import shutil
import socket
import subprocess
import time
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path

READY_SECONDS = 20.0


class Missing(Exception):
    """What is not installed."""


@contextmanager
def postgres(folder: Path, *, durable: bool = False) -> Iterator[str]:
    """The URL of a fresh cluster. Nothing in it outlives the run: unless `durable` it may skip writes to disk."""
    initdb, server = postgres_program("initdb"), postgres_program("postgres")
    port, home = free_port(), folder / "postgres"
    home.mkdir()
    user, become = other_user()
    if user:
        shutil.chown(home, user)
    data = home / "data"
    cluster = [initdb, "-D", data, "-U", "minichat", "-A", "trust", "-E", "UTF8", "--locale=C", "--no-sync"]
    subprocess.run([*become, *cluster], check=True, capture_output=True, cwd=home)
    command = [*become, server, "-D", data, "-p", str(port), "-c", "listen_addresses=127.0.0.1", "-k", home]
    careless = ["fsync=off", "synchronous_commit=off", "full_page_writes=off"]
    chosen = ["max_connections=200", *([] if durable else careless)]
    options = [part for option in chosen for part in ("-c", option)]
    with running([*command, *options], home / "log", port):
        # The port opens before the server takes connections.
        wait_until(lambda: accepts(become, port), "Postgres")
        yield f"postgres://minichat@127.0.0.1:{port}/postgres"


@contextmanager
def redis(folder: Path) -> Iterator[str]:
    server, port = program("redis-server"), free_port()
    home = folder / "redis"
    home.mkdir()
    options = ["--bind", "127.0.0.1", "--port", str(port), "--save", "", "--appendonly", "no", "--dir", home]
    with running([server, *options], home / "log", port):
        yield f"redis://127.0.0.1:{port}/0"


def chromium() -> str:
    """The path of a Chromium that Playwright can drive; the one without a window of its own is the lightest."""
    try:
        import playwright  # noqa: F401
    except ImportError:
        raise Missing("Playwright (requirements-dev.txt)") from None
    return os.environ.get("CHROMIUM") or program(
        "chromium-headless-shell", "chromium", "chromium-browser", "google-chrome"
    )


# --- Finding ----------------------------------------------------------------------------------------------------------


def program(*names: str) -> str:
    for name in names:
        found = shutil.which(name)
        if found:
            return found
    raise Missing(names[0])


def postgres_program(name: str) -> str:
    """Debian keeps them out of PATH. The newest wins, and `initdb` and `postgres` must be of one version."""
    installed = sorted(Path("/usr/lib/postgresql").glob(f"*/bin/{name}"), key=lambda path: int(path.parts[-3]))
    return str(installed[-1]) if installed else program(name)


def other_user() -> tuple[str, list[str]]:
    """Postgres refuses to run as root. Then: a user that may, and how to become it."""
    if os.geteuid() != 0:
        return "", []
    for name in ("postgres", "nobody"):
        try:
            entry = pwd.getpwnam(name)
        except KeyError:
            continue
        ids = [f"--reuid={entry.pw_uid}", f"--regid={entry.pw_gid}", "--clear-groups"]
        return name, [program("setpriv"), *ids]
    raise Missing("a user for Postgres other than root")


def free_port() -> int:
    with closing(socket.socket()) as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


# --- Running ----------------------------------------------------------------------------------------------------------


@contextmanager
def running(command: list, log: Path, port: int) -> Iterator[None]:
    """A server in a process group of its own: Ctrl-C reaches the tests first, then this ends it."""
    with log.open("wb") as output:
        process = subprocess.Popen(
            [str(part) for part in command], stdout=output, stderr=output, cwd=log.parent, start_new_session=True
        )
    try:
        wait_until(lambda: answers(port) or process.poll() is not None, Path(command[0]).name)
        if process.poll() is not None:
            raise RuntimeError(log.read_text(errors="replace"))
        yield
    finally:
        end(process)


def end(process: subprocess.Popen) -> None:
    """SIGINT: Postgres then drops its connections and stops at once; Redis stops as well."""
    if process.poll() is None:
        process.send_signal(2)
        try:
            process.wait(10)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()


def answers(port: int) -> bool:
    with closing(socket.socket()) as probe:
        return probe.connect_ex(("127.0.0.1", port)) == 0


def accepts(become: list[str], port: int) -> bool:
    command = [*become, postgres_program("pg_isready"), "-q", "-h", "127.0.0.1", "-p", str(port)]
    return subprocess.run(command, cwd="/").returncode == 0


def wait_until(condition, what: str) -> None:  # noqa: ANN001
    deadline = time.monotonic() + READY_SECONDS
    while not condition():
        if time.monotonic() > deadline:
            raise RuntimeError(f"{what} did not start within {READY_SECONDS:.0f} s")
        time.sleep(0.05)
