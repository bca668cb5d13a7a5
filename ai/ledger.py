"""Every call is written down, and none begins without money for it.

    reservation = await areserve(workspace, purpose="answer", conversation=conversation, visitor_key=visitor.pk)
    async with reservation:
        async for event in router.stream(chain_for(workspace), request, on_attempt=reservation.record): ...

`reserve` holds what the turn may cost, under `used + reserved < limit` in one UPDATE per sum: of a hundred turns at
once none begins after the cap is met, and what goes over it is at most what the last one costs. `record` writes the row
of an attempt and adds its cost to the sums in one transaction: a sum is always the sum of its rows. `settle` lets go of
what was held; of a process that died before it, a sweep does.
"""

from __future__ import annotations

import hashlib
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from types import TracebackType
from typing import Any
from uuid import UUID

from channels.db import database_sync_to_async
from django.db import IntegrityError, transaction
from django.db.models import BigIntegerField, F, Value
from django.db.models.functions import Greatest
from django.utils import timezone

from ai import budgets, chain, notices, prices
from ai.budgets import Limits, Scope
from ai.models import AICall, Budget, Held, Spending, VisitorAnswers
from ai.router import Attempt
from chat.models import Conversation, Message
from workspaces.models import Workspace

# What a turn is taken to need when its caller does not say: a prompt with sources and some turns, and its answer.
PROMPT, ANSWER = 3_000, 600
# A turn has 25 seconds; whoever is not back after this is dead.
HELD_FOR = timedelta(minutes=5)
KEPT_COUNTS = timedelta(days=2)
VISITOR = "visitor"


class BudgetGone(Exception):
    """No model may be asked: the built-in answerer answers. `reason` is "month", "day", "plan" or "visitor"."""

    def __init__(self, reason: str) -> None:
        self.reason = reason
        super().__init__(reason)


@dataclass
class Reservation:
    """Money for one turn. In an `async with`, or settled by its caller, however the turn ends."""

    workspace: Workspace
    purpose: str
    prompt: int
    own: frozenset[str]
    held: UUID | None = None
    conversation: UUID | None = None
    message: UUID | None = None
    counted: UUID | None = None
    calls: list[AICall] = field(default_factory=list)

    async def record(self, attempt: Attempt) -> None:
        """The router's `on_attempt`, for consumers and tasks."""
        await database_sync_to_async(self.write)(attempt)

    def write(self, attempt: Attempt) -> AICall:
        """The same for whoever has a thread and looks after its connection."""
        now = timezone.now()
        cost = prices.cost_of(attempt, prompt=self.prompt, at=now)
        call = AICall(
            workspace=self.workspace,
            created_at=now,
            conversation_id=self.conversation,
            message_id=self.message,
            purpose=self.purpose,
            provider=attempt.provider,
            model=attempt.model,
            attempt=attempt.attempt,
            status=attempt.status,
            tokens_in=cost.tokens_in,
            tokens_out=cost.tokens_out,
            cached_in=cost.cached_in,
            cost_microusd=cost.microusd,
            cost_source=cost.source,
            price_version=cost.price_version,
            is_platform=attempt.provider not in self.own and not prices.is_free(attempt.provider),
            ttft_ms=attempt.ttft_ms,
            total_ms=attempt.total_ms,
            error=attempt.error,
        )
        _book(call)
        self.calls.append(call)
        if attempt.until_changed:
            notices.tell_of_stop(self.workspace, attempt.provider, attempt.error)
        return call

    def settle(self) -> None:
        """Once is enough; twice does no harm."""
        if self.held is not None:
            held = self.workspace.ai_held.filter(pk=self.held).first()
            if held is not None:
                _let_go(held)
        if self.counted is not None and not self.calls:
            # Nobody was asked, so nobody has answered this visitor.
            _uncount(self.workspace, self.counted)
        self.held = self.counted = None

    async def asettle(self) -> None:
        await database_sync_to_async(self.settle)()

    async def __aenter__(self) -> Reservation:
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        await self.asettle()


def reserve(
    workspace: Workspace,
    *,
    purpose: str = "answer",
    tokens: int = PROMPT,
    conversation: Conversation | None = None,
    message: Message | None = None,
    visitor_key: Any = "",
) -> Reservation:
    """Hold what a turn may cost. Raises `BudgetGone`.

    `tokens`: how many the prompt has, by `prices.tokens_of`. `visitor_key`: who asks, for the cap per visitor; a turn
    for the team has none.
    """
    links = chain.usable(workspace)
    reservation = Reservation(
        workspace,
        purpose,
        tokens,
        frozenset(one.link.provider for one in links if one.access.is_own),
        conversation=conversation.pk if conversation else None,
        message=message.pk if message else None,
    )
    budget = budgets.of(workspace)
    now = timezone.now()
    with transaction.atomic():
        _hold(reservation, links, budgets.limits(workspace, budget), now)
        if visitor_key and budget is not None and budget.answers_per_visitor is not None:
            reservation.counted = _count(workspace, str(visitor_key), budget, now)
    return reservation


areserve = database_sync_to_async(reserve)


