"""What models have cost this month, call by call, and up to where they may go."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.http import urlencode
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from ai import actions, budgets, costs
from ai.forms_models import CapsForm
from workspaces.decorators import MemberRequest, member
from workspaces.roles import Role


@member(Role.ADMIN)
@require_http_methods(["GET", "HEAD", "POST"])
def show(request: MemberRequest) -> HttpResponse:
    budget = budgets.of(request.workspace)
    form = CapsForm(request.POST if request.method == "POST" else None, workspace=request.workspace, budget=budget)
    if form.is_valid():
        actions.set_caps(request.membership, **form.cleaned_data)
        messages.success(request, _("Saved."))
        return redirect("ai-costs", request.workspace.slug)
    after = request.GET.get("after", "")
    calls, following = costs.page(request.workspace, after=after)
    marks = costs.marks(request.workspace, budget)
    context: dict[str, Any] = {
        "form": form,
        "budget": budget,
        "month": costs.month(request.workspace, budget),
        "month_mark": marks["month"],
        "day_mark": marks["day"],
        "included": costs.included(request.workspace),
        "calls": calls,
        "next": following and urlencode({"after": following}),
        "is_first": not after,
        "may_change": not request.workspace.is_suspended,
        "is_moved": budget is not None and budget.currency != request.workspace.currency,
    }
    return render(request, "ai/costs.html", context, status=422 if form.errors else 200)
