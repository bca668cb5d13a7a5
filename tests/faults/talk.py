"""People who talk while things break: visitors who arrive over time, operators who answer and take notes."""

from __future__ import annotations

import asyncio
import random
from collections.abc import Iterable
from contextlib import suppress

from tests.faults.client.operator import Operator
from tests.faults.client.visitor import Visitor
from tests.faults.client.world import World, until

# One in so many visitors sits behind a proxy that lets no socket through.
HTTP_ONLY = 13
NOTE_SHARE = 0.3


class Talk:
    def __init__(self, world: World, operators: list[Operator], *, visitors: int, messages: int, seed: int) -> None:
        self.world, self.operators = world, operators
        self.chance = random.Random(seed)
        self.places = visitors
        self.each = messages // visitors
        self.visitors: list[Visitor] = []
        self.is_over = asyncio.Event()
        self._tasks: list[asyncio.Task[None]] = []

    async def run(self, seconds: float) -> None:
        """Everybody arrives within the first half and says everything within `seconds`."""
        self._tasks = [asyncio.create_task(self._answer(operator)) for operator in self.operators]
        arrivals = [self._visit(number, seconds) for number in range(1, self.places + 1)]
        await asyncio.gather(*arrivals)

    async def newcomer(self) -> Visitor:
        """One more visitor, connected and silent."""
        visitor = Visitor(self.world, 1000 + len(self.visitors))
        self.visitors.append(visitor)
        await visitor.start()
        await until(visitor.outbox.ready.is_set, 20)
        return visitor

    async def finish(self, patience: float) -> bool:
        """Whether everything that was said got through."""
        self.is_over.set()
        for task in self._tasks:
            task.cancel()
        return await until(lambda: not any(person.outbox.unsent for person in self.people()), patience)

    def people(self) -> Iterable[Visitor | Operator]:
        return [*self.visitors, *self.operators]

    # --- Inside ------------------------------------------------------------------------------------------------------

    async def _visit(self, number: int, seconds: float) -> None:
        visitor = Visitor(self.world, number, has_sockets=number % HTTP_ONLY != 0)
        arrives = seconds / 2 * number / self.places
        await asyncio.sleep(arrives)
        self.visitors.append(visitor)
        await visitor.start()
        pause = (seconds - arrives) / self.each
        for _ in range(self.each):
            visitor.say("สวัสดี, do you ship to Chiang Mai?")
            await asyncio.sleep(pause * self.chance.uniform(0.2, 1.8))

    async def _answer(self, operator: Operator) -> None:
        """Open a thread, read it, answer it or write a note; then the next."""
        while not self.is_over.is_set():
            await asyncio.sleep(self.chance.uniform(0.05, 0.25))
            known = [visitor for visitor in list(self.visitors) if visitor.thread]
            if not known:
                continue
            visitor = self.chance.choice(known)
            assert visitor.thread is not None
            conversation = visitor.thread.conversation
            if self.chance.random() < 0.5:
                await operator.open(conversation, patience=2)
                with suppress(KeyError):
                    operator.read(conversation)
            is_note = self.chance.random() < NOTE_SHARE
            item = operator.say(conversation, to=visitor.name, note=is_note)
            await until(lambda item=item: not item.is_open, 30)  # type: ignore[misc]
