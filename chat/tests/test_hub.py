from __future__ import annotations

import asyncio
import os
import uuid
from collections.abc import Callable
from typing import Any

import pytest
from django.conf import settings as django_settings

from chat import hub as hubs
from chat.hub import Hub, Push


class Ear:
    def __init__(self, language: str = "en", breaks: bool = False) -> None:
        self.language, self.breaks, self.heard, self.code = language, breaks, [], 0

    async def deliver(self, text: str) -> None:
        if self.breaks:
            raise RuntimeError("planted")
        self.heard.append(text)

    async def shut(self, code: int, reason: str = "") -> None:
        self.code = code


def made(*ears: Ear) -> Hub:
    hub = Hub()
    hub.draw = lambda frame, data, language: f"{frame} {data['n']} {language}"
    for ear in ears:
        hub.add(ear)
        hub.join("room", ear)
    return hub


@pytest.fixture
def alone(settings: Any) -> None:
    settings.REDIS_URL = ""


@pytest.mark.usefixtures("alone")
async def test_one_broken_socket_does_not_hurt_the_others() -> None:
    broken, whole = Ear(breaks=True), Ear()
    hub = made(broken, whole)
    hub.push(Push("room", "say", {"n": 1}))
    await asyncio.sleep(0.05)
    assert whole.heard == ["say 1 en"]


