"""The team's labels: everybody who answers makes new ones, admins keep them."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.db.models import Count
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from chat import actions
from chat.forms_labels import LabelForm
from chat.models import Hue, Label
from minichat.lib.errors import Conflict, PlanLimit
from workspaces.decorators import MemberRequest, member
from workspaces.roles import Role


@require_http_methods(["GET", "HEAD", "POST"])
@member(Role.OPERATOR)
def index(request: MemberRequest) -> HttpResponse:
    """The list, and a new one."""
    rows = list(request.workspace.labels.annotate(worn=Count("labellings")).order_by("key"))
    used = [row.hue for row in rows]
    form = _form(request, initial={"hue": min(Hue.values, key=used.count)})
    if form.is_valid() and _done(form, lambda: actions.create_label(request.membership, **form.cleaned_data)):
        messages.success(request, _("“%(name)s” is there now.") % {"name": form.cleaned_data["name"]})
        return redirect("labels", request.workspace.slug)
    return _page(request, "chat/labels/list.html", form, rows=rows, may_manage=request.membership.may(Role.ADMIN))


@require_http_methods(["GET", "HEAD", "POST"])
@member(Role.ADMIN)
def edit(request: MemberRequest, pk: UUID) -> HttpResponse:
    row = _row(request, pk)
    form = _form(request, initial={"name": row.name, "hue": row.hue})
    if form.is_valid() and _done(form, lambda: actions.change_label(row, by=request.membership, **form.cleaned_data)):
        messages.success(request, _("Saved."))
        return redirect("labels", request.workspace.slug)
    return _page(request, "chat/labels/form.html", form, row=row, worn=row.labellings.count())


@require_POST
@member(Role.ADMIN)
def delete(request: MemberRequest, pk: UUID) -> HttpResponse:
    row = _row(request, pk)
    actions.delete_label(row, by=request.membership)
    messages.success(request, _("“%(name)s” is deleted.") % {"name": row.name})
    return redirect("labels", request.workspace.slug)


def _row(request: MemberRequest, pk: UUID) -> Label:
    return get_object_or_404(request.workspace.labels.all(), pk=pk)


def _form(request: MemberRequest, initial: dict[str, Any]) -> LabelForm:
    return LabelForm(request.POST if request.method == "POST" else None, initial=initial)


def _done(form: LabelForm, work: Any) -> bool:
    """Whether `work` was done; its refusal goes beside the name."""
    try:
        work()
    except (Conflict, PlanLimit) as error:
        form.add_error("name", error.detail)
        return False
    return True


def _page(request: MemberRequest, template: str, form: LabelForm, **more: Any) -> HttpResponse:
    return render(request, template, {"form": form, **more}, status=422 if form.errors else 200)
