"""Settings as a file: out, a look at what one would change, in."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import ngettext
from django.views.decorators.http import require_POST, require_safe

from minichat.lib import throttle
from workspaces import config
from workspaces.config.work import ChangedMeanwhile, NotImportable
from workspaces.decorators import MemberRequest, member
from workspaces.forms_config import ApplyForm, ConfigExportForm, ImportForm
from workspaces.roles import Role

PER_HOUR = 30


@member(Role.ADMIN)
@require_safe
def show(request: MemberRequest) -> HttpResponse:
    return _page(request)


@member(Role.ADMIN, while_suspended=True)
@require_POST
def export(request: MemberRequest) -> HttpResponse:
    _count(request)
    form = ConfigExportForm(request.POST, membership=request.membership)
    if not form.is_valid():
        return _page(request, status=422, export=form)
    text = config.export(request.workspace, by=request.membership)
    response = HttpResponse(text, content_type="application/json")
    name = f"{request.workspace.slug}-settings-{timezone.localdate().isoformat()}.json"
    response["Content-Disposition"] = f'attachment; filename="{name}"'
    return response


@member(Role.ADMIN)
@require_POST
def preview(request: MemberRequest) -> HttpResponse:
    _count(request)
    form = ImportForm(request.POST, request.FILES)
    if not form.is_valid():
        return _page(request, status=422, form=form)
    return _look(request, form.cleaned_data["text"])


@member(Role.ADMIN)
@require_POST
def apply(request: MemberRequest) -> HttpResponse:
    _count(request)
    text = request.POST.get("text", "")
    form = ApplyForm(request.POST, membership=request.membership)
    if not form.is_valid():
        return _look(request, text, apply=form)
    try:
        done = config.import_config(
            request.workspace, text=text, agreed=form.cleaned_data["agreed"], by=request.membership
        )
    except (ChangedMeanwhile, NotImportable) as error:
        messages.error(request, error.detail)
        return _look(request, text)
    count = len(done.changes)
    done_words = ngettext("%(n)d setting has been changed.", "%(n)d settings have been changed.", count)
    messages.success(request, done_words % {"n": count})
    return redirect("config", request.workspace.slug)


def _look(request: MemberRequest, text: str, *, apply: ApplyForm | None = None) -> HttpResponse:
    """What the file would change, or where it is wrong; the text stays in its field."""
    plan = config.plan(request.workspace, text)
    form = ImportForm(initial={"text": text})
    if apply is None and plan.changes and not plan.problems:
        apply = ApplyForm(membership=request.membership, initial={"text": text, "agreed": plan.digest})
    wrong = bool(plan.problems) or bool(apply and apply.is_bound)
    return _page(request, status=422 if wrong else 200, form=form, plan=plan, apply=apply)


def _page(request: MemberRequest, status: int = 200, **more: Any) -> HttpResponse:
    context = {"form": ImportForm(), "export": ConfigExportForm(membership=request.membership), **more}
    return render(request, "workspaces/config.html", context, status=status)


def _count(request: MemberRequest) -> None:
    throttle.hit("config", str(request.membership.pk), PER_HOUR, 60 * 60)
