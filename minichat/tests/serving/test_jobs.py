"""The embedded mode does its jobs itself: what was left behind at start, and what comes in while it runs."""

from __future__ import annotations

import subprocess
import sys
import time
from collections.abc import Callable

import pytest
from django.conf import settings

from notifications.models import OutgoingEmail

from .conftest import Served

pytestmark = pytest.mark.skipif(bool(settings.REDIS_URL), reason="with Redis the worker is another process")


def queued_mail() -> OutgoingEmail:
    return OutgoingEmail.unscoped.create(to=["ana@acme.test"], from_email="m@acme.test", subject="Hello", text="Hello")


def was_sent(mail: OutgoingEmail, *, within: float) -> bool:
    deadline = time.monotonic() + within
    while time.monotonic() < deadline:
        mail.refresh_from_db()
        if mail.status == OutgoingEmail.Status.SENT:
            return True
        time.sleep(0.1)
    return False


def test_what_a_killed_process_left_behind_is_done_at_start(
    environment: dict[str, str], start: Callable[..., Served]
) -> None:
    mail = queued_mail()
    assert not was_sent(mail, within=0.3)
    served = start()
    assert was_sent(mail, within=15), served.output()
    assert "Traceback" not in served.output()


def test_the_clock_ticks_answers_meet_and_both_threads_end(environment: dict[str, str]) -> None:
    command = [sys.executable, "-m", "minichat.tests.serving.ticking"]
    settings_module = {"DJANGO_SETTINGS_MODULE": "minichat.settings"}
    done = subprocess.run(
        command,
        cwd=settings.BASE_DIR,
        env={**environment, **settings_module},
        capture_output=True,
        text=True,
        timeout=60,
    )
    assert done.returncode == 0, done.stderr
    *said, end = done.stdout.splitlines()
    ticks = [line for line in said if line != "met"]
    assert len(ticks) >= 2
    assert set(ticks) == {"tick in a worker thread"}
    assert len(said) - len(ticks) == 20, "as many answers as are waited for run side by side"
    assert end == "worker ended, clock ended"
