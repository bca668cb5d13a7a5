"""A whole MiniChat in a process of its own, with the demo in it, as `make run` serves it."""

from __future__ import annotations

import os
import re
import sqlite3
import subprocess
import sys
import time
import urllib.request
from collections.abc import Sequence
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path
from uuid import UUID

from tests.browser.net import free_port

ROOT = Path(__file__).resolve().parents[2]
PASSWORD = "browser-tests-only-4711"
SECRET_KEY = "browser-0123456789-abcdefghijklmnopqrstuv"
START_SECONDS = 40


@dataclass
class House:
    process: subprocess.Popen[bytes]
    port: int
    database: Path

    @property
    def url(self) -> str:
        """The dashboard's address."""
        return f"http://127.0.0.1:{self.port}"

    @property
    def shop(self) -> str:
        """The demo shop's address: another site."""
        return f"http://localhost:{self.port}/demo/"

    def rows(self, sql: str, *params: object) -> list[tuple]:
        with closing(sqlite3.connect(self.database)) as connection:
            return connection.execute(sql, params).fetchall()

    def forget_choices(self) -> None:
        """People read English in the theme of their browser again, whatever a test chose for them."""
        self.write("update accounts_user set locale = '', theme = ''")

    def write(self, sql: str, *params: object) -> None:
        with closing(sqlite3.connect(self.database, timeout=20)) as connection, connection:
            connection.execute(sql, params)

    def widget_key(self) -> str:
        [(key,)] = self.rows(
            "select i.widget_key from chat_inbox i join workspaces_workspace w on w.id = i.workspace_id"
            " where w.slug = 'acme' order by i.created_at limit 1"
        )
        return key

    def member(self, email: str) -> UUID:
        [(key,)] = self.rows(
            "select m.id from workspaces_membership m join accounts_user u on u.id = m.user_id"
            " join workspaces_workspace w on w.id = m.workspace_id where w.slug = 'acme' and u.email = ?",
            email,
        )
        return UUID(key)

    def texts(self, containing: str) -> list[str]:
        """The bodies of the one conversation in which this text occurs, in the order of the thread."""
        found = self.rows(
            "select m.body from chat_message m where m.kind != 'event' and m.conversation_id in"
            " (select conversation_id from chat_message where body like ?) order by m.position",
            f"%{containing}%",
        )
        return [body for (body,) in found]


def build(folder: Path, program: Sequence[str] = ("-m", "minichat.serve"), **more: str) -> House:
    """Migrate, seed and start `program`; the caller ends `process`. `more`: further variables."""
    port, database = free_port(), folder / "house.sqlite3"
    environment = {
        **{name: os.environ[name] for name in ("PATH", "HOME") if name in os.environ},
        "ENV_FILE": os.devnull,
        "MINICHAT_MODE": "local",
        "SECRET_KEY": SECRET_KEY,
        "DEMO_PASSWORD": PASSWORD,
        "DATABASE_URL": f"sqlite:///{database}",
        "PORT": str(port),
        "MEDIA_ROOT": str(folder / "media"),
        "THROTTLE_SCALE": "1000",
        # So that the buttons are drawn; nothing leaves the machine.
        "GOOGLE_CLIENT_ID": "1-x.apps.googleusercontent.com",
        "GOOGLE_CLIENT_SECRET": "browser-tests-only-0123",
        "GITHUB_CLIENT_ID": "Iv1.browser",
        "GITHUB_CLIENT_SECRET": "browser-tests-only-0123",
        "LINE_CHANNEL_ID": "1234567890",
        "LINE_CHANNEL_SECRET": "browser-tests-only-0123",
        **more,
    }
    subprocess.run([sys.executable, "tools/compile_messages.py"], cwd=ROOT, env=environment, check=True)
    # As `make run`; static files are collected once, however many houses there are.
    subprocess.run([sys.executable, "-m", "minichat.prepare"], cwd=ROOT, env=environment, check=True)
    with (folder / "server.log").open("wb") as log:
        process = subprocess.Popen([sys.executable, *program], cwd=ROOT, env=environment, stdout=log, stderr=log)
    house = House(process, port, database)
    _wait(house)
    return house


def code_of(mails: str) -> str:
    """The newest code on the page of local mails."""
    return re.search(r"\b(\d{3}-?\d{3}|\d{6})\b", mails)[1]  # type: ignore[index]


def _wait(house: House) -> None:
    deadline = time.monotonic() + START_SECONDS
    while time.monotonic() < deadline:
        try:
            with urllib.request.urlopen(f"{house.url}/health/ready", timeout=2):
                return
        except OSError:
            if house.process.poll() is not None:
                break
            time.sleep(0.2)
    raise RuntimeError("the server did not start")
