"""What servers other than ours call when they start and stop."""

from __future__ import annotations

import asyncio
from typing import Any

import pytest

from minichat.lib import lifecycle


def test_the_hooks_run_once_each_and_in_order(monkeypatch: pytest.MonkeyPatch) -> None:
    happened: list[str] = []

    async def start() -> None:
        happened.append("start")

    async def breaks() -> None:
        raise RuntimeError

    async def stop() -> None:
        happened.append("stop")

    monkeypatch.setattr(lifecycle, "on_start", [breaks, start])

    async def end() -> None:
        happened.append("end")

    monkeypatch.setattr(lifecycle, "on_stop", [breaks, stop])
    monkeypatch.setattr(lifecycle, "at_end", [breaks, end])
    questions = iter([{"type": "lifespan.startup"}, {"type": "lifespan.shutdown"}])

    async def receive() -> Any:
        return next(questions)

    async def send(message: Any) -> None:
        happened.append(message["type"])

    asyncio.run(lifecycle.lifespan({"type": "lifespan"}, receive, send))
    assert happened == ["start", "lifespan.startup.complete", "stop", "end", "lifespan.shutdown.complete"]


def test_the_application_speaks_it() -> None:
    from minichat.asgi import application

    assert application.application_mapping["lifespan"] is lifecycle.lifespan
