"""The price list as readers see it: drawn from the table of plans, with nothing in it that the product cannot do."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.http import HttpRequest
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from workspaces.models import Plan

SIGNS = {"thb": "฿", "usd": "$"}
PERIODS = ("month", "year")
# A year costs ten months.
MONTHS_PAID = {"month": 1, "year": 10}


@dataclass(frozen=True)
class Price:
    currency: str
    period: str
    amount: str
    chosen: bool


@dataclass(frozen=True)
class Offer:
    plan: Plan
    prices: list[Price]
    points: list[str]

    @property
    def is_free(self) -> bool:
        return not (self.plan.thb_month or self.plan.usd_month)


def chosen(request: HttpRequest) -> dict[str, str]:
    """What the switches stand on. Baht unless asked otherwise, by month."""
    currency, period = request.GET.get("currency", ""), request.GET.get("period", "")
    return {
        "currency": currency if currency in SIGNS else "thb",
        "period": period if period in PERIODS else "month",
    }


def offers(choice: dict[str, str]) -> list[Offer]:
    plans = Plan.objects.filter(is_public=True)
    return [Offer(plan=plan, prices=_prices(plan, choice), points=_points(plan)) for plan in plans]


def free_messages() -> int | None:
    """How much costs nothing; None when staff have taken the free plan off the list, or made it unlimited."""
    plan = Plan.objects.filter(is_public=True, thb_month=0, usd_month=0).first()
    return plan.visitor_messages if plan else None


def switches(choice: dict[str, str]) -> list[dict[str, Any]]:
    """Each switch keeps what the other one stands on, so that both work as plain links."""
    words = {"thb": "THB ฿", "usd": "USD $", "month": _("Monthly"), "year": _("Yearly, 2 months free")}
    return [
        {
            "name": name,
            "label": label,
            "options": [
                {"value": value, "words": words[value], "query": _query({**choice, name: value})} for value in values
            ],
            "chosen": choice[name],
        }
        for name, label, values in (
            ("currency", _("Currency"), SIGNS),
            ("period", _("Billing period"), PERIODS),
        )
    ]


def _query(choice: dict[str, str]) -> str:
    return f"?currency={choice['currency']}&period={choice['period']}"


def _prices(plan: Plan, choice: dict[str, str]) -> list[Price]:
    monthly = {"thb": plan.thb_month, "usd": plan.usd_month}
    return [
        Price(
            currency=currency,
            period=period,
            amount=f"{sign}{monthly[currency] * MONTHS_PAID[period]:,}",
            chosen=choice == {"currency": currency, "period": period},
        )
        for currency, sign in SIGNS.items()
        for period in PERIODS
    ]


def _points(plan: Plan) -> list[str]:
    points = [
        _messages(plan.visitor_messages),
        _seats(plan.seats),
        _counted(plan.inboxes, _widgets, _("As many chat widgets as you like")),
        _counted(plan.workspaces, _workspaces, _("As many workspaces as you like")),
    ]
    if plan.removes_branding:
        points.append(_("The chat without our name"))
    return points


def _messages(limit: int | None) -> str:
    if limit is None:
        return _("As many messages from visitors as come")
    return ngettext("%(n)s message from visitors a month", "%(n)s messages from visitors a month", limit) % {
        "n": f"{limit:,}"
    }


def _seats(limit: int | None) -> str:
    if limit is None:
        return _("You and all your colleagues")
    if limit == 0:
        return _("You alone answer")
    return ngettext("You and %(n)s colleague", "You and %(n)s colleagues", limit) % {"n": limit}


def _counted(limit: int | None, words: Any, unlimited: str) -> str:
    return unlimited if limit is None else words(limit)


def _widgets(n: int) -> str:
    return ngettext("%(n)s chat widget", "%(n)s chat widgets", n) % {"n": n}


def _workspaces(n: int) -> str:
    return ngettext("%(n)s workspace", "%(n)s workspaces", n) % {"n": n}
