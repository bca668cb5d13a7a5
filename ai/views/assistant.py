"""Who the assistant is, how it speaks, when it hands over. What is saved is a draft: visitors notice nothing of it."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from ai import actions, gate, ready, screening
from ai.differences import differences
from ai.forms_assistant import AssistantForms, LabellingForm, with_preset, would_lose
from ai.models import Assistant
from ai.presets import PRESETS, Preset
from ai.views.sources import may_change
from chat import handoffs
from workspaces.decorators import MemberRequest, member
from workspaces.roles import Role


@require_http_methods(["GET", "HEAD", "POST"])
@member(Role.ADMIN)
def settings(request: MemberRequest) -> HttpResponse:
    row = assistant_of(request)
    if preset := PRESETS.get(request.POST.get("preset", "")):
        return _fill(request, row, preset)
    forms = AssistantForms(request.POST if request.method == "POST" else None, persona=gate.draft_of(row))
    if request.method != "POST" or not forms.is_valid():
        return _page(request, row, forms, status=422 if forms.is_wrong else 200)
    row = actions.save_draft(request.membership, forms.persona())
    messages.success(
        request, _("Saved as a draft.") if row.draft is not None else _("Saved. This is in force already.")
    )
    return redirect("assistant", request.workspace.slug)


@require_POST
@member(Role.ADMIN)
def discard(request: MemberRequest) -> HttpResponse:
    actions.discard_draft(request.membership)
    messages.success(request, _("The draft is gone. You see what is in force."))
    return redirect("assistant", request.workspace.slug)


@require_POST
@member(Role.ADMIN)
def labelling(request: MemberRequest) -> HttpResponse:
    actions.set_labelling(request.membership, is_on=LabellingForm(request.POST).is_on)
    messages.success(request, _("Saved. This is in force already."))
    return redirect("assistant", request.workspace.slug)


def assistant_of(request: MemberRequest) -> Assistant | None:
    row: Assistant | None = request.workspace.assistants.select_related("published", "trial").first()
    return row


def state_of(row: Assistant | None) -> dict[str, Any]:
    """For the line on top of each page: what is in force, and what the draft would change."""
    return {
        "published": row.published if row else None,
        "has_draft": row is not None and row.draft is not None,
        "changes": differences(gate.in_force(row), gate.draft_of(row)),
    }


# --- Inside -----------------------------------------------------------------------------------------------------------


def _fill(request: MemberRequest, row: Assistant | None, preset: Preset) -> HttpResponse:
    """Into the form, not into the draft. Instructions that somebody wrote are replaced after a question alone."""
    if would_lose(request.POST) and "replace" not in request.POST:
        return _page(request, row, AssistantForms(request.POST, persona=gate.draft_of(row)), asked=preset)
    forms = AssistantForms(with_preset(request.POST, preset), persona=gate.draft_of(row))
    return _page(request, row, forms, filled=preset)


def _page(
    request: MemberRequest, row: Assistant | None, forms: AssistantForms, *, status: int = 200, **more: Any
) -> HttpResponse:
    context = {"forms": forms, "form": forms.persona_form, "presets": PRESETS.values(), **state_of(row), **more}
    context |= {"lists": _lists(), "has_moderation": screening.is_possible(request.workspace)}
    context["may_change"] = may_change(request)
    context["labelling"] = LabellingForm(initial={"labels_conversations": row and row.labels_conversations})
    context["has_labels"] = request.workspace.labels.exists()
    return render(request, "ai/assistant/settings.html", context, status=status)


def _lists() -> list[tuple[str, tuple[str, ...]]]:
    """The ready-made lists with their words, for whoever wonders what is in them."""
    return [(handoffs.rule_name(ready.KEPT + name), words) for name, words in ready.WORDS.items()]
