"""I4: what each client shows after the storm, against what somebody sees who asks for the first time."""

from __future__ import annotations

import asyncio
from collections.abc import Iterable

import aiohttp

from tests.faults.client.operator import Operator
from tests.faults.client.thread import difference
from tests.faults.client.visitor import Visitor

# Marks and list rows are told a moment later; a client that needs longer has missed something.
SETTLE = 8.0
# Between two looks: each asks the server for everything, and many who look at once would be what slows it down.
FIRST_PAUSE, LONGEST_PAUSE = 0.3, 1.0


async def visitors(people: Iterable[Visitor]) -> list[str]:
    return [text for text in await asyncio.gather(*(_settled(_visitor, person) for person in people)) if text]


async def operators(people: Iterable[Operator]) -> list[str]:
    """First as they are, then every thread they ever opened, opened again as a person would."""
    found = await operators_now(people)
    for person in people:
        for conversation in list(person.threads):
            if not await person.open(conversation):
                found.append(f"{person.name} could not open {conversation}")
            found.append(await _settled(_thread, person, conversation))
    return [text for text in found if text]


async def operators_now(people: Iterable[Operator]) -> list[str]:
    """The list and the open thread, untouched."""
    found = []
    for person in people:
        found.append(await _settled(_list, person))
        if person.opened in person.threads:
            found.append(await _settled(_thread, person, person.opened))
    return [text for text in found if text]


async def _settled(look, *who) -> str:  # noqa: ANN001, ANN002
    deadline = asyncio.get_running_loop().time() + SETTLE
    pause = FIRST_PAUSE
    while text := await _look(look, *who):
        if asyncio.get_running_loop().time() > deadline:
            return text
        await asyncio.sleep(pause)
        pause = min(pause * 1.5, LONGEST_PAUSE)
    return ""


async def _look(look, *who) -> str:  # noqa: ANN001, ANN002
    try:
        return await look(*who)
    except (aiohttp.ClientError, OSError, ValueError) as error:
        return f"{who[0].name} got no answer: {error}"


async def _visitor(person: Visitor) -> str:
    if person.thread is None:
        return ""
    if not person.has_sockets:
        person.gaps.fill(person.thread)
        await asyncio.sleep(0.2)
    text = difference(person.thread.picture(), (await person.fresh()).picture())
    return text and f"{person.name}: {text}"


async def _thread(person: Operator, conversation: str) -> str:
    text = difference(person.threads[conversation].picture(), (await person.fresh(conversation)).picture())
    return text and f"{person.name} in {conversation}: {text}"


async def _list(person: Operator) -> str:
    for key, fresh in (await person.fresh_list()).items():
        if person.list.get(key) != fresh:
            return f"{person.name}'s list has {person.list.get(key)} but {fresh}"
    return ""
