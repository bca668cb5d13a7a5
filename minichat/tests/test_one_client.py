"""Nothing in the rooms asks the web but `minichat/lib/http.py` (SR-49).

With one exception, and for httpx alone: `ai/providers/web.py`. Answers of language models come as streams, each wait
with a limit of its own, and are given up in the middle; that client reads whole pages. It asks addresses that are fixed
or that the operator has set. One that a workspace has typed it has judged by `minichat.lib.http.judged`, and dials what
that names: ai/tests/test_typed_addresses.py holds it to the same table.
"""

from __future__ import annotations

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest
from django.conf import settings

ROOMS = ["accounts", "workspaces", "notifications", "contacts", "chat", "ai", "minichat"]
CLIENTS = {"requests", "httpx", "aiohttp", "urllib3", "pycurl", "http.client", "urllib.request", "ftplib", "telnetlib"}
OURS = "minichat/lib/http.py"
STREAMS = "ai/providers/web.py"


def imported(source: str) -> Iterator[str]:
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom) and node.module:
            yield node.module
            yield from (f"{node.module}.{alias.name}" for alias in node.names)
        elif isinstance(node, ast.Attribute) and node.attr in {"create_connection", "urlopen"}:
            yield "http.client"


def clients(source: str) -> set[str]:
    return {name for name in imported(source) if any(name == one or name.startswith(f"{one}.") for one in CLIENTS)}


def test_SR49_one_client_for_every_address_that_was_typed() -> None:
    found = {
        str(path.relative_to(settings.BASE_DIR)): names
        for room in ROOMS
        for path in (settings.BASE_DIR / room).rglob("*.py")
        if "tests" not in path.parts and (names := clients(path.read_text()))
    }
    assert {name.partition(".")[0] for name in found.pop(STREAMS, set())} <= {"httpx"}, "streams are httpx's alone"
    assert set(found) <= {OURS}, f"Fetch it with minichat.lib.http: {found}"


@pytest.mark.parametrize(
    "line",
    [
        "import requests",
        "from httpx import AsyncClient",
        "import urllib.request as r",
        "from urllib import request",
        "import http.client",
        "from aiohttp.client import x",
        "import socket\nsocket.create_connection(x)",
    ],
)
def test_SR49_a_second_client_is_found(line: str) -> None:
    assert clients(line)
    assert not clients("from minichat.lib import http\nfrom urllib.parse import quote\nfrom http import HTTPStatus")


def test_the_rooms_hand_in_no_limits_that_open_a_door() -> None:
    """`Limits(may_reach=…)` and `ports` are for tests."""
    users = [
        path for room in ROOMS for path in Path(settings.BASE_DIR / room).rglob("*.py") if "tests" not in path.parts
    ]
    opened = [str(path) for path in users if "may_reach=" in path.read_text() or "ports=" in path.read_text()]
    assert opened == []
