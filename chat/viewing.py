"""Who looks at a thread: told to the others who have it open, and told again every few seconds.

Nothing of it is stored, so nothing has to be cleaned up: a sign that is not renewed goes from every screen by itself,
also after a process was killed. A newcomer asks, and each process answers for the sockets that it holds.
"""

from __future__ import annotations

import asyncio
from collections.abc import Iterable, Iterator
from typing import Any
from uuid import UUID

from chat import broadcasts
from chat.hub import Push, hub

# Several who come or go in one moment are answered together.
AFTER = 0.05
_scheduled: set[str] = set()


def came(socket: Any) -> None:
    """This tab shows a thread to somebody from now on."""
    hub.push(_sign(socket, here=True, asks=True))


def left(socket: Any) -> None:
    """The tab is gone, hidden, or shows another thread; its member may have a second one that looks on."""
    group = broadcasts.thread(socket.open_conversation.pk)
    others = (other for other in _looking(hub.groups.get(group, ())) if other is not socket)
    if all(other.membership.pk != socket.membership.pk for other in others):
        hub.push(_sign(socket, here=False))


def heard(push: Push) -> None:
    """Somebody asks who is here, or a member left elsewhere: those of this process who are here say so."""
    if push.frame != "viewing" or not (push.data["asks"] or not push.data["here"]) or push.group in _scheduled:
        return
    _scheduled.add(push.group)
    asyncio.get_running_loop().call_later(AFTER, _answer, push.group)


def beat() -> None:
    """Everybody who is here says so again."""
    for group in [name for name in hub.groups if name.startswith(broadcasts.THREAD)]:
        hub.push(*_signs(group))


def _answer(group: str) -> None:
    _scheduled.discard(group)
    hub.push(*_signs(group))


def _signs(group: str) -> list[Push]:
    """One per member, however many tabs they have."""
    by_member: dict[UUID, Any] = {socket.membership.pk: socket for socket in _looking(hub.groups.get(group, ()))}
    return [_sign(socket, here=True) for socket in by_member.values()]


def _looking(sockets: Iterable[Any]) -> Iterator[Any]:
    return (socket for socket in list(sockets) if socket.looks and socket.open_conversation is not None)


def _sign(socket: Any, *, here: bool, asks: bool = False) -> Push:
    return broadcasts.viewing(socket.open_conversation.pk, socket.membership, here=here, asks=asks)
