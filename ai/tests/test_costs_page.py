"""What has been spent, on what, and the caps."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone

from ai import actions, budgets, costs
from ai.models import AICall
from workspaces.models import AuditEntry, Membership, Workspace

pytestmark = pytest.mark.django_db
PAGE = "/w/acme/ai/costs/"
FORM = {"monthly_cap": "650", "daily_cap": "65", "rate": "32.5", "answers_per_visitor": "20"}


def spend(workspace: Workspace, microusd: int = 1_500_000, **more: Any) -> AICall:
    values = {
        "provider": "groq",
        "model": "m",
        "purpose": "answer",
        "status": "ok",
        "cost_source": "table",
        "attempt": 1,
    }
    return workspace.ai_calls.create(**{**values, "cost_microusd": microusd, "price_version": "2026-11-01", **more})


def page_of(client: Client, query: str = "") -> str:
    return client.get(PAGE + query).content.decode()


def test_before_anything_was_spent(adam_client: Client, omar_client: Client) -> None:
    page = page_of(adam_client)
    assert "Nothing has been spent" in page and "$0.00" in page and "By provider" not in page
    assert omar_client.get(PAGE).status_code == 403


def test_the_month_by_provider_purpose_and_day(adam_client: Client, acme: Workspace) -> None:
    spend(acme)
    spend(acme, 500_000, provider="anthropic", purpose="suggest")
    spend(acme, 9_000_000, created_at=budgets.begins(acme, "month") - timezone.timedelta(seconds=1))
    response = adam_client.get(PAGE)
    month = response.context["month"]
    assert (month.total, month.calls, month.local) == ("$2.00", 2, "THB 65.00")
    assert [(str(bar.label), bar.cost, bar.width) for bar in month.providers] == [
        ("Groq", "$1.50", 100),
        ("Anthropic", "$0.5000", 33),
    ]
    assert [str(bar.label) for bar in month.purposes] == ["Answers to visitors", "Suggestions for the team"]
    assert [bar.cost for bar in month.days] == ["$2.00"]
    page = response.content.decode()
    assert page.count('<li class="row-item">') == 3, "last month's is in the list"


def test_what_has_no_price_is_said(adam_client: Client, acme: Workspace) -> None:
    spend(acme, 0, cost_source="estimated", price_version="")
    assert "1 call went to a model whose price we do not know." in page_of(adam_client)


def test_a_call_that_failed_says_why(adam_client: Client, acme: Workspace) -> None:
    spend(acme, 0, status="failed", error="no_credit", cost_source="zero")
    spend(acme, 120, status="cancelled", cost_source="estimated")
    page = page_of(adam_client)
    assert "Failed" in page and "no credit left" in page and "Broken off" in page and "~ $0.0001" in page


def test_long_lists_have_pages(adam_client: Client, acme: Workspace, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(costs, "PAGE", 2)
    for number in range(5):
        spend(acme, model=f"model-{number}")
    seen, query = [], ""
    for _ in range(3):
        response = adam_client.get(PAGE + query)
        seen += [line.call.model for line in response.context["calls"]]
        query = f"?{response.context['next']}"
    assert seen == [f"model-{number}" for number in (4, 3, 2, 1, 0)] and query == "?"
    assert adam_client.get(f"{PAGE}?after=nonsense").status_code == 422


def test_caps_are_saved_shown_and_written_down(adam_client: Client, acme: Workspace) -> None:
    assert adam_client.post(PAGE, FORM).url == PAGE
    budget = budgets.of(acme)
    assert budget and (budget.monthly_microusd, budget.daily_microusd) == (20_000_000, 2_000_000)
    assert (budget.rate, budget.answers_per_visitor) == (Decimal("32.5"), 20)
    spend(acme, 1_800_000)
    page = page_of(adam_client)
    assert "THB 58.50 / THB 650.00" in page and "THB 58.50 / THB 65.00" in page
    assert 'class="meter is-warn" max="100" value="90"' in page
    assert 'value="650.00"' in page and 'value="32.5000"' in page
    entry = AuditEntry.unscoped.get(action="models.budget_changed")
    assert entry.data == {"month": "650 THB", "day": "65 THB"}


def test_empty_means_no_cap(adam_client: Client, acme: Workspace) -> None:
    adam_client.post(PAGE, FORM)
    assert adam_client.post(PAGE, {"rate": "32.5"}).url == PAGE
    budget = budgets.of(acme)
    assert budget and budget.monthly_microusd is budget.daily_microusd is budget.answers_per_visitor is None
    assert "Cap of the month" not in page_of(adam_client)


def test_a_cap_that_is_met_is_said(adam_client: Client, acme: Workspace) -> None:
    adam_client.post(PAGE, {**FORM, "daily_cap": "0"})
    assert "A cap is met" in page_of(adam_client)


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("monthly_cap", "-1"),
        ("monthly_cap", "many"),
        ("monthly_cap", "1e30"),
        ("monthly_cap", "NaN"),
        ("daily_cap", "651"),
        ("rate", "0"),
        ("rate", ""),
        ("answers_per_visitor", "0"),
    ],
)
def test_what_is_no_cap_is_kept_in_the_form(adam_client: Client, acme: Workspace, field: str, value: str) -> None:
    response = adam_client.post(PAGE, {**FORM, field: value})
    assert response.status_code == 422 and set(response.context["form"].errors) == {field}
    assert 'value="20"' in response.content.decode() or field == "answers_per_visitor"
    assert budgets.of(acme) is None


def test_caps_stay_when_the_currency_changes(adam_client: Client, ana_member: Membership) -> None:
    acme = ana_member.workspace
    actions.set_caps(ana_member, rate=Decimal("32.5"), monthly_cap=Decimal(650))
    acme.currency = "USD"
    acme.save()
    page = page_of(adam_client)
    assert "Your caps were saved in THB" in page
    assert "THB 0.00 / THB 650.00" in page and 'value="20.00"' in page and 'name="rate"' not in page
    assert adam_client.post(PAGE, {"monthly_cap": "20"}).url == PAGE
    budget = budgets.of(acme)
    assert budget and (budget.currency, budget.monthly_microusd, budget.rate) == ("USD", 20_000_000, 1)


def test_what_the_plan_includes_is_shown(adam_client: Client, acme: Workspace, settings: Any) -> None:
    assert "$0.00 / $30.00" in page_of(adam_client)


def test_a_page_takes_few_questions(adam_client: Client, acme: Workspace, django_assert_max_num_queries: Any) -> None:
    for number in range(30):
        spend(acme, model=f"m{number}")
    with django_assert_max_num_queries(45):
        page_of(adam_client)
