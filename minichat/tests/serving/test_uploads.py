"""Files on the wire: more than a form at the addresses that take them, never more than that (SR-48)."""

from __future__ import annotations

import select
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest
from django.conf import settings

from minichat.lib.bodies import FORM_BYTES

from .conftest import Served
from .test_limits import CHUNK, MEGABYTE, everything, open_to

LIMIT = settings.UPLOAD_LIMIT + FORM_BYTES
CONVERSATION = "0193d6f0-0000-7000-8000-000000000001"
# Where files are taken, and what somebody without a token or credential is told once the body is there.
UPLOADS = {
    "/accounts/avatar/": (b"403", b"csrf_failed"),
    "/w/acme/settings/branding/logo/": (b"403", b"csrf_failed"),
    f"/w/acme/conversations/{CONVERSATION}/uploads/": (b"403", b"csrf_failed"),
    "/widget/wk_1/uploads/": (b"401", b"unauthenticated"),
}


def request(served: Served, path: str, *headers: str) -> bytes:
    return "\r\n".join([f"POST {path} HTTP/1.1", f"Host: {served.authority}", *headers, "", ""]).encode()


@pytest.fixture
def served(start: Callable[..., Served]) -> Served:
    return start()


def test_SR48_a_file_passes_where_files_are_taken_and_leaves_nothing_behind(served: Served, tmp_path: Path) -> None:
    for path, (status, code) in UPLOADS.items():
        with open_to(served) as connection:
            head = request(served, path, f"Content-Length: {LIMIT}", "Connection: close", "Accept: application/json")
            connection.sendall(head + b"x" * LIMIT)
            answer = everything(connection)
        # Read to the end, then refused.
        assert answer.startswith(b"HTTP/1.1 %s " % status) and code in answer
    assert [one for one in (tmp_path / "media").rglob("*") if one.is_file()] == []
    assert list((tmp_path / "tmp").iterdir()) == []


def test_SR48_one_byte_more_is_refused_before_it_is_sent(served: Served) -> None:
    for path in UPLOADS:
        with open_to(served) as connection:
            connection.sendall(request(served, path, f"Content-Length: {LIMIT + 1}", "Expect: 100-continue"))
            answer = everything(connection)
        assert answer.startswith(b"HTTP/1.1 413 ") and b"100 Continue" not in answer


def test_SR48_elsewhere_a_file_is_refused_whatever_the_address_looks_like(served: Served) -> None:
    for path in [
        "/accounts/login/",
        "/accounts/avatar",
        "/accounts/avatar/x/",
        "/widget/wk_1/uploads",
        "/widget/wk_1/messages/",
        f"/w/acme/conversations/{CONVERSATION}/messages/",
        "//accounts/avatar/",
        "/?/accounts/avatar/",
    ]:
        with open_to(served) as connection:
            connection.sendall(request(served, path, f"Content-Length: {MEGABYTE + 1}"))
            assert everything(connection).startswith(b"HTTP/1.1 413 "), path


@pytest.mark.parametrize("path", ["/accounts/avatar/", "/widget/wk_1/uploads/"])
def test_SR48_chunks_without_end_are_cut_at_the_limit(served: Served, tmp_path: Path, path: str) -> None:
    sent = 0
    with open_to(served) as connection:
        connection.sendall(request(served, path, "Transfer-Encoding: chunked"))
        while sent < 60 * MEGABYTE and not select.select([connection], [], [], 0)[0]:
            connection.sendall(CHUNK)
            sent += len(CHUNK)
        answer = everything(connection)
    assert answer.startswith(b"HTTP/1.1 413 ")
    # What is on its way in both kernels' buffers is sent before the answer arrives.
    assert LIMIT < sent < LIMIT + 15 * MEGABYTE
    assert list((tmp_path / "media" / "incoming").iterdir()) == []


def test_a_folder_that_cannot_be_written_is_told_at_the_start(environment: dict[str, str], tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    done = subprocess.run(
        [sys.executable, "-m", "minichat.serve", "--port", "0"],
        cwd=settings.BASE_DIR,
        env={**environment, "MEDIA_ROOT": str(tmp_path / "file" / "media")},
        capture_output=True,
        text=True,
        timeout=60,
    )
    assert done.returncode == 1
    assert "minichat.E003" in done.stderr and "set MEDIA_ROOT to another folder" in done.stderr
    assert "Traceback" not in done.stderr
