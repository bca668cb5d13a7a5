"""A process of its own for whatever decodes a stranger's bytes. It may crash, hang or be killed: the house stands.

At most two at once in each process of ours, and those of callers with slots of their own. The event loop never waits:
views run in threads.
"""

from __future__ import annotations

import json
import logging
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryFile
from typing import Any

from django.conf import settings

from minichat.lib.files.refusals import PictureFailed, TooBusy, TookTooLong

logger = logging.getLogger(__name__)

PICTURE_WORKER = Path(__file__).with_name("worker.py")
MEMORY = 512 * 1024 * 1024
SECONDS = 10
OUTPUT = 16 * 1024 * 1024
WORKERS = 2
WAIT_SECONDS = 20

_free = threading.BoundedSemaphore(WORKERS)


def run(
    program: Path,
    job: dict[str, Any],
    data: bytes,
    *,
    seconds: int = SECONDS,
    slots: threading.BoundedSemaphore = _free,
) -> tuple[dict[str, Any], bytes]:
    """What `program` says about `data`: its line of JSON, and the bytes behind it."""
    limits = {"memory": MEMORY, "seconds": seconds, "output": OUTPUT}
    # Files without a name: they are gone with this process, however it ends. A pipe would let it write without end.
    with _slot(slots), _sheet() as inlet, _sheet() as outlet:
        inlet.write(data)
        inlet.seek(0)
        _until_done([str(program), json.dumps({**job, **limits})], inlet, outlet, seconds)
        outlet.seek(0)
        line, _, rest = outlet.read(OUTPUT).partition(b"\n")
    return _parsed(line), rest


@contextmanager
def _slot(slots: threading.BoundedSemaphore) -> Iterator[None]:
    if not slots.acquire(timeout=WAIT_SECONDS):
        raise TooBusy
    try:
        yield
    finally:
        slots.release()


def _sheet() -> Any:
    return TemporaryFile(dir=settings.FILE_UPLOAD_TEMP_DIR)


def _until_done(arguments: list[str], inlet: Any, outlet: Any, seconds: int) -> None:
    # -I: no variables, no user's packages, not even our own folder. No environment: there are keys in ours.
    process = subprocess.Popen(  # noqa: S603  nothing in it comes from outside
        [sys.executable, "-I", "-B", *arguments],
        stdin=inlet,
        stdout=outlet,
        stderr=subprocess.DEVNULL,
        env={},
        cwd="/",
        start_new_session=True,
    )
    began = time.monotonic()
    try:
        code = process.wait(seconds)
    except subprocess.TimeoutExpired:
        code = None
    finally:
        process.kill()
        process.wait()
    if code != 0:
        logger.warning("a limited worker %s", "took too long" if code is None else f"ended with {code}")
        # The ceiling on its own time ends it at about the same moment.
        raise TookTooLong if time.monotonic() - began > 0.9 * seconds else PictureFailed


def _parsed(line: bytes) -> dict[str, Any]:
    try:
        answer = json.loads(line)
    except ValueError:
        answer = None
    if not isinstance(answer, dict):
        logger.warning("a limited worker spoke nonsense")
        raise PictureFailed
    return answer
