"""What was in force when, what changed each time, the way back, and a version that is tried beside it."""

from __future__ import annotations

from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from ai import actions, trials
from ai.differences import Difference, differences
from ai.forms_trial import TrialForm
from ai.models import AssistantVersion
from ai.persona import Persona, restored
from ai.views.assistant import assistant_of, state_of
from ai.views.sources import may_change
from minichat.lib import keyset
from workspaces.decorators import MemberRequest, member
from workspaces.roles import Role

PAGE = 20


@require_safe
@member(Role.ADMIN)
def versions(request: MemberRequest) -> HttpResponse:
    return _page(request)


@require_POST
@member(Role.ADMIN)
def begin_trial(request: MemberRequest) -> HttpResponse:
    form = TrialForm(request.POST, candidates=trials.candidates(request.workspace, assistant_of(request)))
    if not form.is_valid():
        return _page(request, form, status=422)
    actions.begin_trial(**form.cleaned_data, by=request.membership)
    words = _("Version %(number)d is tried in %(share)d %% of the conversations that begin from now on.")
    messages.success(
        request, words % {"number": form.cleaned_data["version"].number, "share": form.cleaned_data["share"]}
    )
    return redirect("assistant-versions", request.workspace.slug)


@require_POST
@member(Role.ADMIN)
def end_trial(request: MemberRequest) -> HttpResponse:
    actions.end_trial(request.membership)
    messages.success(request, _("The trial is over. What is in force has all conversations again."))
    return redirect("assistant-versions", request.workspace.slug)


@require_safe
@member(Role.ADMIN)
def version(request: MemberRequest, pk: UUID) -> HttpResponse:
    """Against the one before it; and against what is in force, which a roll-back would change."""
    row = _version(request, pk)
    before = request.workspace.assistant_versions.filter(number__lt=row.number).order_by("-number").first()
    assistant = assistant_of(request)
    published = assistant.published if assistant else None
    context = {
        "version": row,
        "before": before,
        "was_changed": differences(restored(before.settings) if before else Persona(), restored(row.settings)),
        "would_change": differences(restored(published.settings), restored(row.settings)) if published else [],
        "is_published": published == row,
        "published": published,
        "may_change": may_change(request),
    }
    return render(request, "ai/assistant/version.html", context)


@require_POST
@member(Role.ADMIN)
def roll_back(request: MemberRequest, pk: UUID) -> HttpResponse:
    old = _version(request, pk)
    again = actions.roll_back(old, by=request.membership)
    words = _("Version %(old)d is in force again, as version %(number)d.")
    messages.success(request, words % {"old": old.number, "number": again.number})
    return redirect("assistant-versions", request.workspace.slug)


def _page(request: MemberRequest, form: TrialForm | None = None, *, status: int = 200) -> HttpResponse:
    rows = request.workspace.assistant_versions.select_related("created_by__user")
    found = keyset.page(rows, ["-number"], after=request.GET.get("after", ""), size=PAGE)
    row = assistant_of(request)
    trial = trials.trial_of(row)
    candidates = [] if trial else trials.candidates(request.workspace, row)
    context = {
        "lines": _lines(request, found.rows),
        "next": found.next,
        "is_first": "after" not in request.GET,
        "may_change": may_change(request),
        "trial": trial,
        "trial_form": form or (TrialForm(candidates=candidates) if candidates else None),
        **state_of(row),
    }
    return render(request, "ai/assistant/versions.html", context, status=status)


def _lines(request: MemberRequest, rows: list[AssistantVersion]) -> list[tuple[AssistantVersion, list[Difference]]]:
    """Each with what it changed."""
    oldest = rows[-1].number if rows else 0
    before = request.workspace.assistant_versions.filter(number__lt=oldest).order_by("-number").first()
    personas = [*(restored(row.settings) for row in rows), restored(before.settings) if before else Persona()]
    return [(row, differences(personas[at + 1], personas[at])) for at, row in enumerate(rows)]


def _version(request: MemberRequest, pk: UUID) -> AssistantVersion:
    return get_object_or_404(request.workspace.assistant_versions.select_related("created_by__user"), pk=pk)
