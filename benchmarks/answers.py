"""How soon the assistant speaks, what it adds to a model's own time, and whether many answers hold up the chat."""

from __future__ import annotations

import asyncio
import json
import sys
import time
from collections.abc import AsyncIterator, Callable, Iterator
from contextlib import AsyncExitStack, ExitStack, asynccontextmanager, contextmanager
from dataclasses import dataclass
from functools import partial
from typing import Any

import aiohttp

from benchmarks import sites
from benchmarks.answering import FAQS
from benchmarks.messages import stores
from benchmarks.sites import Site, Stores
from benchmarks.table import Cell, median, ratio, show
from tests.fakes.ai_server import AiServer, Asked
from tests.faults.client.link import Frame
from tests.faults.client.operator import Operator
from tests.faults.client.outbox import Item
from tests.faults.client.visitor import Visitor
from tests.faults.client.world import World, until
from tests.faults.figures import percentile
from tests.faults.seed import SHOP

STREAMS = 64
PATIENCE = 30.0
FIRST_BYTE = 0.1
# Twenty seconds, while we give a model twenty-five: the last stream has begun long before the first one ends.
PIECES, PAUSE = 100, 0.2
LIVE_RATE, LIVE_VISITORS = 20, 40


@dataclass(frozen=True)
class Effort:
    questions: int
    rounds: int
    seconds: int


QUICK = Effort(questions=10, rounds=1, seconds=4)
FULL = Effort(questions=60, rounds=3, seconds=7)


@dataclass
class Found:
    """Seconds."""

    first: list[float]
    modelled: list[float]
    direct: list[float]
    quiet: list[float]
    crowded: list[float]
    streams: int


def run(effort: Effort) -> None:
    rows = []
    with stores() as where:
        for name, opened in sites_of(where).items():
            print(f"answers: {name}", file=sys.stderr, flush=True)
            rows.append((name, *told(asyncio.run(measured(opened, effort)))))
    header = ("", "first ms p50", "p95", "added ms p50", "p95", "live ms p50", f"with {STREAMS}", "ratio", "streams")
    show("Answers: the built-in one, a model's first word beyond its own time, the chat beside streams", header, rows)


def sites_of(where: Stores) -> dict[str, Callable[[int], Any]]:
    chosen: dict[str, Callable[[int], Any]] = {}
    if where.postgres is not None and where.redis is not None:
        chosen["MiniChat, Postgres"] = partial(site, where, embedded=False)
    chosen["MiniChat, SQLite"] = partial(site, where, embedded=True)
    return chosen


@contextmanager
def site(where: Stores, port: int, *, embedded: bool) -> Iterator[tuple[Site, dict[str, str]]]:
    """With the shops of `answering.py`; `port`: of the model."""
    more = {"AI_GROQ_URL": f"http://127.0.0.1:{port}/groq/openai/v1"}
    jobs = [] if embedded else [["default,mail,ai", "prefork", "1"], ["answers", "threads", "64"]]
    with ExitStack() as stack:
        opened, environment = stack.enter_context(sites.minichat_with("answers", where, embedded=embedded, more=more))
        shops = json.loads(sites.call(["-m", "benchmarks.answering"], sites.ROOT, environment))
        for queues, pool, concurrency in jobs:
            command = ["-m", "celery", "-A", "minichat", "worker", "--queues", queues, "--pool", pool]
            stack.enter_context(sites.beside([*command, "--concurrency", concurrency], environment, where.folder))
        yield opened, shops


def told(found: Found) -> list[Cell]:
    added = [ours - theirs for ours, theirs in zip(found.modelled, found.direct, strict=True)]
    quiet, crowded = median(found.quiet), median(found.crowded)
    return [
        *(_ms(percentile(found.first, share)) for share in (0.5, 0.95)),
        *(_ms(percentile(added, share)) for share in (0.5, 0.95)),
        _ms(quiet or 0.0),
        _ms(crowded or 0.0),
        ratio(crowded, quiet),
        found.streams,
    ]


def _ms(seconds: float) -> float:
    return seconds * 1000


# --- Measuring --------------------------------------------------------------------------------------------------------


async def measured(opened: Callable[[int], Any], effort: Effort) -> Found:
    async with AsyncExitStack() as stack:
        model = await stack.enter_async_context(AiServer(first_byte=FIRST_BYTE, answer=lambda asked: ["Two days. "]))
        where, shops = await asyncio.to_thread(stack.enter_context, opened(model.port))
        http = await stack.enter_async_context(
            aiohttp.ClientSession(connector=aiohttp.TCPConnector(limit=0), cookie_jar=aiohttp.DummyCookieJar())
        )
        house = House(http, where, shops)
        first = [await house.answered("knowing", number) for number in range(effort.questions)]
        modelled, direct = [], []
        for number in range(effort.questions):
            modelled.append(await house.answered("modelled", number))
            direct.append(await first_word(http, model))
        quiet, crowded, streams = await crowd(stack, house, model, effort)
        return Found(first, modelled, direct, quiet, crowded, streams)


