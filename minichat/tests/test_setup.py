"""`make run` on a machine that is not as it should be: one sentence that says what to do."""

from __future__ import annotations

import importlib.util
import re
import shutil
import socket
import subprocess
import sys
from contextlib import closing
from pathlib import Path
from types import ModuleType

import pytest
from django.conf import settings

pytestmark = pytest.mark.pure
BASE = Path(settings.BASE_DIR)


@pytest.fixture
def setup(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> ModuleType:
    """tools/setup.py, at work in a folder of its own."""
    spec = importlib.util.spec_from_file_location("setup_tool", BASE / "tools/setup.py")
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    monkeypatch.setattr(module, "ROOT", tmp_path)
    monkeypatch.setattr(module, "VENV", tmp_path / ".venv")
    monkeypatch.setattr(module, "PYTHON", tmp_path / ".venv/bin/python")
    monkeypatch.setattr(module, "ENV_FILE", tmp_path / ".env")
    return module


# --- The port and the folder ------------------------------------------------------------------------------------------


def test_a_used_port_is_named_with_a_way_out(setup: ModuleType, monkeypatch: pytest.MonkeyPatch) -> None:
    with closing(socket.socket()) as other:
        other.bind(("127.0.0.1", 0))
        other.listen()
        port = other.getsockname()[1]
        monkeypatch.setenv("PORT", str(port))
        with pytest.raises(setup.Stop, match=f"Port {port} is in use.*PORT={port + 1}"):
            setup.require_free_port()


@pytest.mark.parametrize("port", ["http", "0", "70000", "-1", "80 80"])
def test_a_port_that_is_none(setup: ModuleType, monkeypatch: pytest.MonkeyPatch, port: str) -> None:
    monkeypatch.setenv("PORT", port)
    with pytest.raises(setup.Stop, match="PORT must be a number"):
        setup.require_free_port()


def test_a_folder_that_cannot_be_written(setup: ModuleType, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(setup.os, "access", lambda *_: False)
    with pytest.raises(setup.Stop, match="cannot be written"):
        setup.require_writable()


def test_make_run_says_it_and_exits_with_an_error() -> None:
    with closing(socket.socket()) as other:
        other.bind(("127.0.0.1", 0))
        other.listen()
        port = other.getsockname()[1]
        command = ["make", "run", f"PORT={port}", f"PYTHON={sys.executable}"]
        done = subprocess.run(command, cwd=BASE, capture_output=True, text=True, timeout=60)
    assert done.returncode != 0
    assert f"Port {port} is in use." in done.stderr
    assert "Traceback" not in done.stderr


# --- Python -----------------------------------------------------------------------------------------------------------


def test_an_old_python_is_told_before_it_stumbles() -> None:
    """The lines up to the check are what an old Python runs: they hold no syntax that it does not know."""
    source = (BASE / "tools/setup.py").read_text()
    start = source[: source.index("import hashlib")]
    fake = start.replace("import sys\n", "import sys\nsys.version_info = (3, 9, 2)\n")
    done = subprocess.run([sys.executable, "-c", fake], capture_output=True, text=True, timeout=30)
    assert done.returncode == 1
    assert "needs Python 3.11 or newer; this is 3.9." in done.stderr
    assert "from __future__" not in start
    assert not re.search(r'\bf"', start)


def test_without_ensurepip_and_pip_the_package_is_named(setup: ModuleType, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(setup, "has_module", lambda name: False)
    with pytest.raises(setup.Stop, match="apt install python3-venv"):
        setup.make_venv()


def test_debians_python_without_ensurepip_installs_with_its_own_pip(
    setup: ModuleType, monkeypatch: pytest.MonkeyPatch
) -> None:
    if not setup.has_module("pip"):
        pytest.skip("this Python has no pip")
    monkeypatch.setattr(setup, "has_module", lambda name: name == "pip")
    setup.make_venv()
    assert setup.works(setup.PYTHON)
    assert setup.pip() == [sys.executable, "-m", "pip", "--python", str(setup.PYTHON)]
    assert subprocess.run([*setup.pip(), "list"], capture_output=True, timeout=60).returncode == 0


def test_a_half_made_environment_is_made_again(setup: ModuleType, monkeypatch: pytest.MonkeyPatch) -> None:
    setup.PYTHON.parent.mkdir(parents=True)
    setup.PYTHON.write_text("#!/bin/sh\nexit 1\n")
    setup.PYTHON.chmod(0o755)
    (setup.VENV / "left-over").touch()
    monkeypatch.setattr(setup, "has_module", lambda name: name == "pip")
    setup.make_venv()
    assert setup.works(setup.PYTHON)
    assert not (setup.VENV / "left-over").exists()


# --- Installing -------------------------------------------------------------------------------------------------------


@pytest.fixture
def calls(setup: ModuleType, monkeypatch: pytest.MonkeyPatch) -> list[list[str]]:
    made: list[list[str]] = []

    def record(command: list[str]) -> int:
        made.append([str(part) for part in command])
        return 0

    monkeypatch.setattr(setup, "run", record)
    monkeypatch.setattr(setup, "pip", lambda: ["pip"])
    setup.VENV.mkdir()
    (setup.ROOT / "requirements.txt").write_text("django==5.2.19 --hash=sha256:00\n")
    return made


def test_the_lock_is_installed_once_and_again_when_it_changed(setup: ModuleType, calls: list[list[str]]) -> None:
    setup.install("requirements.txt")
    setup.install("requirements.txt")
    assert len(calls) == 1
    assert "--require-hashes" in calls[0]
    (setup.ROOT / "requirements.txt").write_text("django==5.2.20 --hash=sha256:01\n")
    setup.install("requirements.txt")
    assert len(calls) == 2


def test_a_failed_installation_is_tried_again(
    setup: ModuleType, calls: list[list[str]], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(setup, "run", lambda command: 1)
    with pytest.raises(setup.Stop, match="Is there a network"):
        setup.install("requirements.txt")
    assert not list(setup.VENV.glob("*.sha256"))


# --- .env -------------------------------------------------------------------------------------------------------------


def test_env_is_written_once_and_is_private(setup: ModuleType) -> None:
    setup.write_env()
    first = setup.ENV_FILE.read_text()
    values = dict(line.split("=", 1) for line in first.splitlines() if line and not line.startswith("#"))
    assert set(values) == {"SECRET_KEY", "DEMO_PASSWORD"}
    assert len(values["SECRET_KEY"]) >= 50
    assert setup.ENV_FILE.stat().st_mode & 0o777 == 0o600
    setup.write_env()
    assert setup.ENV_FILE.read_text() == first


def test_the_mode_never_gets_into_env(setup: ModuleType) -> None:
    setup.write_env()
    assert "\nMINICHAT_MODE" not in setup.ENV_FILE.read_text()
    assert "MINICHAT_MODE=local" in (BASE / "Makefile").read_text()


def test_two_machines_have_two_secrets(setup: ModuleType) -> None:
    setup.write_env()
    first = setup.ENV_FILE.read_text()
    setup.ENV_FILE.unlink()
    setup.write_env()
    assert setup.ENV_FILE.read_text() != first


@pytest.mark.skipif(shutil.which("git") is None or not (BASE / ".git").exists(), reason="not a git checkout")
@pytest.mark.parametrize("name", [".env", ".venv/x", "minichat.sqlite3", "minichat.sqlite3-lock", "staticfiles/x"])
def test_what_is_made_here_is_not_checked_in(name: str) -> None:
    assert subprocess.run(["git", "check-ignore", "-q", name], cwd=BASE).returncode == 0
