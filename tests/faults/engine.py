"""What MiniChat runs on: an SQLite file alone, or a Postgres and a Redis thrown up for this run."""

from __future__ import annotations

import os
import signal
import sqlite3
import subprocess
import sys
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path
from typing import Any
from uuid import UUID

import psycopg

ROOT = Path(__file__).resolve().parents[2]
sys.path.insert(0, str(ROOT / "tools"))

import test_servers  # noqa: E402  the one place that knows where Debian hides them

Rows = list[tuple[Any, ...]]


class Embedded:
    """One process with everything inside."""

    name = "embedded"
    web_processes = 1
    redis: RedisServer | None = None

    def __init__(self, folder: Path) -> None:
        self.file = folder / "faults.sqlite3"
        self.environment = {"DATABASE_URL": f"sqlite:///{self.file}"}

    def rows(self, sql: str) -> Rows:
        with closing(sqlite3.connect(f"file:{self.file}?mode=ro", uri=True, timeout=10)) as connection:
            return [tuple(map(_plain, row)) for row in connection.execute(sql)]

    def uuid(self, text: str) -> str:
        """An id as this database writes it in SQL."""
        return f"'{UUID(text).hex}'"

    def problems(self) -> list[str]:
        """What the database itself finds wrong."""
        found = [text for (text,) in self.rows("PRAGMA integrity_check")]
        broken = [f"foreign key of {row[0]}" for row in self.rows("PRAGMA foreign_key_check")]
        return [text for text in found if text != "ok"] + broken


class Servers:
    """Two web processes, Postgres and Redis; jobs in a worker of their own."""

    name = "servers"
    web_processes = 2

    def __init__(self, database_url: str, redis: RedisServer) -> None:
        self.database_url = database_url
        self.redis = redis
        self.environment = {"DATABASE_URL": database_url, "REDIS_URL": redis.url}

    def rows(self, sql: str) -> Rows:
        with psycopg.connect(self.database_url) as connection:
            return [tuple(map(_plain, row)) for row in connection.execute(sql)]

    def uuid(self, text: str) -> str:
        return f"'{UUID(text)}'"

    def problems(self) -> list[str]:
        bad = "select indexrelid::regclass::text from pg_index where not indisvalid"
        return [f"index {name} is not valid" for (name,) in self.rows(bad)]


Engine = Embedded | Servers


class RedisServer:
    """A Redis that forgets everything when it is killed, as a queue without persistence does."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.port = test_servers.free_port()
        self.url = f"redis://127.0.0.1:{self.port}/0"
        self.process: subprocess.Popen[bytes] | None = None

    def start(self) -> None:
        command = [test_servers.program("redis-server"), "--bind", "127.0.0.1", "--port", str(self.port)]
        options = ["--save", "", "--appendonly", "no", "--dir", str(self.folder)]
        with (self.folder / "redis.log").open("ab") as log:
            self.process = subprocess.Popen([*command, *options], stdout=log, stderr=log, start_new_session=True)
        test_servers.wait_until(lambda: test_servers.answers(self.port), "Redis")

    def kill(self) -> bool:
        """`kill -9`; says whether it was alive and is dead now."""
        if self.process is None or self.process.poll() is not None:
            return False
        self.process.kill()
        return self.process.wait() == -signal.SIGKILL


@contextmanager
def embedded(folder: Path) -> Iterator[Engine]:
    yield Embedded(folder)


@contextmanager
def servers(folder: Path) -> Iterator[Engine]:
    """On throw-away servers, or on a throw-away database in the Postgres that TEST_DATABASE_URL names.

    The Redis is always our own: it gets killed.
    """
    redis = RedisServer(folder)
    redis.start()
    given = os.environ.get("TEST_DATABASE_URL")
    try:
        with own_database(given) if given else test_servers.postgres(folder) as url:
            yield Servers(url, redis)
    finally:
        redis.kill()


@contextmanager
def own_database(url: str) -> Iterator[str]:
    name = f"minichat_faults_{os.getpid()}"
    with psycopg.connect(url, autocommit=True) as connection:
        connection.execute(f'CREATE DATABASE "{name}"')
        try:
            yield url.rpartition("/")[0] + f"/{name}"
        finally:
            connection.execute(f'DROP DATABASE "{name}" WITH (FORCE)')


ENGINES = {"embedded": embedded, "servers": servers}


def _plain(value: Any) -> Any:
    return str(value) if isinstance(value, UUID) else value
