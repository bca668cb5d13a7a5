"""Test questions: what each version has to get right."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from ai import actions, gate, past, suggestions
from ai.checked import expected
from ai.forms_golden import GoldenForm, initial_of
from ai.models import GoldenQuestion
from ai.views.assistant import assistant_of, state_of
from ai.views.sources import may_change
from minichat.lib.errors import Conflict
from workspaces.decorators import MemberRequest, member
from workspaces.roles import Role


@require_safe
@member(Role.ADMIN)
def questions(request: MemberRequest) -> HttpResponse:
    rows = request.workspace.golden_questions.select_related("source").order_by("created_at", "pk")
    context = {
        "rows": [(row, expected(gate.case_of(row))) for row in rows],
        "may_change": may_change(request),
        **state_of(assistant_of(request)),
    }
    return render(request, "ai/assistant/questions.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
@member(Role.ADMIN)
def create(request: MemberRequest) -> HttpResponse:
    """With `?question=` what the assistant does with it today is chosen already."""
    asked = request.GET.get("question", "")
    form = _form(request, suggestions.initial(request.workspace, asked) if asked else {"expects": "source"})
    if form.is_valid() and _done(form, lambda: actions.add_golden(request.membership, **form.wish())):
        return _saved(request)
    return _page(request, form)


@require_http_methods(["GET", "HEAD", "POST"])
@member(Role.ADMIN)
def edit(request: MemberRequest, golden: UUID) -> HttpResponse:
    row = _golden(request, golden)
    form = _form(request, initial_of(row))
    if form.is_valid() and _done(form, lambda: actions.change_golden(row, by=request.membership, **form.wish())):
        return _saved(request)
    return _page(request, form, row)


@require_POST
@member(Role.ADMIN)
def delete(request: MemberRequest, golden: UUID) -> HttpResponse:
    row = _golden(request, golden)
    actions.delete_golden(row, by=request.membership)
    messages.success(request, _("“%(title)s” is deleted.") % {"title": row.question})
    return redirect("golden-questions", request.workspace.slug)


@require_http_methods(["GET", "HEAD", "POST"])
@member(Role.ADMIN)
def past_questions(request: MemberRequest) -> HttpResponse:
    """What visitors asked last, to be chosen from. What the assistant does today becomes what is right."""
    offered = suggestions.offered(request.membership, past.questions(request.membership))
    if request.method != "POST":
        return render(request, "ai/assistant/past.html", {"offered": offered, "may_change": may_change(request)})
    chosen = set(request.POST.getlist("chosen"))
    wanted = [one for one in offered if one.key in chosen]
    added = suggestions.add(request.membership, wanted)
    said = ngettext("%(n)d question added.", "%(n)d questions added.", added) % {"n": added}
    (messages.success if added else messages.warning)(request, said if added else _("Choose a question first."))
    return redirect("golden-questions" if added else "past-questions", request.workspace.slug)


# --- Inside -----------------------------------------------------------------------------------------------------------


def _golden(request: MemberRequest, golden: UUID) -> GoldenQuestion:
    return get_object_or_404(request.workspace.golden_questions.select_related("source"), pk=golden)


def _form(request: MemberRequest, initial: dict[str, Any]) -> GoldenForm:
    data = request.POST if request.method == "POST" else None
    return GoldenForm(data, workspace=request.workspace, initial=initial)


def _done(form: GoldenForm, work: Any) -> bool:
    """A conflict stands beside the question that caused it."""
    try:
        work()
    except Conflict as error:
        form.add_error("question", error.detail)
        return False
    return True


def _saved(request: MemberRequest) -> HttpResponse:
    messages.success(request, _("Saved."))
    return redirect("golden-questions", request.workspace.slug)


def _page(request: MemberRequest, form: GoldenForm, row: GoldenQuestion | None = None) -> HttpResponse:
    context = {"form": form, "golden": row, "may_change": may_change(request)}
    return render(request, "ai/assistant/question.html", context, status=422 if form.errors else 200)
