"""Up to where a workspace may spend, and how far it is: per month and day in its time zone, and of our own keys."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from decimal import Decimal
from zoneinfo import ZoneInfo

from django.db.models import Sum
from django.utils import timezone

from ai.models import Budget, PlanAllowance, Spending
from workspaces.models import Workspace

Scope = Spending.Scope
MICRO = Decimal(1_000_000)
# Where the field for the rate begins; whoever sets a cap looks at it. US dollars have none.
RATES = {
    "THB": "32.50",
    "USD": "1",
    "EUR": "0.86",
    "JPY": "155",
    "GBP": "0.76",
    "SGD": "1.30",
    "MYR": "4.15",
    "IDR": "16700",
    "PHP": "58.50",
    "VND": "26300",
    "LAK": "21700",
    "KHR": "4020",
    "MMK": "2100",
    "CNY": "7.10",
    "HKD": "7.78",
    "TWD": "31",
    "KRW": "1460",
    "INR": "89",
    "AUD": "1.54",
    "CHF": "0.81",
}


@dataclass(frozen=True)
class Limits:
    """In micro-USD, None: none. `plan` is what the plan allows for keys of ours."""

    month: int | None = None
    day: int | None = None
    plan: int | None = None

    def of(self, scope: str) -> int | None:
        return {Scope.MONTH: self.month, Scope.DAY: self.day, Scope.PLAN: self.plan}[Scope(scope)]


def of(workspace: Workspace) -> Budget | None:
    return workspace.ai_budgets.first()


def limits(workspace: Workspace, budget: Budget | None) -> Limits:
    month, day = (budget.monthly_microusd, budget.daily_microusd) if budget else (None, None)
    return Limits(month, day, allowance(workspace))


def allowance(workspace: Workspace) -> int | None:
    """A plan without a row is allowed nothing."""
    row = PlanAllowance.objects.filter(plan=workspace.entitlements.plan_id).first()
    return row.microusd if row else 0


def plan_has_room(workspace: Workspace) -> bool:
    """Whether a key of ours may be used. What turns under way may still cost is left to `ledger.reserve`: the one that
    asks here is among them."""
    most = allowance(workspace)
    if most is None:
        return True
    row = workspace.ai_spendings.filter(scope=Scope.PLAN, begins_at=begins(workspace, Scope.PLAN)).first()
    return (row.used if row else 0) < most


def begins(workspace: Workspace, scope: str, now: datetime | None = None) -> datetime:
    """When the day or the calendar month that `now` falls in began, where the workspace is."""
    zone = ZoneInfo(workspace.timezone)
    today = (now or timezone.now()).astimezone(zone).date()
    first = today if scope == Scope.DAY else today.replace(day=1)
    return datetime(first.year, first.month, first.day, tzinfo=zone)


def ends(workspace: Workspace, now: datetime | None = None) -> datetime:
    """When the month ends."""
    begun = begins(workspace, Scope.MONTH, now)
    return begins(workspace, Scope.MONTH, begun + timedelta(days=32))


def sum_of(workspace: Workspace, scope: str, now: datetime | None = None) -> Spending:
    """The sum of the running period. A new one begins with what was spent since then: nothing, unless the time zone
    has just changed."""
    begun = begins(workspace, scope, now)
    row = workspace.ai_spendings.filter(scope=scope, begins_at=begun).first()
    if row is None:
        spent = _spent(workspace, scope, begun)
        row, _ = workspace.ai_spendings.get_or_create(scope=scope, begins_at=begun, defaults={"used": spent})
    return row


def _spent(workspace: Workspace, scope: str, since: datetime) -> int:
    calls = workspace.ai_calls.filter(created_at__gte=since)
    calls = calls.filter(is_platform=True) if scope == Scope.PLAN else calls
    return calls.aggregate(sum=Sum("cost_microusd"))["sum"] or 0


# --- Money ------------------------------------------------------------------------------------------------------------


def microusd(amount: Decimal, rate: Decimal) -> int:
    """`amount` of a currency of which one US dollar buys `rate`."""
    return int(amount / rate * MICRO)


def in_currency(amount: int, rate: Decimal) -> Decimal:
    return Decimal(amount) * rate / MICRO
