"""Which models answer, in which order, and with whose keys."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from ai import actions, chain, rehearsal, standing
from ai.forms_models import LinkForm
from ai.models import MOST_LINKS, ChainLink
from minichat.lib import throttle
from minichat.lib.errors import Conflict
from workspaces.decorators import MemberRequest, member
from workspaces.roles import Role

TRIES, TRIES_SECONDS = 20, 10 * 60


@member(Role.ADMIN)
@require_safe
def show(request: MemberRequest) -> HttpResponse:
    return _page(request)


@member(Role.ADMIN)
@require_POST
def add(request: MemberRequest) -> HttpResponse:
    form = LinkForm(request.POST, workspace=request.workspace)
    if not form.is_valid():
        return _page(request, form)
    try:
        actions.add_link(request.membership, provider=form.cleaned_data["provider"], model=form.cleaned_data["chosen"])
    except Conflict as error:
        form.add_error("choice", error.detail)
        return _page(request, form)
    messages.success(request, _("The model is added."))
    return redirect("ai-models", request.workspace.slug)


@member(Role.ADMIN)
@require_POST
def move(request: MemberRequest, pk: UUID) -> HttpResponse:
    actions.move_link(_link(request, pk), by=request.membership, up="up" in request.POST)
    return redirect("ai-models", request.workspace.slug)


@member(Role.ADMIN)
@require_POST
def remove(request: MemberRequest, pk: UUID) -> HttpResponse:
    actions.remove_link(_link(request, pk), by=request.membership)
    messages.success(request, _("The model is removed."))
    return redirect("ai-models", request.workspace.slug)


@member(Role.ADMIN)
@require_POST
def ask_again(request: MemberRequest, pk: UUID) -> HttpResponse:
    """Somebody has put things right at the provider's, of which nobody tells us."""
    chain.breaker_of(_link(request, pk)).reset()
    messages.success(request, _("It is asked again with the next question."))
    return redirect("ai-models", request.workspace.slug)


@member(Role.ADMIN)
@require_POST
def try_out(request: MemberRequest) -> HttpResponse:
    throttle.hit("ai-try", str(request.workspace.pk), TRIES, TRIES_SECONDS)
    return _page(request, outcome=rehearsal.ask(request.workspace))


# --- Inside -----------------------------------------------------------------------------------------------------------


def _link(request: MemberRequest, pk: UUID) -> ChainLink:
    return get_object_or_404(request.workspace.ai_chain.all(), pk=pk)


def _page(
    request: MemberRequest, form: LinkForm | None = None, *, outcome: rehearsal.Outcome | None = None
) -> HttpResponse:
    lines, key_lines = standing.lines(request.workspace), standing.key_lines(request.workspace)
    form = form or LinkForm(workspace=request.workspace)
    context: dict[str, Any] = {
        "lines": lines,
        "keys": key_lines,
        "form": form,
        "is_full": len(lines) >= MOST_LINKS,
        "most": MOST_LINKS,
        "outcome": outcome,
        "may_change": not request.workspace.is_suspended,
    }
    return render(request, "ai/models.html", context, status=422 if form.errors else 200)
