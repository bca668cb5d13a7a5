"""500 conversations begin at the same moment (T6): the operator must see each of them, live."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass

from tests.faults.client.operator import Operator
from tests.faults.client.outbox import Item
from tests.faults.client.visitor import Visitor
from tests.faults.client.world import World, until

AT_A_TIME = 24
FIRST_NUMBER = 10_000
PATIENCE = 20.0
# The server's patience with a slow reader is 10 s, and it looks every few seconds.
DEAF_SECONDS = 18.0


@dataclass
class Outcome:
    items: list[Item]
    visitors: list[Visitor]
    unseen: list[str]
    delays: list[float]
    operator_closed: int
    deaf_closed: bool


async def burst(world: World, operator: Operator, deaf: Operator, conversations: int) -> Outcome:
    """`deaf` never says how much it has read: the server must not wait for it, nor keep what it owes."""
    deaf.link.counts = False
    visitors = [Visitor(world, FIRST_NUMBER + number) for number in range(conversations)]
    await _arrive(visitors)
    downs = sum(operator.link.codes.values())
    items = [visitor.say("We all ask now") for visitor in visitors]
    names = {f"{visitor.name}-1": item for visitor, item in zip(visitors, items, strict=True)}
    await until(lambda: names.keys() <= operator.seen.keys(), PATIENCE)
    delays = [operator.seen[name] - item.made_at for name, item in names.items() if name in operator.seen]
    unseen = [name for name in names if name not in operator.seen]
    for visitor in visitors:
        visitor.say("And again, so that the deaf one owes too much")
    deaf_closed = await until(lambda: deaf.link.codes[4008] > 0, DEAF_SECONDS)
    deaf.link.counts = True  # or it is sent off once more, just when everybody is told to come back
    await until(lambda: not any(visitor.outbox.unsent for visitor in visitors), PATIENCE)
    closed = sum(operator.link.codes.values()) - downs
    return Outcome(items, visitors, unseen, delays, closed, deaf_closed)


async def _arrive(visitors: list[Visitor]) -> None:
    gate = asyncio.Semaphore(AT_A_TIME)

    async def one(visitor: Visitor) -> None:
        async with gate:
            await visitor.start()
            await until(visitor.outbox.ready.is_set, PATIENCE)

    await asyncio.gather(*(one(visitor) for visitor in visitors))
    await asyncio.sleep(0.5)  # what arriving causes (presence, counts) has gone out
