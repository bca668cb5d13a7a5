"""Caps."""

from __future__ import annotations

from decimal import Decimal

from ai import budgets, events
from ai.models import Budget
from minichat.lib.transactions import action
from workspaces import seats
from workspaces.events import emit
from workspaces.models import Membership


@action
def set_caps(
    by: Membership,
    *,
    rate: Decimal,
    monthly_cap: Decimal | None = None,
    daily_cap: Decimal | None = None,
    answers_per_visitor: int | None = None,
) -> Budget:
    """In the workspace's currency. None: no cap. What is under way goes on."""
    seats.locked(by.workspace)
    budget = budgets.of(by.workspace) or Budget(workspace=by.workspace)
    budget.currency, budget.rate = by.workspace.currency, rate
    budget.monthly_cap, budget.daily_cap = monthly_cap, daily_cap
    budget.monthly_microusd = None if monthly_cap is None else budgets.microusd(monthly_cap, rate)
    budget.daily_microusd = None if daily_cap is None else budgets.microusd(daily_cap, rate)
    budget.answers_per_visitor = answers_per_visitor
    budget.save()
    emit(events.BUDGET_CHANGED, by.workspace, actor=by, month=_said(monthly_cap, budget), day=_said(daily_cap, budget))
    return budget


def _said(cap: Decimal | None, budget: Budget) -> str:
    return "-" if cap is None else f"{cap} {budget.currency}"
