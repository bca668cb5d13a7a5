"""An answer in a model's own words, from the workspace's sources. Whatever goes wrong with it, the built-in answer or a
person is there: half an answer, or one that nothing stands for, is never kept."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Awaitable, Callable, Sequence
from contextlib import aclosing
from dataclasses import dataclass, field
from typing import Any

from ai import chain, grounding, ledger, router
from ai.models import AICall, CallStatus
from ai.prompts import Prompt
from ai.providers.base import LENGTH, REFUSAL, Delta, Done, StreamBroken
from minichat.lib import loop
from minichat.lib.transactions import lend_connection

logger = logging.getLogger(__name__)

# What is shown while it is being written: so often, and no word of it is kept.
EVERY = 0.2

# Called on the loop of the providers (`minichat/lib/loop.py`): it waits for nothing but the network.
Show = Callable[[str], Awaitable[None]]


async def unseen(text: str) -> None:
    """For what nobody watches being written."""


@dataclass(frozen=True)
class Said:
    """What a model wrote, whole; nobody has judged it."""

    text: str
    calls: list[AICall]


@dataclass(frozen=True)
class Reply:
    """`grounded` None: it gave up (`gives_up`), or said nothing that may be shown."""

    grounded: grounding.Grounded | None
    gives_up: bool = False
    calls: list[AICall] = field(default_factory=list)

    @property
    def by(self) -> dict[str, Any]:
        """Who answered, for whoever asks why."""
        call = next((call for call in self.calls if call.status == CallStatus.OK), None)
        return {"provider": call.provider, "model": call.model, "cost": call.cost_microusd} if call else {}


def ask(prompt: Prompt, reserve: Callable[[int], ledger.Reservation], show: Show) -> Reply | None:
    """None: nobody could be asked, or nobody answered. `show` is given the text so far, a few times a second."""
    said = say(prompt, reserve, show)
    if said is None:
        return None
    question = prompt.request.messages[-1].text
    found = grounding.grounded(said.text, prompt.sources, prompt.canary, question=question)
    if found is None and not grounding.gives_up(said.text):
        logger.warning("a model's answer was not taken from its sources")
    return Reply(found, grounding.gives_up(said.text), said.calls)


def say(prompt: Prompt, reserve: Callable[[int], ledger.Reservation], show: Show = unseen) -> Said | None:
    """For whoever judges it by other means than its sources."""
    try:
        reservation = reserve(prompt.tokens)
    except ledger.BudgetGone:
        return None
    try:
        links = chain.chain_for(reservation.workspace)
        lend_connection()
        text = loop.run(_answer(prompt, links, reservation, show)) if links else ""
    finally:
        reservation.settle()
    return Said(text, reservation.calls) if text else None


async def _answer(prompt: Prompt, links: Sequence[router.Link], reservation: ledger.Reservation, show: Show) -> str:
    """Whole, or nothing."""
    shown = _Shown(show, prompt.canary)
    text, stop = "", ""
    try:
        async with aclosing(router.stream(links, prompt.request, on_attempt=reservation.record)) as events:
            async for event in events:
                if isinstance(event, Delta):
                    text += event.text
                    await shown.take(text)
                elif isinstance(event, Done):
                    stop = event.stop_reason
    except (router.NobodyAnswered, StreamBroken) as error:
        logger.info("no model answered: %s", type(error).__name__)
        return ""
    return "" if stop in (LENGTH, REFUSAL) else text


class _Shown:
    """Nobody has judged it yet, so no link is shown, and nothing from where the rules begin to come out."""

    def __init__(self, show: Show, canary: str) -> None:
        self._show, self._at, self._stop = show, 0.0, canary[:6]

    async def take(self, text: str) -> None:
        now = asyncio.get_running_loop().time()
        is_secret = self._stop in text or grounding.may_give_up(text) or grounding.gives_up(text)
        if now - self._at < EVERY or is_secret:
            return
        self._at = now
        await self._show(grounding.without_links(text))
