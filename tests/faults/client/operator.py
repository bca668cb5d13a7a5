from __future__ import annotations

import asyncio
import re
import time
from typing import Any

import aiohttp

from tests.faults.client.account import Cookies, cookie_headers
from tests.faults.client.gaps import Gaps, read_json
from tests.faults.client.link import Frame, Link
from tests.faults.client.outbox import Item, Outbox
from tests.faults.client.thread import Thread
from tests.faults.client.world import LID, World

LIST_ROW = re.compile(r'<a class="row"([^>]*)>(.*?)</a>', re.S)
DATA = re.compile(r'data-([a-z]+)="([^"]*)"')


class Operator:
    """One tab of the dashboard (section 9): the list, one open thread, replies and notes."""

    def __init__(self, world: World, name: str, cookies: Cookies, slug: str = "") -> None:
        self.world, self.name, self.slug = world, name, slug or world.slug
        self.headers = cookie_headers(cookies, world.url)
        self.list: dict[str, dict[str, str]] = {}
        self.threads: dict[str, Thread] = {}
        self.opened: str | None = None
        self.said = 0
        # When each message was first seen in a list row or a thread.
        self.seen: dict[str, float] = {}
        self.counts: Frame = {}
        self.gaps = Gaps(self._fetch, self._filled)
        self.link = Link(
            world.http,
            f"{world.ws}/ws/w/{self.slug}/",
            {**self.headers, "Origin": world.url},
            hello=lambda: None,
            hear=self._hear,
            down=self._down,
        )
        self.outbox = Outbox(self.link, frame=self._message, post=self._post, sent=lambda item: None, acked=self._acked)
        self._opening: asyncio.Future[None] | None = None
        self._tasks: list[asyncio.Task[Any]] = []

    def start(self) -> None:
        self._tasks += [asyncio.create_task(self.link.run()), asyncio.create_task(self.outbox.run())]

    async def stop(self) -> None:
        self.gaps.stop()
        for task in self._tasks:
            task.cancel()
        await self.link.stop()

    def say(self, conversation: str, *, to: str, note: bool = False) -> Item:
        self.said += 1
        text = "canary-note" if note else f"to:{to}; Certainly"
        return self.outbox.put(Item(f"lid:{self.name}-{self.said}; {text}", conversation, note))

    async def open(self, conversation: str, patience: float = 10.0) -> bool:
        """Show a thread, gap filled; says whether the socket lived that long."""
        self.opened = conversation
        self._opening = asyncio.get_running_loop().create_future()
        self.link.send({"type": "open", "conversation": conversation})
        try:
            async with asyncio.timeout(patience):
                await self._opening
        except TimeoutError:
            return False
        return True

    def read(self, conversation: str) -> None:
        rows = self.threads[conversation].rows.values()
        position = max((row["position"] for row in rows), default=0)
        self.link.send({"type": "read", "conversation": conversation, "position": position})

    async def fresh(self, conversation: str) -> Thread:
        return await self.gaps.fresh(conversation)

    async def fresh_list(self) -> dict[str, dict[str, str]]:
        """The first page of the list as HTML, read as a browser would."""
        url = f"{self.world.url}/w/{self.slug}/conversations/"
        async with self.world.http.get(url, headers={**self.headers, "HX-Request": "true"}) as response:
            if response.status != 200:
                raise ValueError(str(response.status))
            rows = (_row(tag, text) for tag, text in LIST_ROW.findall(await response.text()))
            return {row["conversation"]: row for row in rows}

    # --- Frames ------------------------------------------------------------------------------------------------------

    def _hear(self, frame: Frame, text: str) -> None:
        if self.slug != self.world.slug and LID.search(text):
            self.world.leaks.append(f"{self.name} of {self.slug} was shown {text[:200]}")
        answer = getattr(self, "_on_" + str(frame.get("type")), None)
        if answer:
            answer(frame)

    def _on_welcome(self, frame: Frame) -> None:
        self._tasks = [task for task in self._tasks if not task.done()]
        self._tasks.append(asyncio.create_task(self._catch_up()))

    def _on_resync(self, frame: Frame) -> None:
        self._on_welcome(frame)

    def _on_opened(self, frame: Frame) -> None:
        if frame["conversation"] != self.opened:
            return
        # Asked even when no number is missing: marks are not numbered, and only `changes` tells them anew.
        self.gaps.fill(self._thread(frame["conversation"]))

    def _on_message(self, frame: Frame) -> None:
        thread = self._thread(frame["conversation"])
        row = {key: frame[key] for key in ("id", "position", "seq", "html")}
        if thread.push(frame["seq"], frame["prev"], row):
            self.gaps.fill(thread)
        self._see(frame["html"])

    def _on_marks(self, frame: Frame) -> None:
        self._thread(frame["conversation"]).mark(frame)

    def _on_row(self, frame: Frame) -> None:
        [(tag, text)] = LIST_ROW.findall(frame["html"])
        row = _row(tag, text)
        held = self.list.get(row["conversation"])
        # Two processes may tell of one conversation in either order.
        if held is None or int(held["position"]) <= int(row["position"]):
            self.list[row["conversation"]] = row
            if row["conversation"] in self.threads:
                self.threads[row["conversation"]].status = row["status"]
        self._see(text)

    def _on_counts(self, frame: Frame) -> None:
        self.counts = frame

    def _on_ack(self, frame: Frame) -> None:
        self.outbox.hear(frame)

    def _on_error(self, frame: Frame) -> None:
        if frame["client_id"]:
            self.outbox.hear(frame)
        elif self._opening is not None and not self._opening.done():
            self._opening.set_result(None)

    def _on_slow_down(self, frame: Frame) -> None:
        self.outbox.hear(frame)

    def _down(self, code: int) -> None:
        self.outbox.down()

    # --- Inside ------------------------------------------------------------------------------------------------------

    async def _catch_up(self) -> None:
        """After each reconnect: the list anew, the open thread again, then what is unsent."""
        while self.link.is_up:
            try:
                self._merge(await self.fresh_list())
                break
            except (aiohttp.ClientError, OSError, ValueError):
                await asyncio.sleep(0.2)
        if self.opened and self.link.is_up:
            self.link.send({"type": "open", "conversation": self.opened})
        if self.link.is_up:
            self.outbox.ready.set()

    def _merge(self, page: dict[str, dict[str, str]]) -> None:
        """The page may be older than a push that came while it was on its way."""
        for conversation, row in page.items():
            held = self.list.get(conversation)
            if held is None or int(held["position"]) <= int(row["position"]):
                self.list[conversation] = row

    def _filled(self, thread: Thread) -> None:
        for row in thread.rows.values():
            self._see(row["html"])
        is_waited_for = thread.conversation == self.opened and self._opening is not None
        if is_waited_for and not self._opening.done():  # type: ignore[union-attr]
            self._opening.set_result(None)  # type: ignore[union-attr]

    def _see(self, text: str) -> None:
        now = time.monotonic()
        for sender, number in LID.findall(text):
            self.seen.setdefault(f"{sender}-{number}", now)

    def _thread(self, conversation: str) -> Thread:
        return self.threads.setdefault(conversation, Thread(conversation))

    def _message(self, item: Item) -> Frame:
        frame = {"conversation": item.conversation, "client_id": item.client_id, "body": item.body, "note": item.note}
        return {"type": "message", **frame}

    def _acked(self, item: Item) -> None:
        self.world.tell("acked", (self, item))

    async def _post(self, item: Item) -> aiohttp.ClientResponse:
        url = f"{self._conversation(str(item.conversation))}messages/"
        body = {"client_id": item.client_id, "body": item.body, "note": item.note}
        return await self.world.http.post(url, json=body, headers=self.headers, allow_redirects=False)

    async def _fetch(self, conversation: str, query: dict[str, Any]) -> dict[str, Any]:
        url = f"{self._conversation(conversation)}changes/"
        answer = await read_json(await self.world.http.get(url, params=query, headers=self.headers))
        for row in answer["rows"]:
            del row["client_id"]  # a push names everybody's, an answer only one's own: not part of the picture
        return answer

    def _conversation(self, conversation: str) -> str:
        return f"{self.world.url}/w/{self.slug}/conversations/{conversation}/"


def _row(tag: str, text: str) -> dict[str, str]:
    """What must agree between a `row` frame and the list page; the rest is how long ago something was."""
    data = dict(DATA.findall(tag))
    told = {name: data[name] for name in ("conversation", "position", "inbound", "status", "waiting", "assignee")}
    return {**told, "preview": "".join(sender + number for sender, number in LID.findall(text))}
