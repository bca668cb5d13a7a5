"""What is broken, and when. Each break returns a proof that it happened, or an empty text."""

from __future__ import annotations

import asyncio
import random
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field

from tests.faults.client.account import sign_up
from tests.faults.client.outbox import Item
from tests.faults.client.visitor import Visitor
from tests.faults.client.world import until
from tests.faults.house import House
from tests.faults.relay import Relay
from tests.faults.talk import Talk

CUT_EVERY = 2.0
MOST_BACK_SECONDS = 6.0
REDIS_AWAY = 3.0
PATIENCE = 20.0
PASSWORD = "Sawasdee-4711-kha"


@dataclass
class Breaker:
    house: House
    relay: Relay
    talk: Talk
    chance: random.Random
    proofs: dict[str, int] = field(default_factory=dict)
    # First messages whose row was there when the server was killed, and whose ack was not.
    orphans: list[Item] = field(default_factory=list)
    # Mails whose sender was killed after the mail server may have had them: nobody can know, so they go again.
    unknown_mails: set[str] = field(default_factory=set)
    # From the kill to the first acknowledgement after it.
    outages: list[float] = field(default_factory=list)
    # Held by a break that needs its line until the kill: whoever is cut off sends again, and hears the ack.
    lines: asyncio.Lock = field(default_factory=asyncio.Lock)

    async def cut_sockets(self) -> None:
        """Every two seconds nobody has a connection, for as long as the run lasts.

        On a slow machine a little later: whoever is cut again before the gap is filled never gets to say a word.
        """
        while True:
            await asyncio.sleep(CUT_EVERY)
            await until(self._most_are_back, MOST_BACK_SECONDS)
            async with self.lines:
                self._prove("sockets cut", self.relay.cut())

    async def kill_after_send(self) -> None:
        """The frame has left the client; nobody knows how far the server got with it."""
        await self._wait(self.talk.world.moment("sent"))
        await self._kill_and_start("killed after send")

    async def kill_after_ack(self) -> None:
        await self._wait(self.talk.world.moment("acked", lambda told: isinstance(told[0], Visitor)))
        await self._kill_and_start("killed after ack")

    async def kill_at(self, point: str) -> None:
        """At a marked point of a message's way through the server (`marked.py`)."""
        number = self.chance.choice(self._alive())
        if await self.house.kill_at(point, number, PATIENCE):
            self._prove(f"killed: {point}", 1)
            await self._start(number)

    async def kill_after_first_row(self) -> None:
        """The first message of a new conversation is committed; its sender will never hear the ack."""
        for _ in range(3):  # the ack may have been on its way already
            async with self.lines:
                numbers = await self._kill_unheard(await self.talk.newcomer())
            if numbers:
                self._prove("killed with a first row unacknowledged", 1)
                await self._start(*numbers)
                return

    async def _kill_unheard(self, visitor: Visitor) -> list[int]:
        self.relay.mute()
        item = visitor.say("First words")
        is_there = await self._row_of(item)
        numbers = [number for number in self._alive() if is_there and item.is_open and self.house.kill(number)]
        self.relay.cut()
        if numbers:
            self.orphans.append(item)
        return numbers

    async def kill_in_burst(self) -> None:
        """Everybody speaks at once."""
        for visitor in self.talk.visitors[:40]:
            for _ in range(3):
                visitor.say("All at once")
        await self._wait(self.talk.world.moment("acked"))
        await asyncio.sleep(self.chance.uniform(0.005, 0.05))
        await self._kill_and_start("killed in a burst")

    async def kill_after_sign_up(self, name: str) -> list[str]:
        """The mail's row is committed, nobody has sent it yet; says who signed up."""
        addresses = []
        for attempt in range(3):  # the process may be quicker than the knife
            addresses.append(f"{name}{attempt}@shop.test")
            if await self._kill_with_unsent(addresses[-1]):
                self._prove("killed with a mail unsent", 1)
                break
        return addresses

    async def _kill_with_unsent(self, address: str) -> bool:
        form = sign_up(self.talk.world.http, f"http://127.0.0.1:{self.house.ports[0]}", address, PASSWORD)
        posting = asyncio.create_task(form)
        await until(lambda: bool(self.mail_status(address)), PATIENCE, every=0.002)
        was_killed, status = self.house.kill(0), self.mail_status(address)
        if status == "sending":
            self.unknown_mails.add(address)
        await posting
        await self._start(0)
        return was_killed and status == "queued"

    def mail_status(self, address: str) -> str:
        sql = f"select status from notifications_outgoingemail where cast(\"to\" as text) like '%{address}%'"
        found = self.house.engine.rows(sql)
        return found[0][0] if found else ""

    async def kill_redis(self) -> None:
        """Messages must go on being stored; what processes tell one another is lost meanwhile."""
        redis = self.house.engine.redis
        assert redis is not None
        before = self._acks()
        if redis.kill():
            self._prove("redis killed", 1)
        await asyncio.sleep(REDIS_AWAY)
        self._prove("messages acknowledged without redis", self._acks() - before)
        redis.start()

    def _most_are_back(self) -> bool:
        people = [person for person in self.talk.people() if person.link]
        return sum(person.outbox.ready.is_set() for person in people) >= len(people) * 0.9

    # --- Inside ------------------------------------------------------------------------------------------------------

    async def _kill_and_start(self, proof: str) -> None:
        number = self.chance.choice(self._alive())
        if self.house.kill(number):
            self._prove(proof, 1)
        await self._start(number)

    async def _start(self, *numbers: int) -> None:
        loop = asyncio.get_running_loop()
        began = loop.time()
        acked = asyncio.create_task(self.talk.world.moment("acked"))
        await asyncio.gather(*(self.house.start(number) for number in numbers))
        await self._wait(acked)
        self.outages.append(loop.time() - began)

    def _alive(self) -> list[int]:
        return [number for number, process in enumerate(self.house.web) if process and process.poll() is None]

    async def _row_of(self, item: Item) -> bool:
        sql = f"select count(*) from chat_message where client_id = {self.house.engine.uuid(item.client_id)}"
        return await until(lambda: self.house.engine.rows(sql)[0][0] > 0, PATIENCE, every=0.002)

    async def _wait(self, moment: Awaitable[object]) -> None:
        async with asyncio.timeout(PATIENCE):
            await moment

    def _acks(self) -> int:
        return sum(1 for person in self.talk.people() for item in person.outbox.items if item.ack)

    def _prove(self, what: str, count: int) -> None:
        self.proofs[what] = self.proofs.get(what, 0) + count


Break = Callable[[Breaker], Awaitable[None]]
