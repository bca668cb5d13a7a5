"""The panel on which the team asks its agent, and sees what a customer would."""

from __future__ import annotations

from django.http import HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from ai.forms import QuestionForm
from ai.gate import draft_of
from ai.persona import Persona
from ai.trying import trial
from ai.views.sources import may_change
from workspaces.decorators import MemberRequest, member
from workspaces.roles import Role


@require_safe
@member(Role.VIEWER)
def show(request: MemberRequest) -> HttpResponse:
    form = QuestionForm(request.GET or None)
    question = form.question() if form.is_bound else ""
    draft = _draft(request)
    with_draft = draft is not None and bool(form.is_bound and form.cleaned_data["draft"])
    context = {
        "form": form,
        "question": question,
        "trial": trial(request.workspace, question, draft if with_draft else None) if question else None,
        "has_draft": draft is not None,
        "with_draft": with_draft,
        "is_empty": not request.workspace.knowledge_sources.exists(),
        "may_change": may_change(request),
    }
    return render(request, "ai/test.html", context)


def _draft(request: MemberRequest) -> Persona | None:
    """What is being worked on, for those who work on it."""
    assistant = request.workspace.assistants.first()
    has_draft = may_change(request) and assistant is not None and assistant.draft is not None
    return draft_of(assistant) if has_draft else None
