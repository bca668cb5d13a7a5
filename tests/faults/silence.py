"""Redis dies while every line holds: what processes tell one another is lost, and no reconnect helps (RF-07)."""

from __future__ import annotations

import asyncio
import time
from dataclasses import dataclass

from tests.faults import views
from tests.faults.client.outbox import Item
from tests.faults.client.thread import difference
from tests.faults.client.visitor import Visitor
from tests.faults.client.world import until
from tests.faults.house import House
from tests.faults.talk import Talk

ASKED = 20
PATIENCE = 15.0


@dataclass
class Silence:
    # Screens that had missed something before Redis came back: without any the run proves nothing.
    behind: int
    unacknowledged: list[str]
    dropped: int
    wrong: list[str]
    seconds: float


async def silence(house: House, talk: Talk) -> Silence:
    redis = house.engine.redis
    assert redis is not None
    people = [visitor for visitor in talk.visitors if visitor.link and visitor.thread]
    before = _downs(talk)
    redis.kill()
    items = _talk(talk, people[:ASKED])
    await until(lambda: not any(item.is_open for item in items), PATIENCE)
    behind = await _behind(people[:ASKED])
    redis.start()
    began = time.monotonic()
    wrong = await views.visitors(people) + await views.operators_now(talk.operators)
    seconds = time.monotonic() - began
    return Silence(behind, [item.body for item in items if item.is_open], _downs(talk) - before, wrong, seconds)


def _talk(talk: Talk, people: list[Visitor]) -> list[Item]:
    """Each visitor says something, and each operator answers each of them: some sit in the other process."""
    items = [visitor.say("Is anybody there?") for visitor in people]
    for operator in talk.operators:
        for visitor in people:
            assert visitor.thread is not None
            items.append(operator.say(visitor.thread.conversation, to=visitor.name))
    return items


async def _behind(people: list[Visitor]) -> int:
    async def one(visitor: Visitor) -> bool:
        assert visitor.thread is not None
        return bool(difference(visitor.thread.picture(), (await visitor.fresh()).picture()))

    return sum(await asyncio.gather(*(one(visitor) for visitor in people)))


def _downs(talk: Talk) -> int:
    return sum(sum(person.link.codes.values()) for person in talk.people() if person.link)
