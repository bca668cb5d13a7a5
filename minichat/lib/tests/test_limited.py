"""The process that reads strangers' bytes may die in any way: one clear refusal, and the next one is read (SR-45)."""

from __future__ import annotations

import json
import logging
import threading
from collections.abc import Callable
from io import BytesIO
from pathlib import Path
from typing import Any

import pytest

from minichat.lib.files import limited, refusals
from minichat.lib.files.pictures import Recipe, draw
from minichat.lib.tests import pictures

pytestmark = pytest.mark.pure
FACE = Recipe((32,), "cover")
GOOD = pictures.picture()
REAL = limited.PICTURE_WORKER


@pytest.fixture(autouse=True)
def folders(media: Path) -> Path:
    return media


@pytest.fixture
def replaced(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Callable[[str], None]:
    """Another program in the worker's place, with the real one's limits on it."""

    def replace(program: str) -> None:
        path = tmp_path / "broken.py"
        path.write_text(
            "import json, os, runpy, signal, sys\n"
            f"real = runpy.run_path({str(REAL)!r})\n"
            "job = json.loads(sys.argv[1])\n"
            "real['limit'](job['memory'], job['seconds'], job['output'])\n" + program
        )
        monkeypatch.setattr(limited, "PICTURE_WORKER", path)

    return replace


ENDS = {
    "killed": "os.kill(os.getpid(), signal.SIGKILL)",
    "crashed": "os.kill(os.getpid(), signal.SIGSEGV)",
    "raised": "raise RuntimeError",
    "over its memory": "bytearray(600 * 1024 * 1024)",
    "over its output": "sys.stdout.buffer.write(bytes(17 * 1024 * 1024))",
    "silent": "pass",
    "nonsense": "print('[1, 2')",
    "a list": "print('[1, 2]')",
    "no pictures": "print('{}')",
    "an unknown refusal": "print(json.dumps({'refused': '<b>'}))",
    "lengths that lie": "print(json.dumps({'lengths': [900]})); print('short')",
    "lengths that are text": "print(json.dumps({'lengths': ['9']}))",
    "a page for a picture": "print(json.dumps({'lengths': [6]})); print('<html>', end='')",
}


@pytest.mark.parametrize("program", ENDS.values(), ids=list(ENDS))
def test_SR45_whatever_becomes_of_the_worker_is_one_refusal(
    program: str, replaced: Callable[[str], None], monkeypatch: pytest.MonkeyPatch, media: Path
) -> None:
    replaced(program)
    with pytest.raises(refusals.PictureFailed):
        draw(BytesIO(GOOD), FACE)
    monkeypatch.setattr(limited, "PICTURE_WORKER", REAL)
    assert draw(BytesIO(GOOD), FACE).drawn
    assert list((media / "incoming").iterdir()) == []


@pytest.mark.parametrize("program", ["import time; time.sleep(60)", "while True: pass"], ids=["sleeping", "busy"])
def test_SR45_a_worker_that_never_ends_is_killed(
    program: str, replaced: Callable[[str], None], monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    replaced(program)
    monkeypatch.setattr(limited, "SECONDS", 1)
    with caplog.at_level(logging.WARNING), pytest.raises(refusals.PictureFailed):
        draw(BytesIO(GOOD), FACE)
    assert "limited worker" in caplog.text


def test_SR45_a_worker_knows_no_secret_and_nothing_of_ours(replaced: Callable[[str], None]) -> None:
    replaced(
        "import resource\n"
        "ours = [name for name in sys.modules if name.split('.')[0] in ('django', 'minichat', 'celery')]\n"
        "limits = [resource.getrlimit(one)[0] for one in (resource.RLIMIT_AS, resource.RLIMIT_CPU)]\n"
        "keys = [name for name in os.environ if name != 'LC_CTYPE']\n"
        "print(json.dumps({'keys': keys, 'ours': ours, 'limits': limits, 'where': os.getcwd()}))"
    )
    answer, _ = limited.run(limited.PICTURE_WORKER, {}, b"")
    assert answer == {"keys": [], "ours": [], "limits": [512 * 1024 * 1024, 10], "where": "/"}


def test_SR45_two_at_once_and_the_third_is_told_to_come_back(monkeypatch: pytest.MonkeyPatch) -> None:
    inside, leave = threading.Barrier(3), threading.Event()

    def slow(arguments: list[str], inlet: Any, outlet: Any, seconds: int) -> None:
        inside.wait(10)
        leave.wait(10)
        outlet.write(json.dumps({"refused": "picture_damaged"}).encode())

    with monkeypatch.context() as patch:
        patch.setattr(limited, "_until_done", slow)
        threads = [threading.Thread(target=_refused) for _ in range(limited.WORKERS)]
        [thread.start() for thread in threads]
        inside.wait(10)
        patch.setattr(limited, "WAIT_SECONDS", 0.01)
        with pytest.raises(refusals.TooBusy):
            draw(BytesIO(GOOD), FACE)
        leave.set()
        [thread.join(10) for thread in threads]
    assert draw(BytesIO(GOOD), FACE).drawn


def _refused() -> None:
    with pytest.raises(refusals.PictureDamaged):
        draw(BytesIO(GOOD), FACE)
