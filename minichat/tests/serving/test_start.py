"""AT-07: the port is up and health answers; what cannot start says why in a sentence."""

from __future__ import annotations

import json
import subprocess
import sys
import urllib.error
import urllib.request
from collections.abc import Callable
from pathlib import Path

import pytest
from django.conf import settings
from django.db import connection
from websockets.exceptions import ConnectionClosed
from websockets.sync.client import connect

from .conftest import Served


def get(url: str) -> tuple[int, dict[str, object]]:
    try:
        with urllib.request.urlopen(url, timeout=10) as answer:  # noqa: S310
            return answer.status, json.load(answer)
    except urllib.error.HTTPError as error:
        return error.code, json.load(error)


def attempt(environment: dict[str, str], *arguments: str) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-m", "minichat.serve", *arguments]
    return subprocess.run(command, cwd=settings.BASE_DIR, env=environment, capture_output=True, text=True, timeout=60)


def test_at_07_it_answers_on_both_names(start: Callable[..., Served]) -> None:
    served = start()
    for name in ("127.0.0.1", "localhost"):
        status, body = get(f"http://{name}:{served.port}/health")
        assert (status, body["status"], body["database"]) == (200, "ok", "ok")
    assert get(f"http://{served.authority}/health/ready") == (200, {"status": "ready", "missing": []})
    output = served.output()
    assert "configuration validated" in output
    assert f"http://127.0.0.1:{served.port}/" in output
    assert f"http://localhost:{served.port}/demo/" in output
    assert "tests-only-demo" in output


def test_without_the_demo_no_accounts_are_printed(start: Callable[..., Served]) -> None:
    output = start(DEMO="0").output()
    assert "ana@acme.test" not in output
    assert "/demo/" not in output


@pytest.mark.parametrize("path", ["/ws/", "/ws/nowhere/", "/ws/w/acme/more/", "/ws/widget/"])
def test_an_unknown_socket_path_closes_4404_without_a_traceback(start: Callable[..., Served], path: str) -> None:
    served = start()
    with connect(f"ws://{served.authority}{path}") as socket, pytest.raises(ConnectionClosed) as closed:
        socket.recv(timeout=10)
    assert closed.value.rcvd is not None
    assert closed.value.rcvd.code == 4404
    assert "Traceback" not in served.output()


def test_it_starts_without_its_tables_and_says_so(start: Callable[..., Served], tmp_path: Path) -> None:
    served = start(DATABASE_URL=f"sqlite:///{tmp_path}/empty.sqlite3")
    assert get(f"http://{served.authority}/health/live") == (200, {"status": "alive"})
    assert get(f"http://{served.authority}/health/ready") == (503, {"status": "not ready", "missing": ["migrations"]})


def test_rf_36_it_starts_without_postgres_and_redis_and_names_them(start: Callable[..., Served]) -> None:
    served = start(DATABASE_URL="postgres://nobody@127.0.0.1:1/none", REDIS_URL="redis://127.0.0.1:1/0")
    assert get(f"http://{served.authority}/health/live")[0] == 200
    status, body = get(f"http://{served.authority}/health/ready")
    assert (status, body["missing"]) == (503, ["database", "redis"])
    assert get(f"http://{served.authority}/health")[0] == 503


def test_a_used_port_is_said_in_a_sentence(start: Callable[..., Served], environment: dict[str, str]) -> None:
    served = start()
    done = attempt(environment, "--port", str(served.port))
    assert done.returncode == 1
    assert f"Port {served.port} is in use." in done.stderr
    assert "Traceback" not in done.stderr


def test_local_mode_listens_on_this_machine_only(environment: dict[str, str]) -> None:
    done = attempt(environment, "--host", "0.0.0.0")  # noqa: S104
    assert done.returncode == 1
    assert "Local mode listens on this machine only" in done.stderr


def test_a_second_process_on_the_same_file_is_refused(
    start: Callable[..., Served], environment: dict[str, str]
) -> None:
    if connection.vendor != "sqlite":
        pytest.skip("with Redis several processes are wanted")
    start()
    done = attempt(environment, "--port", "1")
    # The port is asked first; root may open even this one.
    done = done if "already runs" in done.stderr else attempt(environment, "--port", "0")
    assert done.returncode == 1
    assert "MiniChat already runs on" in done.stderr
    assert "Traceback" not in done.stderr