def test_what_a_worker_could_not_tell_is_logged(
    settings: Any, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    settings.REDIS_URL = "redis://127.0.0.1:1/0"
    hub = Hub()

    async def fail(pushes: list[Push]) -> None:
        raise RuntimeError("planted")

    monkeypatch.setattr(hub, "_publish", fail)
    hub.push(Push("room", "say", {"n": 1}))
    assert "were not published" in caplog.text


@pytest.mark.usefixtures("alone")
async def test_a_picture_is_drawn_once_per_language() -> None:
    drawn: list[str] = []
    ears = [Ear("en"), Ear("en"), Ear("th")]
    hub = made(*ears)
    hub.draw = lambda frame, data, language: drawn.append(language) or language  # type: ignore[func-returns-value]
    hub.push(Push("room", "say", {"n": 1}))
    await asyncio.sleep(0.05)
    assert sorted(drawn) == ["en", "th"] and [ear.heard for ear in ears] == [["en"], ["en"], ["th"]]


@pytest.mark.usefixtures("alone")
async def test_of_waiting_states_the_newest_is_told_and_every_happening() -> None:
    ear = Ear()
    hub = made(ear)
    hub.push(
        Push("room", "row", {"n": 1}, latest="row.1"),
        Push("room", "say", {"n": 2}),
        Push("room", "row", {"n": 3}, latest="row.1"),
        Push("room", "row", {"n": 4}, latest="row.2"),
        Push("room", "say", {"n": 5}),
    )
    await asyncio.sleep(0.05)
    assert ear.heard == ["say 2 en", "row 3 en", "row 4 en", "say 5 en"]


@pytest.mark.usefixtures("alone")
async def test_who_left_hears_nothing() -> None:
    ear = Ear()
    hub = made(ear)
    hub.remove(ear, ["room"])
    hub.push(Push("room", "say", {"n": 1}))
    await asyncio.sleep(0.05)
    assert ear.heard == [] and not hub.groups


@pytest.mark.usefixtures("alone")
async def test_a_push_may_close() -> None:
    ear = Ear()
    hub = made(ear)
    hub.push(Push("room", "close", {"code": 4403}))
    await asyncio.sleep(0.05)
    assert ear.code == 4403


@pytest.mark.usefixtures("alone")
async def test_a_listener_that_fails_holds_nothing_up() -> None:
    ear, heard = Ear(), []
    hub = made(ear)
    hub.heard = [lambda push: 1 // 0, lambda push: heard.append(push.frame)]  # type: ignore[list-item]
    hub.push(Push("room", "say", {"n": 1}), Push("room", "say", {"n": 2}))
    await asyncio.sleep(0.05)
    assert ear.heard == ["say 1 en", "say 2 en"] and heard == ["say", "say"]


@pytest.fixture(autouse=True)
def own_group(monkeypatch: pytest.MonkeyPatch) -> None:
    """Other tests may be talking on the same Redis."""
    monkeypatch.setattr(hubs, "LAYER_GROUP", f"hub-{uuid.uuid4().hex}")


async def until(condition: Callable[[], object]) -> None:
    async with asyncio.timeout(10):
        while not condition():
            await asyncio.sleep(0.01)


async def linked(one: Hub, two: Hub) -> None:
    """Until each hears the other."""
    await until(lambda: one._last_heard.get(two._name) and two._last_heard.get(one._name))


needs_redis = pytest.mark.skipif(not django_settings.REDIS_URL, reason="needs Redis")


@needs_redis
async def test_two_processes_hear_each_other(monkeypatch: pytest.MonkeyPatch) -> None:
    here, there = Ear(), Ear()
    one, two = made(here), made(there)
    await linked(one, two)
    one.push(Push("room", "say", {"n": 1}))
    await until(lambda: here.heard == ["say 1 en"] and there.heard == ["say 1 en"])
    await one.stop()
    await two.stop()


@needs_redis
async def test_rf_10_threads_of_a_worker_send_nobody_looking() -> None:
    """Many answers are written at once in a process without sockets: it tells of them in the order of its numbers."""
    here = Ear()
    hub, worker = made(here), Hub()
    await until(lambda: hub._last_heard.get(hub._name))
    await asyncio.gather(*(asyncio.to_thread(tell, worker, range(n, n + 20)) for n in range(0, 160, 20)))
    await until(lambda: len(here.heard) == 160)
    assert set(here.heard) == {f"say {n} en" for n in range(160)}
    await hub.stop()


def tell(worker: Hub, numbers: range) -> None:
    for n in numbers:
        worker.push(Push("room", "say", {"n": n}))


def test_rf_11_a_worker_tells_again_over_a_new_connection(settings: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    """Redis was restarted: the old connection fails once, and the next word of a worker may be hours away."""
    settings.REDIS_URL = "redis://127.0.0.1:1/0"
    layer = Flaky()
    monkeypatch.setattr(hubs, "get_channel_layer", lambda: layer)
    Hub().push(Push("room", "say", {"n": 1}))
    assert layer.done == ["failed", "flushed", "sent 2"]


class Flaky:
    """A layer whose connection is dead until it is flushed."""

    def __init__(self) -> None:
        self.done: list[str] = []

    async def group_send(self, group: str, message: dict[str, Any]) -> None:
        if "flushed" not in self.done:
            self.done.append("failed")
            raise ConnectionError("planted")
        self.done.append(f"sent {message['n']}")

    async def flush(self) -> None:
        self.done.append("flushed")


def test_a_process_that_was_forked_is_another_sender() -> None:
    """Jobs run in forked processes: under one name their numbers would look like holes."""
    reads, writes = os.pipe()
    if (child := os.fork()) == 0:
        os.write(writes, hubs.hub._name.encode())
        os._exit(0)
    os.waitpid(child, 0)
    assert os.read(reads, 100).decode() not in ("", hubs.hub._name)
    os.close(reads)
    os.close(writes)


@needs_redis
async def test_rf_32_what_is_said_while_the_server_stops_is_heard_elsewhere() -> None:
    """A request that still runs has stored a message: the people at other processes see it now, not at a next look."""
    here, there = Ear(), Ear()
    one, two = made(here), made(there)
    await linked(one, two)
    await one.send_away()
    one.push(Push("room", "say", {"n": 1}))
    await asyncio.sleep(0)
    await one.stop()
    await until(lambda: here.code == 1012 and there.heard == ["say 1 en"])
    await two.stop()


@pytest.mark.usefixtures("alone")
async def test_rf_32_a_late_socket_is_sent_away_too() -> None:
    hub = made(Ear())
    await hub.send_away()
    late = Ear()
    hub.add(late)
    await asyncio.sleep(0.05)
    assert late.code == 1012
    await hub.stop()


async def test_rf_32_a_push_after_the_end_holds_nobody_up(settings: Any, caplog: pytest.LogCaptureFixture) -> None:
    """A thread that would wait for the loop of a server that stops would keep the process from ending."""
    settings.REDIS_URL = "redis://127.0.0.1:1/0"
    hub = Hub()
    await hub.stop()
    await asyncio.wait_for(asyncio.to_thread(hub.push, Push("room", "say", {"n": 1})), 5)
    assert "after the end" in caplog.text


@needs_redis
async def test_a_lost_publish_sends_clients_looking(monkeypatch: pytest.MonkeyPatch) -> None:
    """The number of a publish that did not get out is missing: the next one tells."""
    monkeypatch.setattr(hubs, "PULSE_SECONDS", 0.2)
    here, there = Ear(), Ear()
    one, two = made(here), made(there)
    await linked(one, two)
    with monkeypatch.context() as away:
        away.setattr(hubs, "LAYER_TIMEOUT", 0.0)
        one.push(Push("room", "say", {"n": 1}))
        await asyncio.sleep(0.05)
    await until(lambda: '{"type":"resync"}' in there.heard)
    assert here.heard[0] == "say 1 en"
    await one.stop()
    await two.stop()


async def test_a_layer_that_is_away_delays_nobody_here(settings: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    settings.REDIS_URL = "redis://127.0.0.1:1/0"

    async def hangs(*_: Any) -> None:
        await asyncio.sleep(30)

    class Layer:
        group_send = group_add = new_channel = receive = flush = staticmethod(hangs)

    monkeypatch.setattr(hubs, "get_channel_layer", lambda: Layer())
    ear = Ear()
    hub = made(ear)
    for number in range(3):
        hub.push(Push("room", "say", {"n": number}))
        await asyncio.sleep(0.02)
    assert ear.heard == ["say 0 en", "say 1 en", "say 2 en"]
    await hub.stop()


@pytest.mark.usefixtures("alone")
async def test_rf_10_in_a_burst_who_reads_along_is_heard() -> None:
    """What a socket says it has read is taken note of between two pushes, however many wait."""
    ear = Ear()
    hub = made(ear)
    hub.push(*(Push("room", "say", {"n": n}) for n in range(500)))
    most, turns = 0, 0
    while len(ear.heard) < 500:
        before = len(ear.heard)
        await asyncio.sleep(0)
        most, turns = max(most, len(ear.heard) - before), turns + 1
        assert turns < 1000
    assert most <= hubs.TURN
    assert ear.heard == [f"say {n} en" for n in range(500)]
