"""What members are told about models and their cost."""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext_lazy as _

from ai import budgets, money
from ai.budgets import Scope
from ai.models import Budget
from ai.naming import problem_of, provider_name
from notifications import kinds
from notifications.actions import notify
from notifications.kinds import Area
from workspaces.models import Workspace
from workspaces.roles import Role
from workspaces.usage import NEAR


def _with_names(data: dict[str, Any]) -> dict[str, Any]:
    """A provider is kept by its code, and what it said as a word: both are read in the reader's language."""
    return {**data, "provider": provider_name(data["provider"]), "problem": problem_of(data["problem"])}


BUDGET_NEAR = kinds.Kind(
    "ai.budget_near",
    _("The month's budget for AI answers is nearly used up"),
    _("%(used)s of the %(limit)s for AI answers of this month are spent."),
    "gauge",
    Area.PLAN,
    "ai-costs",
    kinds.EVERYWHERE,
    role=Role.OWNER,
    example={"used": "THB 450.00", "limit": "THB 500.00"},
)
BUDGET_REACHED = kinds.Kind(
    "ai.budget_reached",
    _("The month's budget for AI answers is used up"),
    _("The %(limit)s for AI answers of this month are spent. Until the next month the built-in answers take over."),
    "gauge",
    Area.PLAN,
    "ai-costs",
    kinds.EVERYWHERE,
    role=Role.OWNER,
    example={"limit": "THB 500.00"},
)
DAY_REACHED = kinds.Kind(
    "ai.day_reached",
    _("The day's budget for AI answers is used up"),
    _("The %(limit)s for AI answers of today are spent. Until midnight the built-in answers take over."),
    "gauge",
    Area.PLAN,
    "ai-costs",
    role=Role.OWNER,
    example={"limit": "THB 50.00"},
)
ALLOWANCE_REACHED = kinds.Kind(
    "ai.allowance_reached",
    _("What the plan includes of AI answers is used up"),
    _("What your plan includes of AI answers is used up for this month. Add a key of your own to go on with a model."),
    "gauge",
    Area.PLAN,
    "ai-models",
    kinds.EVERYWHERE,
    role=Role.OWNER,
)
PROVIDER_STOPPED = kinds.Kind(
    "ai.provider_stopped",
    _("An AI provider refuses to work for us"),
    _("%(provider)s is not asked any more until you change something. %(problem)s"),
    "zap",
    Area.PLAN,
    "ai-models",
    kinds.EVERYWHERE,
    role=Role.ADMIN,
    words=_with_names,
    example={"provider": "groq", "problem": "auth_failed"},
)


def tell_of_spending(
    workspace: Workspace, scope: str, before: int, after: int, limit: int, budget: Budget | None
) -> None:
    """The owners, when the sum has just stepped over a mark: at 90 % of the month, and where a cap is met."""
    is_near = before < limit * NEAR <= after
    is_met = before < limit <= after
    if is_met:
        kind = {Scope.MONTH: BUDGET_REACHED, Scope.DAY: DAY_REACHED, Scope.PLAN: ALLOWANCE_REACHED}[Scope(scope)]
    elif is_near and scope == Scope.MONTH:
        kind = BUDGET_NEAR
    else:
        return
    data = {"used": _said(after, budget), "limit": _said(limit, budget)} if scope != Scope.PLAN else {}
    notify(kind, workspace.memberships.owners(), data=data)


def tell_of_stop(workspace: Workspace, provider: str, problem: str) -> None:
    """Those who can do something about it, once per opened breaker."""
    managers = workspace.memberships.filter(role__in=(Role.ADMIN, Role.OWNER))
    notify(PROVIDER_STOPPED, managers, data={"provider": provider, "problem": problem})


def _said(amount: int, budget: Budget | None) -> str:
    if budget is None:
        return money.usd(amount)
    return money.said(budgets.in_currency(amount, budget.rate), budget.currency)
