"""One fault run on one engine, from an empty database to its figures."""

from __future__ import annotations

import asyncio
import random
import shutil
import tempfile
import time
import traceback
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from pathlib import Path

import aiohttp

from tests.fakes.smtp import SmtpSink
from tests.faults import verdict
from tests.faults.breaks import Breaker
from tests.faults.burst import Outcome, burst
from tests.faults.client.account import sign_in
from tests.faults.client.operator import Operator
from tests.faults.client.visitor import Visitor
from tests.faults.client.world import World, until
from tests.faults.engine import ENGINES, Embedded, test_servers
from tests.faults.figures import Report
from tests.faults.house import House
from tests.faults.marked import POINTS
from tests.faults.relay import Relay
from tests.faults.seed import PASSWORD, SHOP, STRANGER
from tests.faults.silence import Silence, silence
from tests.faults.talk import Talk

SWALLOW_SHARE = 0.03
FINISH_SECONDS = 90.0
MAIL_SECONDS = 20.0


@dataclass(frozen=True)
class Plan:
    """How long and how hard."""

    visitors: int = 40
    messages: int = 2000
    seconds: float = 24.0
    conversations_at_once: int = 500
    rounds: int = 1
    seed: int = 4711


@dataclass
class Scene:
    """Everything that is on stage during a run."""

    plan: Plan
    house: House
    relay: Relay
    sink: SmtpSink
    world: World
    operators: list[Operator]
    stranger: Operator
    talk: Talk
    breaker: Breaker
    addresses: list[str] = field(default_factory=list)
    went_through: bool = False
    at_once: Outcome | None = None
    silence: Silence | None = None
    exit_codes: list[int] = field(default_factory=list)
    farewells: list[int] = field(default_factory=list)


def run(engine_name: str, plan: Plan, logs: Path | None = None) -> Report:
    """Never raises for what went wrong on stage; `logs`: a folder for what the processes wrote."""
    report = Report(engine_name)
    began = time.monotonic()
    try:
        with tempfile.TemporaryDirectory(prefix="minichat-faults-") as name:
            folder = Path(name)
            folder.chmod(0o755)  # Postgres may run as another user
            try:
                with ENGINES[engine_name](folder) as engine:
                    asyncio.run(_play(engine, folder, plan, report))
            finally:
                if logs:
                    _keep(folder, logs / engine_name)
    except test_servers.Missing:
        raise
    except Exception:
        report.broke(traceback.format_exc())
    report.note("run", "took", time.monotonic() - began, "s")
    return report


def _keep(folder: Path, logs: Path) -> None:
    logs.mkdir(parents=True, exist_ok=True)
    for file in folder.glob("*.log"):
        shutil.copy(file, logs)


async def _play(engine, folder: Path, plan: Plan, report: Report) -> None:  # noqa: ANN001
    async with _scene(engine, folder, plan) as scene:
        await _storm(scene)
        await verdict.after_storm(scene, report)
        if engine.redis:
            scene.silence = await silence(scene.house, scene.relay, scene.talk)
        scene.at_once = await burst(scene.world, *scene.operators, plan.conversations_at_once)
        await _farewell(scene)
        verdict.at_end(scene, report)


@asynccontextmanager
async def _scene(engine, folder: Path, plan: Plan) -> AsyncIterator[Scene]:  # noqa: ANN001
    chance = random.Random(plan.seed)
    connector = aiohttp.TCPConnector(limit=0, force_close=True)
    async with (
        SmtpSink() as sink,
        aiohttp.ClientSession(
            connector=connector, cookie_jar=aiohttp.DummyCookieJar(), timeout=aiohttp.ClientTimeout(total=20)
        ) as http,
    ):
        relay = Relay(lambda: house.alive(), chance)
        await relay.open()
        house = House(engine, folder, relay, sink.port)
        try:
            cast = await asyncio.to_thread(house.build)
            await house.start_all()
            world = World(http, house.url, cast["key"], cast["slug"], SHOP)
            operators, stranger = await _operators(world, cast)
            talk = Talk(world, operators, visitors=plan.visitors, messages=plan.messages, seed=plan.seed)
            scene = Scene(
                plan, house, relay, sink, world, operators, stranger, talk, Breaker(house, relay, talk, chance)
            )
            yield scene
            await asyncio.gather(*(person.stop() for person in everybody(scene)))
        finally:
            house.close()
            relay.close()


async def _operators(world: World, cast: dict) -> tuple[list[Operator], Operator]:
    async def one(name: str, email: str, slug: str) -> Operator:
        operator = Operator(world, name, await sign_in(world.http, world.url, email, PASSWORD), slug)
        operator.start()
        await until(operator.outbox.ready.is_set, 10)
        return operator

    ours = [await one(f"o{number}", email, cast["slug"]) for number, email in enumerate(cast["operators"], 1)]
    return ours, await one("x1", STRANGER, cast["stranger_slug"])


async def _storm(scene: Scene) -> None:
    """Talk while everything breaks, one break after the other."""
    scene.relay.swallow_share = SWALLOW_SHARE
    cutting = asyncio.create_task(scene.breaker.cut_sockets())
    talking = asyncio.create_task(scene.talk.run(scene.plan.seconds * scene.plan.rounds))
    try:
        await asyncio.sleep(1.5)
        for number in range(scene.plan.rounds):
            await _breaks(scene, number)
        await talking
    finally:
        cutting.cancel()
        talking.cancel()
        scene.relay.swallow_share = 0.0
    scene.went_through = await scene.talk.finish(FINISH_SECONDS)


async def _breaks(scene: Scene, number: int) -> None:
    breaker = scene.breaker
    await breaker.kill_after_first_row()
    addresses = await breaker.kill_after_sign_up(f"nok{number}-")
    scene.addresses += addresses
    if isinstance(scene.house.engine, Embedded):
        # The next kill must not hit the sweep that has just found the mail: whether it went would be unknown.
        await _mails_went(scene, addresses)
        await breaker.kill_in_burst()
    else:
        await breaker.kill_redis()
        await _queue_is_lost(scene)
    if scene.plan.rounds > 1:
        await breaker.kill_after_send()
        await breaker.kill_after_ack()
        for point in list(POINTS)[number % 2 :: 2]:
            await breaker.kill_at(point)
    await _mails_went(scene, addresses)


async def _mails_went(scene: Scene, addresses: list[str]) -> None:
    certain = [one for one in addresses if one not in scene.breaker.unknown_mails]
    await until(lambda: all(scene.breaker.mail_status(one) == "sent" for one in certain), MAIL_SECONDS)


async def _queue_is_lost(scene: Scene) -> None:
    """The worker comes up with an empty queue: only the sweep, which beat sends each minute, can find the mail."""
    if not scene.house.jobs:
        scene.house.start_jobs("worker")
    call = ["-m", "celery", "-A", "minichat", "call", "notifications.tasks.sweep"]
    await asyncio.to_thread(scene.house.python, *call)


def everybody(scene: Scene) -> list[Visitor | Operator]:
    return [*scene.talk.people(), *(scene.at_once.visitors if scene.at_once else []), scene.stranger]


async def _farewell(scene: Scene) -> None:
    """The orderly end: every socket is told when to come back, and the process exits with 0."""
    links = [person.link for person in everybody(scene) if person.link and person.link.is_up]
    for link in links:
        link.stopped = True
        link.codes.clear()
    scene.exit_codes = list(
        await asyncio.gather(*(scene.house.terminate(number) for number in range(len(scene.house.ports))))
    )
    await until(lambda: all(link.codes for link in links), 5)
    scene.farewells = [next(iter(link.codes), 0) for link in links]
