"""500 conversations begin at the same moment (T6): the operator must see each of them, live."""

from __future__ import annotations

import asyncio
import time
from dataclasses import dataclass

from tests.faults.client.operator import Operator
from tests.faults.client.outbox import Item
from tests.faults.client.visitor import Visitor
from tests.faults.client.world import World, until

AT_A_TIME = 24
FIRST_NUMBER = 10_000
PATIENCE = 20.0


@dataclass
class Outcome:
    items: list[Item]
    visitors: list[Visitor]
    unseen: list[str]
    delays: list[float]
    operator_closed: int


async def burst(world: World, operator: Operator, conversations: int) -> Outcome:
    visitors = [Visitor(world, FIRST_NUMBER + number) for number in range(conversations)]
    await _arrive(visitors)
    downs = sum(operator.link.codes.values())
    items = [visitor.say("We all ask now") for visitor in visitors]
    names = {f"{visitor.name}-1": item for visitor, item in zip(visitors, items, strict=True)}
    await until(lambda: names.keys() <= operator.seen.keys(), PATIENCE)
    delays = [operator.seen[name] - item.made_at for name, item in names.items() if name in operator.seen]
    unseen = [name for name in names if name not in operator.seen]
    return Outcome(items, visitors, unseen, delays, sum(operator.link.codes.values()) - downs)


async def _arrive(visitors: list[Visitor]) -> None:
    gate = asyncio.Semaphore(AT_A_TIME)

    async def one(visitor: Visitor) -> None:
        async with gate:
            await visitor.start()
            await until(visitor.outbox.ready.is_set, PATIENCE)

    await asyncio.gather(*(one(visitor) for visitor in visitors))
    await asyncio.sleep(max(0.0, time.monotonic() % 0.5))
