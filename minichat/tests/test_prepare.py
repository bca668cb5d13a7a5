"""What `make run` does between installing and serving: once, and the second time nothing."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings as django_settings

from minichat import banner, prepare


@pytest.fixture
def collected(settings: Any, tmp_path: Path) -> Path:
    settings.STATIC_ROOT = tmp_path / "collected"
    settings.STATICFILES_DIRS = [tmp_path / "sources"]
    settings.STATICFILES_FINDERS = ["django.contrib.staticfiles.finders.FileSystemFinder"]
    (tmp_path / "sources").mkdir()
    (tmp_path / "sources/a.css").write_text("a{}")
    return settings.STATIC_ROOT


@pytest.mark.pure
def test_static_files_are_collected_when_they_changed(
    collected: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    prepare.collect_static()
    assert (collected / "a.css").read_text() == "a{}"
    assert "Collecting" in capsys.readouterr().out
    prepare.collect_static()
    assert capsys.readouterr().out == ""
    (tmp_path / "sources/b.css").write_text("b{}")
    prepare.collect_static()
    assert (collected / "b.css").exists()


def test_the_demo_is_seeded_unless_it_is_not_wanted(db: None, settings: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    called: list[str] = []
    monkeypatch.setattr("django.core.management.call_command", lambda name, *args, **kwargs: called.append(name))
    settings.DEMO = False
    prepare.seed()
    assert called == []
    settings.DEMO = True
    prepare.seed()
    assert called == ["demo"]


@pytest.mark.pure
def test_a_database_that_cannot_be_written_is_a_sentence(tmp_path: Path) -> None:
    environment = {
        **{name: os.environ[name] for name in ("PATH", "HOME") if name in os.environ},
        "ENV_FILE": os.devnull,
        "MINICHAT_MODE": "local",
        "SECRET_KEY": "serving-0123456789-abcdefghijklmnopqrstuv",
        "DATABASE_URL": f"sqlite:///{tmp_path}/no/such/folder/chat.sqlite3",
    }
    done = subprocess.run(
        [sys.executable, "-m", "minichat.prepare"],
        cwd=django_settings.BASE_DIR,
        env=environment,
        capture_output=True,
        text=True,
        timeout=60,
    )
    assert done.returncode == 1
    assert "The database cannot be used" in done.stderr
    assert "Traceback" not in done.stderr


@pytest.mark.pure
def test_the_greeting_outside_local_mode_tells_nothing(settings: Any) -> None:
    settings.LOCAL = False
    assert banner.greeting(8000) == "MiniChat serves port 8000.\n"
