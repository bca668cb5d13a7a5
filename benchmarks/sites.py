"""The servers that are compared: MiniChat and the plain app, each fresh, on the same stores."""

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
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path

import aiohttp
import psycopg

from tests.faults import seed
from tests.faults.client.account import sign_in
from tests.faults.engine import ROOT, test_servers

PEER = Path(__file__).parent / "peer"
READY_SECONDS = 40.0
CONVERSATIONS = 500


@dataclass(frozen=True)
class Stores:
    """Postgres and Redis of this series, None where they are not installed; `folder` is for files."""

    folder: Path
    postgres: str | None
    redis: str | None


@dataclass
class Site:
    """One server under measurement: its process, its address, and what the load driver needs to know."""

    label: str
    base: str
    process: subprocess.Popen[bytes]
    adapter: Path
    environment: dict[str, str] = field(default_factory=dict)


SERVE = ["-m", "minichat.serve"]
# The switch, as docs/performance.md has it. Frames over 64 KiB are ours to refuse, with a code of our own.
UVICORN = ["-m", "uvicorn", "minichat.asgi:application", "--host", "127.0.0.1", "--ws-max-size", "262144"]


@contextmanager
def minichat(label: str, stores: Stores, *, embedded: bool, server: list[str] | None = None) -> Iterator[Site]:
    """`server`: the command instead of ours, for which PORT is added."""
    with minichat_with(label, stores, embedded=embedded, server=server) as (site, _):
        yield site


@contextmanager
def minichat_with(
    label: str,
    stores: Stores,
    *,
    embedded: bool,
    server: list[str] | None = None,
    more: dict[str, str] | None = None,
) -> Iterator[tuple[Site, dict[str, str]]]:
    """The same, and the environment that further processes of the site need; `more` is added to it."""
    port = test_servers.free_port()
    base = f"http://127.0.0.1:{port}"
    with own_stores(label, stores, embedded=embedded) as urls:
        environment = {
            **plain_environment(),
            **urls,
            "ENV_FILE": os.devnull,
            "MINICHAT_MODE": "selfhost",
            "SECRET_KEY": "benchmarks-0123456789-abcdefghijklmnopqr",
            "BASE_URL": base,
            "ALLOWED_HOSTS": "127.0.0.1",
            "HOST": "127.0.0.1",
            "PORT": str(port),
            "TRUSTED_PROXIES": "1",
            "THROTTLE_SCALE": "100000",
            "DELIVERY_EMAIL_BACKEND": "django.core.mail.backends.dummy.EmailBackend",
            **(more or {}),
        }
        call(["manage.py", "migrate", "-v0"], ROOT, environment)
        call(["manage.py", "collectstatic", "--noinput", "-v0"], ROOT, environment)
        cast = json.loads(call(["-m", "tests.faults.seed"], ROOT, environment))
        known = {"BENCH_KEY": cast["key"], "BENCH_SLUG": cast["slug"], "BENCH_ORIGIN": seed.SHOP}
        command = [*server, "--port", str(port)] if server else SERVE
        with running(command, ROOT, environment, f"{base}/health/ready", stores.folder) as process:
            known["BENCH_COOKIE"] = asyncio.run(operators_cookie(base, cast["operators"][0]))
            yield Site(label, base, process, PEER / "adapters" / "minichat.py", known), environment


@contextmanager
def beside(arguments: list[str], environment: dict[str, str], folder: Path) -> Iterator[subprocess.Popen[bytes]]:
    """One more process of a site: a worker."""
    with (folder / "servers.log").open("ab") as log:
        process = subprocess.Popen([sys.executable, *arguments], cwd=ROOT, env=environment, stdout=log, stderr=log)
    try:
        yield process
    finally:
        end(process)


async def operators_cookie(base: str, email: str) -> str:
    async with aiohttp.ClientSession(cookie_jar=aiohttp.DummyCookieJar()) as http:
        cookies = await sign_in(http, base, email, seed.PASSWORD)
    return "; ".join(f"{name}={value}" for name, value in cookies.items())


