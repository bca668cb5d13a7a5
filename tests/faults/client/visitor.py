from __future__ import annotations

import asyncio
import html
import re
from typing import Any

import aiohttp

from tests.faults.client.gaps import Gaps, read_json
from tests.faults.client.link import Frame, Link
from tests.faults.client.outbox import Item, Outbox
from tests.faults.client.thread import Thread
from tests.faults.client.world import LID, World

POLL_EVERY = 5.0
BODY_TAG = re.compile(r"<body([^>]*)>")
DATA = re.compile(r'data-([a-z]+)="([^"]*)"')


class Visitor:
    """One browser with the widget open (section 4). `has_sockets` False: a network that lets only HTTP through."""

    def __init__(self, world: World, number: int, *, has_sockets: bool = True) -> None:
        self.world, self.name, self.number, self.has_sockets = world, f"v{number}", number, has_sockets
        self.network = {"X-Forwarded-For": f"10.{number >> 16 & 255}.{number >> 8 & 255}.{number & 255}"}
        self.token = ""
        self.ticket = ""
        self.thread: Thread | None = None
        self.said = 0
        self.is_online_team = False
        self.refused = ""
        self.gaps = Gaps(self._fetch, self._filled)
        self.link: Link | None = None
        self.outbox = Outbox(None, frame=self._message, post=self._post, sent=self._sent, acked=self._acked)
        self._tasks: list[asyncio.Task[None]] = []

    async def start(self) -> None:
        page = await self._frame_page()
        self.ticket = page["ticket"]
        if self.has_sockets:
            headers = {**self.network, "Origin": self.world.url}
            self.link = Link(
                self.world.http, page["socket"], headers, hello=self._hello, hear=self._hear, down=self._down
            )
            self.outbox.link = self.link
            self._tasks.append(asyncio.create_task(self.link.run()))
        else:
            self.token = await self._new_visitor()
        self._tasks += [asyncio.create_task(self.outbox.run()), asyncio.create_task(self._poll())]

    def say(self, text: str = "Hello") -> Item:
        self.said += 1
        return self.outbox.put(Item(f"lid:{self.name}-{self.said}; {text}"))

    async def stop(self) -> None:
        self.gaps.stop()
        for task in self._tasks:
            task.cancel()
        if self.link:
            await self.link.stop()

    async def fresh(self) -> Thread:
        assert self.thread is not None
        return await self.gaps.fresh(self.thread.conversation)

    # --- Frames ------------------------------------------------------------------------------------------------------

    def _hello(self) -> Frame:
        page = {"url": "https://shop.acme.test/cups", "title": "Cups", "referrer": ""}
        return {
            "type": "hello",
            "v": 1,
            "token": self.token or None,
            "ticket": self.ticket,
            "lang": "th" if self.number % 2 else "en",
            "page": page,
        }

    def _hear(self, frame: Frame, text: str) -> None:
        self._look_for_leaks(text)
        answer = getattr(self, "_on_" + str(frame.get("type")), None)
        if answer:
            answer(frame)

    def _on_welcome(self, frame: Frame) -> None:
        self.token = frame["token"] or self.token
        conversation = frame["conversation"]
        if conversation is None:
            self.outbox.ready.set()
            return
        self._thread(conversation["id"])
        self._fill()

    def _on_message(self, frame: Frame) -> None:
        message = frame["message"]
        thread = self._thread(message["conversation"])
        if thread.push(frame["seq"], frame["prev"], message):
            self._fill()
        if message["kind"] == "operator":
            self._tell_marks(message["position"])

    def _on_conversation(self, frame: Frame) -> None:
        thread = self._thread(frame["conversation"])
        thread.status = frame["status"]
        if thread.push(frame["seq"], frame["prev"], None):
            self._fill()

    def _on_marks(self, frame: Frame) -> None:
        self._thread(frame["conversation"]).mark(frame)

    def _on_online(self, frame: Frame) -> None:
        self.is_online_team = frame["online"]

    def _on_resync(self, frame: Frame) -> None:
        self._fill()

    def _on_ack(self, frame: Frame) -> None:
        self.outbox.hear(frame)

    def _on_slow_down(self, frame: Frame) -> None:
        self.outbox.hear(frame)

    def _on_error(self, frame: Frame) -> None:
        if frame["code"] == "unknown_visitor":
            self.token = ""
        elif frame["client_id"] is None:
            self.refused = frame["code"]
        else:
            self.outbox.hear(frame)

    def _down(self, code: int) -> None:
        self.outbox.down()

    # --- Messages ----------------------------------------------------------------------------------------------------

    def _message(self, item: Item) -> Frame:
        conversation = self.thread.conversation if self.thread else None
        return {"type": "message", "client_id": item.client_id, "body": item.body, "conversation": conversation}

    def _sent(self, item: Item) -> None:
        self.world.tell("sent", (self, item))

    def _acked(self, item: Item) -> None:
        assert item.ack is not None
        thread = self._thread(item.ack["conversation"])
        # Nobody tells of the opening itself: what was just written to is open.
        thread.status = thread.status or "open"
        self.world.tell("acked", (self, item))

    def _tell_marks(self, position: int) -> None:
        assert self.thread is not None
        if self.link:
            conversation = self.thread.conversation
            self.link.send({"type": "got", "conversation": conversation, "position": position})
            self.link.send({"type": "read", "conversation": conversation, "position": position})

    def _thread(self, conversation: str) -> Thread:
        if self.thread is None:
            self.thread = Thread(conversation)
        elif self.thread.conversation != conversation:
            self.world.leaks.append(f"{self.name} was shown a second conversation, {conversation}")
        return self.thread

    def _fill(self) -> None:
        if self.thread is not None:
            self.gaps.fill(self.thread)

    def _filled(self, thread: Thread) -> None:
        if self.link and self.link.is_up:
            self.outbox.ready.set()

    def _look_for_leaks(self, text: str) -> None:
        """Only its own words and those meant for it may ever reach a visitor; a note never."""
        for sender, _ in LID.findall(text):
            if sender != self.name and not (sender.startswith("o") and f"to:{self.name};" in text):
                self.world.leaks.append(f"{self.name} was shown {text[:200]}")
        if "canary-note" in text:
            self.world.leaks.append(f"{self.name} was shown a note: {text[:200]}")

    # --- HTTP --------------------------------------------------------------------------------------------------------

    @property
    def _api(self) -> str:
        return f"{self.world.url}/widget/{self.world.key}/"

    @property
    def _bearer(self) -> dict[str, str]:
        return {**self.network, "Authorization": f"Bearer {self.token}"}

    async def _frame_page(self) -> dict[str, str]:
        query = {"o": self.world.origin, "l": "en"}
        while True:
            try:
                async with self.world.http.get(self._api, params=query, headers=self.network) as response:
                    if response.status == 200:
                        found = BODY_TAG.search(await response.text())
                        assert found is not None
                        return {name: html.unescape(value) for name, value in DATA.findall(found[1])}
            except (aiohttp.ClientError, OSError):
                pass
            await asyncio.sleep(0.3)

    async def _new_visitor(self) -> str:
        body = {"ticket": self.ticket, "page": {}, "lang": "en"}
        while True:
            try:
                async with self.world.http.post(f"{self._api}visitor/", json=body, headers=self.network) as response:
                    if response.status == 201:
                        return (await response.json())["token"]
            except (aiohttp.ClientError, OSError):
                pass
            await asyncio.sleep(0.3)

    async def _post(self, item: Item) -> aiohttp.ClientResponse:
        body = {key: value for key, value in self._message(item).items() if key != "type"}
        return await self.world.http.post(f"{self._api}messages/", json=body, headers=self._bearer)

    async def _fetch(self, conversation: str, query: dict[str, Any]) -> dict[str, Any]:
        url = f"{self._api}conversations/{conversation}/changes/"
        answer = await read_json(await self.world.http.get(url, params=query, headers=self._bearer))
        self._look_for_leaks_in(answer["rows"])
        return answer

    def _look_for_leaks_in(self, rows: list[dict[str, Any]]) -> None:
        for row in rows:
            self._look_for_leaks(row["body"])

    async def _poll(self) -> None:
        """While no socket is open: ask every few seconds."""
        while True:
            await asyncio.sleep(POLL_EVERY)
            if self.link is None or not self.link.is_up:
                self._fill()
