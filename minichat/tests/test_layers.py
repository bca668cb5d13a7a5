"""The rooms in their order: `.importlinter`, and what a room keeps to itself."""

from __future__ import annotations

import ast
import subprocess
import sys
from pathlib import Path

import pytest
from django.conf import settings

pytestmark = pytest.mark.pure

BASE = Path(settings.BASE_DIR)
ROOMS = {"accounts", "workspaces", "notifications", "contacts", "chat", "ai"}
# What another room never takes: how a room answers, works and listens is its own business.
PRIVATE = {"views", "tasks", "receivers", "consumers", "sockets", "forms", "admin"}
# The parents of forms and pages are made to be inherited from.
PUBLIC = {"workspaces.forms", "workspaces.admin"}


def test_rooms_import_only_the_rooms_below() -> None:
    command = [Path(sys.executable).parent / "lint-imports", "--no-cache"]
    done = subprocess.run(command, cwd=BASE, capture_output=True, text=True, timeout=120)
    assert done.returncode == 0, done.stdout + done.stderr


def test_a_room_keeps_its_private_parts() -> None:
    taken = [
        f"{path.relative_to(BASE)} imports {module}"
        for room in sorted(ROOMS)
        for path in modules(room)
        for module in imported(path)
        if is_foreign(room, module) and is_private(module)
    ]
    assert not taken, "\n".join([*taken, "Take it from actions, models or events, or give it a public name."])


def test_every_room_is_in_the_contract() -> None:
    contract = (BASE / ".importlinter").read_text()
    for app in settings.INSTALLED_APPS:
        if (BASE / app.replace(".", "/")).is_dir():
            assert f"\n    {app}\n" in contract, f"{app} has no layer in .importlinter"


def modules(room: str) -> list[Path]:
    return [path for path in (BASE / room).rglob("*.py") if not {"tests", "migrations"} & set(path.parts)]


def imported(path: Path) -> set[str]:
    found = set()
    for node in ast.walk(ast.parse(path.read_text())):
        if isinstance(node, ast.Import):
            found |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom) and node.module:
            found |= {f"{node.module}.{alias.name}" for alias in node.names}
    return found


def is_foreign(room: str, module: str) -> bool:
    owner = module.partition(".")[0]
    return owner in ROOMS and owner != room


def is_private(module: str) -> bool:
    parts = module.split(".")[1:]
    if ".".join(module.split(".")[:2]) in PUBLIC:
        return False
    return bool(parts) and (parts[0] in PRIVATE or any(part.startswith("_") for part in parts))