@contextmanager
def peer(label: str, stores: Stores, *, embedded: bool, step: str = "") -> Iterator[Site]:
    """The plain app as it is usually served (`step` empty), or its optimised twin."""
    port = test_servers.free_port()
    base = f"http://127.0.0.1:{port}"
    folder = PEER / "naive_app"
    with own_stores(label, stores, embedded=embedded) as urls:
        environment = {**plain_environment(), **peer_stores(urls), "STEP": step, "PYTHONDONTWRITEBYTECODE": "1"}
        visitors = stores.folder / f"visitors-{port}.json"
        call(["manage.py", "migrate", "-v0"], folder, environment)
        call(["manage.py", "seed", str(CONVERSATIONS), str(visitors)], folder, environment)
        quiet = ["-v", "0", "--access-log", os.devnull]
        command = ["-m", "daphne", "-b", "127.0.0.1", "-p", str(port), *quiet, "asgi:application"]
        with running(command, folder, environment, f"{base}/api/history/0", stores.folder) as process:
            yield Site(label, base, process, PEER / "adapters" / "naive.py", {"VISITORS": str(visitors)})


@contextmanager
def own_stores(label: str, stores: Stores, *, embedded: bool) -> Iterator[dict[str, str]]:
    """An empty database for one site, as MiniChat's variables."""
    name = f"{label}_{time.monotonic_ns()}".replace("-", "_").replace(" ", "_")
    if embedded:
        yield {"DATABASE_URL": f"sqlite:///{stores.folder / name}.sqlite3"}
        return
    assert stores.postgres is not None
    assert stores.redis is not None
    with psycopg.connect(stores.postgres, autocommit=True) as connection:
        connection.execute(f'CREATE DATABASE "{name}"')
        yield {"DATABASE_URL": stores.postgres.rpartition("/")[0] + f"/{name}", "REDIS_URL": stores.redis}
        connection.execute(f'DROP DATABASE "{name}" WITH (FORCE)')


def peer_stores(urls: dict[str, str]) -> dict[str, str]:
    """The same for the peer: persistent connections, and the channel layer that its tutorial names."""
    url = urls["DATABASE_URL"]
    if url.startswith("sqlite"):
        return {"DB": "sqlite", "SQLITE": url.removeprefix("sqlite:///"), "CONN": "600", "LAYER": "inmem"}
    parts = psycopg.conninfo.conninfo_to_dict(url)
    where = {"PGHOST": parts["host"], "PGPORT": parts["port"], "PGUSER": parts["user"], "PGDATABASE": parts["dbname"]}
    return {"DB": "pg", "CONN": "600", "LAYER": "core", "REDIS": urls["REDIS_URL"], **where}  # type: ignore[dict-item]


# --- Processes --------------------------------------------------------------------------------------------------------


def plain_environment() -> dict[str, str]:
    return {name: os.environ[name] for name in ("PATH", "HOME", "LANG") if name in os.environ}


def call(arguments: list[str], folder: Path, environment: dict[str, str]) -> str:
    done = subprocess.run([sys.executable, *arguments], cwd=folder, env=environment, capture_output=True)
    if done.returncode:
        raise RuntimeError(f"{' '.join(arguments)}: {done.stderr.decode()[-1500:]}")
    return done.stdout.decode()


@contextmanager
def running(
    arguments: list[str], folder: Path, environment: dict[str, str], probe: str, logs: Path
) -> Iterator[subprocess.Popen[bytes]]:
    with (logs / "servers.log").open("ab") as log:
        command = [sys.executable, *arguments]
        process = subprocess.Popen(command, cwd=folder, env=environment, stdout=log, stderr=log)
    try:
        wait_for(probe, process)
        yield process
    finally:
        end(process)


def wait_for(url: str, process: subprocess.Popen[bytes], seconds: float = READY_SECONDS) -> float:
    """How long it took until the address answered anything."""
    began = time.monotonic()
    while not answers(url):
        if process.poll() is not None or time.monotonic() - began > seconds:
            raise RuntimeError(f"nothing answers at {url}")
        time.sleep(0.02)
    return time.monotonic() - began


def answers(url: str) -> bool:
    try:
        with urllib.request.urlopen(url, timeout=2):
            return True
    except urllib.error.HTTPError as error:
        return error.code < 500
    except (TimeoutError, OSError):
        return False


def end(process: subprocess.Popen[bytes]) -> None:
    if process.poll() is None:
        process.send_signal(signal.SIGTERM)
        with suppress(subprocess.TimeoutExpired):
            process.wait(10)
    if process.poll() is None:
        process.kill()
        process.wait()
