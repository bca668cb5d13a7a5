"""The same limit where another server than ours stands in front of the application."""

from __future__ import annotations

import json
from typing import Any

import pytest
from django.conf import settings
from django.urls import URLResolver, get_resolver

from minichat.lib.bodies import FORM_BYTES, BodyLimit, limit_at

pytestmark = pytest.mark.pure
LIMIT = 100


async def call(
    chunks: list[bytes], headers: list[tuple[bytes, bytes]] | None = None, path: str = "/nowhere/"
) -> tuple[list[Any], list[str]]:
    """What goes out, and what the application was told."""
    queue = [{"type": "http.request", "body": chunk, "more_body": True} for chunk in chunks]
    queue[-1]["more_body"] = False
    sent: list[Any] = []
    told: list[str] = []

    async def application(scope: Any, receive: Any, send: Any) -> None:
        body = b""
        while True:
            message = await receive()
            told.append(message["type"])
            if message["type"] == "http.disconnect":
                await send({"type": "http.response.start", "status": 200, "headers": []})
                return
            body += message["body"]
            if not message["more_body"]:
                break
        await send({"type": "http.response.start", "status": 200, "headers": []})
        await send({"type": "http.response.body", "body": body})

    async def receive() -> Any:
        return queue.pop(0)

    async def send(message: Any) -> None:
        sent.append(message)

    limit_at = {"/upload/": 200}.get
    scope = {"type": "http", "headers": headers or [], "path": path}
    await BodyLimit(application, LIMIT, lambda where: limit_at(where, LIMIT))(scope, receive, send)
    return sent, told


async def test_a_body_at_the_limit_passes() -> None:
    sent, _ = await call([b"x" * 60, b"x" * 40])
    assert (sent[0]["status"], sent[1]["body"]) == (200, b"x" * 100)


async def test_a_declared_length_is_believed_before_anything_is_read() -> None:
    sent, told = await call([b"x"], [(b"content-length", b"101")])
    assert (sent[0]["status"], told) == (413, [])
    assert json.loads(sent[1]["body"])["code"] == "too_large"


async def test_a_body_that_grows_is_cut_off() -> None:
    sent, told = await call([b"x" * 60, b"x" * 41, b"x" * 1000])
    assert [message.get("status") for message in sent] == [413, None]
    assert told == ["http.request", "http.disconnect"]


async def test_a_length_that_is_no_number_is_counted_instead() -> None:
    sent, _ = await call([b"x" * 101], [(b"content-length", b"-5")])
    assert sent[0]["status"] == 413


async def test_SR48_an_address_that_takes_files_takes_more() -> None:
    sent, _ = await call([b"x" * 150, b"x" * 50], [(b"content-length", b"200")], "/upload/")
    assert (sent[0]["status"], sent[1]["body"]) == (200, b"x" * 200)


async def test_SR48_there_is_an_end_there_too_declared_or_not() -> None:
    declared, told = await call([b"x"], [(b"content-length", b"201")], "/upload/")
    assert (declared[0]["status"], told) == (413, [])
    chunked, told = await call([b"x" * 150, b"x" * 51, b"x"], path="/upload/")
    assert [message.get("status") for message in chunked] == [413, None]
    assert told == ["http.request", "http.disconnect"]


async def test_sockets_pass() -> None:
    seen: list[str] = []

    async def application(scope: Any, receive: Any, send: Any) -> None:
        seen.append(scope["type"])

    await BodyLimit(application, LIMIT)({"type": "websocket"}, None, None)  # type: ignore[arg-type]
    assert seen == ["websocket"]


def taking_files() -> set[str]:
    """The names of all routes whose view says so."""
    found = set()
    stack = list(get_resolver().url_patterns)
    while stack:
        pattern = stack.pop()
        if isinstance(pattern, URLResolver):
            stack.extend(pattern.url_patterns)
        elif getattr(pattern.callback, "takes_files", False):
            found.add(pattern.name)
    return found


def test_SR48_only_these_addresses_take_files() -> None:
    assert taking_files() == {"account_avatar", "inbox-logo", "logo", "new-file", "uploads", "widget-uploads"}


@pytest.mark.parametrize(
    ("path", "is_larger"),
    [
        ("/accounts/avatar/", True),
        ("/w/acme/settings/branding/logo/", True),
        ("/w/acme/conversations/0193d6f0-0000-7000-8000-000000000001/uploads/", True),
        ("/w/acme/conversations/0193d6f0-0000-7000-8000-000000000001/messages/", False),
        ("/widget/wk_1/uploads/", True),
        ("/widget/wk_1/messages/", False),
        ("/accounts/avatar", False),
        ("/accounts/avatar/delete/", False),
        ("/accounts/login/", False),
        ("/nowhere/", False),
        ("*", False),
        ("", False),
    ],
)
def test_SR48_the_limit_of_an_address(path: str, is_larger: bool) -> None:
    assert limit_at(path) == (settings.UPLOAD_LIMIT + FORM_BYTES if is_larger else settings.BODY_LIMIT)


def test_SR48_one_address_takes_five_files_at_once() -> None:
    assert limit_at("/w/acme/knowledge/files/new/") == 5 * settings.UPLOAD_LIMIT + FORM_BYTES
    assert limit_at("/w/acme/knowledge/files/") == settings.BODY_LIMIT
