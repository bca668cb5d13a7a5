"""The gate before a draft is published: its check, how it went, and the button."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from ai import actions, gate
from ai.checked import Report, report_of
from ai.forms_assistant import PublishForm
from ai.models import GateRun
from ai.views.assistant import assistant_of, state_of
from ai.views.sources import may_change
from minichat.lib.errors import Conflict, wants_json
from workspaces.decorators import MemberRequest, member
from workspaces.roles import Role


@require_safe
@member(Role.ADMIN)
def show(request: MemberRequest) -> HttpResponse:
    return _page(request)


@require_POST
@member(Role.ADMIN)
def begin(request: MemberRequest) -> HttpResponse:
    actions.begin_run(request.membership)
    return redirect("assistant-check", request.workspace.slug)


@require_safe
@member(Role.ADMIN)
def progress(request: MemberRequest) -> HttpResponse:
    """The bar alone. Once there is nothing to wait for, the page is asked to load anew."""
    run = _last_run(request)
    response = render(request, "ai/assistant/_progress.html", {"run": run})
    if run is None or not run.is_running:
        response["HX-Refresh"] = "true"
    return response


@require_POST
@member(Role.ADMIN)
def publish(request: MemberRequest) -> HttpResponse:
    form = PublishForm(request.POST, is_checked=request.workspace.golden_questions.exists())
    if not form.is_valid():
        return _page(request, form, status=422)
    try:
        version = actions.publish(request.membership, **form.cleaned_data)
    except Conflict as refused:
        if wants_json(request):
            raise
        return _page(request, status=refused.status, refused=refused.detail, note=form.cleaned_data["note"])
    messages.success(request, _("Version %(number)d is in force from now on.") % {"number": version.number})
    return redirect("assistant-versions", request.workspace.slug)


# --- Inside -----------------------------------------------------------------------------------------------------------


def _last_run(request: MemberRequest) -> GateRun | None:
    run: GateRun | None = request.workspace.gate_runs.order_by("-created_at").first()
    return run


def _page(
    request: MemberRequest, form: PublishForm | None = None, *, status: int = 200, refused: str = "", note: str = ""
) -> HttpResponse:
    row = assistant_of(request)
    golden = list(request.workspace.golden_questions.all())
    name = gate.against(row, golden)
    run = _last_run(request)
    report: Report | None = report_of(request.workspace, run) if run and run.is_done else None
    context = {
        "run": run,
        "report": report,
        "is_stale": run is not None and run.against != name,
        "golden": len(golden),
        "form": form or PublishForm(is_checked=bool(golden), initial={"agreed": name, "note": note}),
        "least": gate.LEAST,
        "margin": gate.MARGIN,
        "refused": refused,
        "may_change": may_change(request),
        **state_of(row),
    }
    context["may_publish"] = _may_publish(context)
    return render(request, "ai/assistant/check.html", context, status=status)


def _may_publish(context: dict[str, Any]) -> bool:
    if not context["has_draft"]:
        return False
    report = context["report"]
    return not context["golden"] or bool(report and report.tally.is_passed and not context["is_stale"])