def let_go_of_the_dead(now: datetime | None = None) -> int:
    """The sweep: what processes held that are no more. Returns how many there were."""
    now = now or timezone.now()
    VisitorAnswers.unscoped.filter(begins_at__lt=now - KEPT_COUNTS).delete()
    rows = list(Held.unscoped.filter(expires_at__lt=now))
    for row in rows:
        _let_go(row)
    return len(rows)


# --- Holding ----------------------------------------------------------------------------------------------------------


def _hold(reservation: Reservation, links: list[chain.Usable], limits: Limits, now: datetime) -> None:
    """The sums are taken in one order, here and in `_book`: two turns at once must not wait for each other."""
    if all(prices.is_free(one.link.provider) for one in links):
        return
    workspace = reservation.workspace
    most = max((_estimate(one, reservation.prompt, now) for one in links), default=0)
    of_ours = max((_estimate(one, reservation.prompt, now) for one in links if one.is_ours), default=0)
    month, day = (budgets.sum_of(workspace, scope, now) for scope in (Scope.MONTH, Scope.DAY))
    for row in (month, day):
        if not _take(row, most, limits.of(row.scope)):
            raise BudgetGone(row.scope)
    plan = budgets.sum_of(workspace, Scope.PLAN, now) if any(one.is_ours for one in links) else None
    if plan is not None and not _take(plan, of_ours, limits.plan):
        if all(one.is_ours for one in links):
            raise BudgetGone(Scope.PLAN)
        # The others may still be asked.
        plan = None
    held = workspace.ai_held.create(
        microusd=most,
        plan_microusd=of_ours if plan else 0,
        month=month,
        day=day,
        plan=plan,
        expires_at=now + HELD_FOR,
    )
    reservation.held = held.pk


def _estimate(one: chain.Usable, prompt: int, now: datetime) -> int:
    price = prices.price_of(one.link.provider, one.link.model, now)
    return price.of(prompt, ANSWER) if price else 0


def _take(row: Spending, amount: int, limit: int | None) -> bool:
    rows = row.workspace.ai_spendings.filter(pk=row.pk)
    if limit is not None:
        rows = rows.annotate(taken=F("used") + F("reserved")).filter(taken__lt=limit)
    return bool(rows.update(reserved=F("reserved") + amount))


def _let_go(held: Held) -> None:
    """Of two that try, whoever deletes the row gives back."""
    with transaction.atomic():
        if not Held.unscoped.filter(pk=held.pk).delete()[0]:
            return
        _give_back(held.workspace, held.month_id, held.microusd)
        _give_back(held.workspace, held.day_id, held.microusd)
        if held.plan_id:
            _give_back(held.workspace, held.plan_id, held.plan_microusd)


def _give_back(workspace: Workspace, row: UUID, amount: int) -> None:
    left = Greatest(F("reserved") - amount, Value(0), output_field=BigIntegerField())
    workspace.ai_spendings.filter(pk=row).update(reserved=left)


# --- Booking ----------------------------------------------------------------------------------------------------------


def _book(call: AICall) -> None:
    try:
        _write(call)
    except IntegrityError:
        # What it was about has been deleted meanwhile; what it cost has not.
        call.conversation_id = call.message_id = None
        _write(call)


def _write(call: AICall) -> None:
    """First the sums are there, then the row, then its cost is in them: a sum that is only now made counts no row
    twice. They are locked last and for as short as can be."""
    workspace, budget = call.workspace, budgets.of(call.workspace)
    limits = budgets.limits(workspace, budget)
    scopes = [Scope.MONTH, Scope.DAY, *([Scope.PLAN] if call.is_platform else [])]
    with transaction.atomic():
        rows = [budgets.sum_of(workspace, scope, call.created_at) for scope in scopes]
        call.save(force_insert=True)
        for row in rows if call.cost_microusd else []:
            workspace.ai_spendings.filter(pk=row.pk).update(used=F("used") + call.cost_microusd)
        for row in rows if call.cost_microusd else []:
            _tell(row, call, limits.of(row.scope), budget)


def _tell(row: Spending, call: AICall, limit: int | None, budget: Budget | None) -> None:
    """Owners hear of each mark once: the row is ours until the end, so one call alone steps over it."""
    if not limit:
        return
    row.refresh_from_db(fields=["used"])
    notices.tell_of_spending(row.workspace, row.scope, row.used - call.cost_microusd, row.used, limit, budget)


# --- Per visitor ------------------------------------------------------------------------------------------------------


def _count(workspace: Workspace, key: str, budget: Budget, now: datetime) -> UUID:
    row, _ = workspace.ai_visitor_answers.get_or_create(
        visitor=_digest(workspace, key), begins_at=budgets.begins(workspace, Scope.DAY, now)
    )
    rows = workspace.ai_visitor_answers.filter(pk=row.pk, answers__lt=budget.answers_per_visitor)
    if not rows.update(answers=F("answers") + 1):
        raise BudgetGone(VISITOR)
    return row.pk


def _uncount(workspace: Workspace, row: UUID) -> None:
    workspace.ai_visitor_answers.filter(pk=row, answers__gt=0).update(answers=F("answers") - 1)


def _digest(workspace: Workspace, key: str) -> str:
    return hashlib.sha256(f"{workspace.pk}\0{key}".encode()).hexdigest()
