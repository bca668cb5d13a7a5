"""What the clients of a run share: the way to the server, and ears for those who wait for a moment."""

from __future__ import annotations

import asyncio
import re
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

import aiohttp

# Every body begins with the sender and a number of the sender's own: `lid:<sender>-<n>;`.
LID = re.compile(r"lid:([a-z]+[0-9]*)-([0-9]+);")


@dataclass
class World:
    http: aiohttp.ClientSession
    url: str
    key: str
    slug: str
    origin: str
    waiting: list[tuple[str, Callable[[Any], bool], asyncio.Future[Any]]] = field(default_factory=list)
    # What somebody saw who must not have seen it.
    leaks: list[str] = field(default_factory=list)

    @property
    def ws(self) -> str:
        return "ws" + self.url.removeprefix("http")

    def tell(self, moment: str, what: Any) -> None:
        for entry in [entry for entry in self.waiting if entry[0] == moment]:
            if not entry[2].done() and entry[1](what):
                entry[2].set_result(what)
                self.waiting.remove(entry)

    async def moment(self, name: str, fits: Callable[[Any], bool] = lambda _: True) -> Any:
        """The next time somebody tells `name` of something that fits; returns at once when it happens."""
        future: asyncio.Future[Any] = asyncio.get_running_loop().create_future()
        self.waiting.append((name, fits, future))
        return await future


async def until(condition: Callable[[], bool], seconds: float, every: float = 0.05) -> bool:
    """Whether the condition came true in time."""
    deadline = asyncio.get_running_loop().time() + seconds
    while not condition():
        if asyncio.get_running_loop().time() > deadline:
            return False
        await asyncio.sleep(every)
    return True
