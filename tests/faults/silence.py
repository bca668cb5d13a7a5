"""Redis dies while every line holds: what processes tell one another is lost, and no reconnect helps (RF-07)."""

from __future__ import annotations

import asyncio
import time
from dataclasses import dataclass

from tests.faults import views
from tests.faults.client.outbox import Item
from tests.faults.client.visitor import Visitor
from tests.faults.client.world import until
from tests.faults.house import House
from tests.faults.relay import Relay
from tests.faults.talk import Talk

ASKED = 20
PATIENCE = 15.0
# An answer that the visitor's own process has is on the screen long before: one that is not, was lost on its way.
LATE = 0.5
LOOK_EVERY = 0.05


@dataclass
class Silence:
    # Screens that had missed something before Redis came back: without any the run proves nothing.
    behind: int
    unacknowledged: list[str]
    dropped: int
    wrong: list[str]
    seconds: float


async def silence(house: House, relay: Relay, talk: Talk) -> Silence:
    redis = house.engine.redis
    assert redis is not None
    await _spread(relay, talk)
    people = [visitor for visitor in talk.visitors if visitor.link and visitor.thread]
    before = _downs(talk)
    redis.kill()
    asked = people[:ASKED]
    items, answers = _talk(talk, asked)
    behind = await _behind(items, answers)
    redis.start()
    began = time.monotonic()
    wrong = await views.visitors(people) + await views.operators_now(talk.operators)
    seconds = time.monotonic() - began
    return Silence(len(behind), [item.body for item in items if item.is_open], _downs(talk) - before, wrong, seconds)


async def _spread(relay: Relay, talk: Talk) -> None:
    """After the last kill all lines may end in the process that lived; here some shall end in the other one."""
    people = [person for person in talk.people() if person.link]
    before = _downs(talk)
    relay.cut()
    await until(lambda: _downs(talk) - before >= len(people), PATIENCE)
    await until(lambda: all(person.outbox.ready.is_set() for person in people), PATIENCE)


def _talk(talk: Talk, people: list[Visitor]) -> tuple[list[Item], list[tuple[Visitor, Item]]]:
    """Each visitor says something, and each operator answers each of them: some sit in the other process."""
    items = [visitor.say("Is anybody there?") for visitor in people]
    answers = []
    for operator in talk.operators:
        for visitor in people:
            assert visitor.thread is not None
            answers.append((visitor, operator.say(visitor.thread.conversation, to=visitor.name)))
    return items + [item for _, item in answers], answers


async def _behind(items: list[Item], answers: list[tuple[Visitor, Item]]) -> set[str]:
    """Who lacked an acknowledged answer at some time, until all is acknowledged.

    Looked at all along: a process that has not heard itself for a few seconds tells its clients to look for holes,
    Redis or not, and where acknowledgements take their time every screen is whole again before the last of them.
    """
    behind: set[str] = set()
    deadline = time.monotonic() + PATIENCE
    while time.monotonic() < deadline:
        behind |= {visitor.name for visitor, item in answers if item.ack and _lacks(visitor, item)}
        acked = [item.acked_at for item in items if item.ack]
        if len(acked) == len(items) and time.monotonic() - max(acked) > LATE + LOOK_EVERY:
            break
        await asyncio.sleep(LOOK_EVERY)
    return behind


def _lacks(visitor: Visitor, item: Item) -> bool:
    assert visitor.thread is not None
    is_late = time.monotonic() - item.acked_at > LATE
    return is_late and all(row["body"] != item.body for row in visitor.thread.rows.values())


def _downs(talk: Talk) -> int:
    return sum(sum(person.link.codes.values()) for person in talk.people() if person.link)
