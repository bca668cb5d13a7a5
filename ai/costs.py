"""What models have cost a workspace, as the page shows it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import Any
from zoneinfo import ZoneInfo

from django.db.models import Count, F, Sum
from django.db.models.functions import TruncDate
from django.utils.functional import Promise

from ai import budgets, money
from ai.budgets import Scope
from ai.models import AICall, Budget, CallStatus, CostSource, Purpose
from ai.naming import problem_of, provider_name
from minichat.lib import keyset, moments
from workspaces.models import Workspace

PAGE = 50
ORDER = ["-created_at", "-id"]
CHIPS = {CallStatus.OK: "chip-ok", CallStatus.FAILED: "chip-bad", CallStatus.CANCELLED: "chip-line"}


@dataclass(frozen=True)
class Bar:
    """`width` of a hundred: its part of the largest."""

    label: str | Promise
    cost: str
    calls: int
    width: int


@dataclass(frozen=True)
class Mark:
    """How much of a cap is used."""

    used: str
    limit: str
    percent: int

    @property
    def css(self) -> str:
        if self.percent >= 100:
            return " is-full"
        return " is-warn" if self.percent >= 90 else ""


@dataclass(frozen=True)
class Month:
    begins: datetime
    total: str
    local: str
    calls: int
    unpriced: int
    days: list[Bar]
    providers: list[Bar]
    purposes: list[Bar]


@dataclass(frozen=True)
class CallLine:
    call: AICall

    @property
    def name(self) -> str | Promise:
        return provider_name(self.call.provider)

    @property
    def purpose(self) -> str | Promise:
        return _purpose(self.call.purpose)

    @property
    def css(self) -> str:
        return CHIPS[CallStatus(self.call.status)]

    @property
    def cost(self) -> str:
        return money.usd(self.call.cost_microusd)

    @property
    def is_guess(self) -> bool:
        return self.call.cost_source == CostSource.ESTIMATED

    @property
    def problem(self) -> str | Promise:
        return problem_of(self.call.error)

    @property
    def seconds(self) -> float:
        return self.call.total_ms / 1000


def month(workspace: Workspace, budget: Budget | None) -> Month:
    begun = budgets.begins(workspace, Scope.MONTH)
    rows = workspace.ai_calls.filter(created_at__gte=begun)
    total = rows.aggregate(cost=Sum("cost_microusd"), calls=Count("id"))
    cost = total["cost"] or 0
    day = TruncDate("created_at", tzinfo=ZoneInfo(workspace.timezone))
    unpriced = rows.filter(cost_source=CostSource.ESTIMATED, price_version="").count()
    return Month(
        begins=begun,
        total=money.usd(cost),
        local=_local(cost, workspace, budget),
        calls=total["calls"],
        unpriced=unpriced,
        days=_bars(rows.annotate(part=day), "-part", _day),
        providers=_bars(rows.annotate(part=F("provider")), "-cost", provider_name),
        purposes=_bars(rows.annotate(part=F("purpose")), "-cost", _purpose),
    )


def marks(workspace: Workspace, budget: Budget | None) -> dict[str, Mark | None]:
    """The caps with how far they are used; None: there is none."""
    limits = budgets.limits(workspace, budget)
    return {
        scope.value: _mark(budgets.sum_of(workspace, scope).used, limits.of(scope), budget)
        for scope in (Scope.MONTH, Scope.DAY)
    }


def included(workspace: Workspace) -> Mark | None:
    """What the plan allows for keys of ours; None where it allows nothing, or everything."""
    limit = budgets.allowance(workspace)
    used = budgets.sum_of(workspace, Scope.PLAN).used if limit else 0
    return _mark(used, limit, None) if limit else None


def page(workspace: Workspace, *, after: str) -> tuple[list[CallLine], str]:
    found = keyset.page(workspace.ai_calls.all(), ORDER, after=after, size=PAGE)
    return [CallLine(row) for row in found.rows], found.next


# --- Inside -----------------------------------------------------------------------------------------------------------


def _bars(rows: Any, order: str, label: Any) -> list[Bar]:
    parts = list(rows.values("part").annotate(cost=Sum("cost_microusd"), n=Count("id")).order_by(order, "part"))
    most = max((part["cost"] for part in parts), default=0)
    return [Bar(label(part["part"]), money.usd(part["cost"]), part["n"], _part(part["cost"], most)) for part in parts]


def _part(cost: int, most: int) -> int:
    return max(1, round(100 * cost / most)) if cost else 0


def _mark(used: int, limit: int | None, budget: Budget | None) -> Mark | None:
    if limit is None:
        return None
    percent = min(100, 100 * used // limit) if limit else 100
    if budget is None:
        return Mark(money.usd(used), money.usd(limit), percent)
    used_said, limit_said = (
        money.said(budgets.in_currency(one, budget.rate), budget.currency) for one in (used, limit)
    )
    return Mark(used_said, limit_said, percent)


def _local(cost: int, workspace: Workspace, budget: Budget | None) -> str:
    """About how much that is where the workspace is, at the rate of its caps."""
    if workspace.currency == "USD" or not cost:
        return ""
    is_known = budget is not None and budget.currency == workspace.currency
    rate = budget.rate if is_known and budget else Decimal(budgets.RATES.get(workspace.currency, "0"))
    return money.said(budgets.in_currency(cost, rate), workspace.currency) if rate else ""


def _purpose(purpose: str) -> str | Promise:
    return Purpose(purpose).label if purpose in Purpose.values else purpose


def _day(day: date) -> str:
    return moments.calendar_date(day)