async def crowd(
    stack: AsyncExitStack, house: House, model: AiServer, effort: Effort
) -> tuple[list[float], list[float], int]:
    """Live messages between people, alone and beside as many answers as can be, turn by turn."""
    chat = await stack.enter_async_context(house.live())
    quiet: list[float] = []
    crowded: list[float] = []
    least = STREAMS
    for _ in range(effort.rounds):
        quiet += await chat(effort.seconds)
        model.pause, model.answer = PAUSE, _long
        visitors = [await house.arrived("modelled") for _ in range(STREAMS)]
        asking = [asyncio.create_task(visitor.answered(number)) for number, visitor in enumerate(visitors)]
        await until(lambda: model.answering >= STREAMS, PATIENCE)
        began = model.answering
        crowded += await chat(effort.seconds)
        least = min(least, began, model.answering)
        await asyncio.gather(*asking)
        await house.leave()
        await until(lambda: not model.answering, PATIENCE)
        model.pause = 0.0
    return quiet, crowded, least


def _long(asked: Asked) -> list[str]:
    return ["Two days in Bangkok. "] * PIECES


async def first_word(http: aiohttp.ClientSession, model: AiServer) -> float:
    """The model asked without us."""
    body = {"model": "llama-3.1-8b-instant", "stream": True, "messages": [{"role": "user", "content": "?"}]}
    began = time.perf_counter()
    async with http.post(f"{model.url}/groq/openai/v1/chat/completions", json=body) as response:
        async for line in response.content:
            if b"Two days" in line:
                return time.perf_counter() - began
    raise RuntimeError("the model said nothing")


class House:
    """The site as its visitors have it."""

    def __init__(self, http: aiohttp.ClientSession, where: Site, shops: dict[str, str]) -> None:
        self.http, self.where, self.shops = http, where, shops
        self.visitors: list[Asking] = []
        self._number = 0

    async def answered(self, shop: str, number: int) -> float:
        return await (await self.arrived(shop)).answered(number)

    async def arrived(self, shop: str) -> Asking:
        """A new visitor, whose widget is open."""
        visitor = Asking(self.world(shop, self.shops[shop]), self.next_number())
        self.visitors.append(visitor)
        await visitor.start()
        if not await until(visitor.outbox.ready.is_set, PATIENCE):
            raise RuntimeError("the widget did not open")
        return visitor

    async def leave(self) -> None:
        await asyncio.gather(*(visitor.stop() for visitor in self.visitors))
        self.visitors.clear()

    def world(self, slug: str, key: str) -> World:
        return World(self.http, self.where.base, key, slug, SHOP)

    def next_number(self) -> int:
        self._number += 1
        return self._number

    @asynccontextmanager
    async def live(self) -> AsyncIterator[Callable[[int], Any]]:
        """People: what is called writes for so many seconds, and says how long each message took to the operator."""
        known = self.where.environment
        world = self.world(known["BENCH_SLUG"], known["BENCH_KEY"])
        cookies = dict(pair.split("=", 1) for pair in known["BENCH_COOKIE"].split("; "))
        operator = Operator(world, "o1", cookies)
        operator.start()
        visitors = [Visitor(world, 5000 + number) for number in range(LIVE_VISITORS)]
        for visitor in visitors:
            await visitor.start()
            await until(visitor.outbox.ready.is_set, PATIENCE)
        yield partial(self._talk, operator, visitors)
        await asyncio.gather(*(person.stop() for person in [*visitors, operator]))

    async def _talk(self, operator: Operator, visitors: list[Visitor], seconds: int) -> list[float]:
        said: dict[str, Item] = {}
        for turn in range(seconds * LIVE_RATE):
            visitor = visitors[turn % len(visitors)]
            item = visitor.say("Are you there?")
            said[f"{visitor.name}-{visitor.said}"] = item
            await asyncio.sleep(1 / LIVE_RATE)
        # A line of the list shows the newest words alone: of two that come together the first may never be seen there.
        await until(lambda: said.keys() <= operator.seen.keys(), PATIENCE / 3)
        return [operator.seen[name] - item.made_at for name, item in said.items() if name in operator.seen]


class Asking(Visitor):
    """Notes when the assistant's first words came."""

    def __init__(self, world: World, number: int) -> None:
        super().__init__(world, number)
        self.heard: asyncio.Future[float] = asyncio.get_running_loop().create_future()

    async def answered(self, number: int) -> float:
        """From the question to the first words of the answer."""
        began = time.perf_counter()
        self.outbox.put(Item(list(FAQS)[number % len(FAQS)]))
        async with asyncio.timeout(PATIENCE):
            return await self.heard - began

    def _on_words(self, frame: Frame) -> None:
        self._note()

    def _on_message(self, frame: Frame) -> None:
        super()._on_message(frame)
        if frame["message"]["kind"] == "ai":
            self._note()

    def _note(self) -> None:
        if not self.heard.done():
            self.heard.set_result(time.perf_counter())
