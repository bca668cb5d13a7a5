"""A small question down a workspace's chain, so that its owner sees who answers before a customer does."""

from __future__ import annotations

from collections.abc import Sequence
from contextlib import aclosing
from dataclasses import dataclass, field

from asgiref.sync import async_to_sync, sync_to_async
from django.utils.functional import Promise
from django.utils.translation import gettext as _

from ai import chain, ledger, money, prices, router
from ai.models import AICall, CallStatus, Purpose
from ai.naming import problem_of, provider_name
from ai.providers.base import ChatRequest, Delta, Message, StreamBroken
from workspaces.models import Workspace

SYSTEM = (
    "You are the assistant of a shop. Somebody tests the connection to you. Answer with one short, friendly sentence."
)
QUESTION = "Hello! Are you there?"
# Some models think before they speak, and their thoughts count.
MOST_TOKENS = 300
SECONDS = 20.0
LONGEST_SHOWN = 300


@dataclass(frozen=True)
class Outcome:
    """`refusal`: why nobody was asked at all."""

    text: str = ""
    refusal: str = ""
    calls: list[AICall] = field(default_factory=list)

    @property
    def answered(self) -> AICall | None:
        return next((call for call in self.calls if call.status == CallStatus.OK), None)

    @property
    def name(self) -> str | Promise:
        return provider_name(self.answered.provider) if self.answered else ""

    @property
    def seconds(self) -> float:
        return self.answered.total_ms / 1000 if self.answered else 0

    @property
    def cost(self) -> str:
        return money.usd(sum(call.cost_microusd for call in self.calls))

    @property
    def failures(self) -> list[tuple[str | Promise, str, str | Promise]]:
        return [
            (provider_name(call.provider), call.model, problem_of(call.error or "stream_broken"))
            for call in self.calls
            if call.status != CallStatus.OK
        ]


def ask(workspace: Workspace) -> Outcome:
    """Costs what such a call costs, and is written down like any other."""
    try:
        reservation = ledger.reserve(
            workspace, purpose=Purpose.TEST, tokens=prices.tokens_of(SYSTEM) + prices.tokens_of(QUESTION)
        )
    except ledger.BudgetGone:
        return Outcome(
            refusal=_("The budget is used up: models are not asked until it is raised or a new month begins.")
        )
    try:
        text = async_to_sync(_answer)(chain.chain_for(workspace), reservation)
    finally:
        reservation.settle()
    return Outcome(text[:LONGEST_SHOWN], "" if reservation.calls else _nobody(), reservation.calls)


async def _answer(links: Sequence[router.Link], reservation: ledger.Reservation) -> str:
    request = ChatRequest((Message("user", QUESTION),), system=SYSTEM, max_tokens=MOST_TOKENS)

    async def note(attempt: router.Attempt) -> None:
        """In the thread of the request, whose connection Django looks after."""
        await sync_to_async(reservation.write)(attempt)

    text = ""
    try:
        async with aclosing(router.stream(links, request, on_attempt=note, budget=SECONDS)) as events:
            async for event in events:
                text += event.text if isinstance(event, Delta) else ""
    except (router.NobodyAnswered, StreamBroken):
        pass
    return text


def _nobody() -> str:
    return _("All models of your list are paused or passed over at the moment, so the built-in answers answer.")
