"""Lists that were given a name."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse, JsonResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from chat import actions, filters, labels, paging
from chat.forms_views import SavedViewForm
from chat.models import SavedView
from chat.views.chips import chips
from minichat.lib.errors import Forbidden, PlanLimit
from workspaces.decorators import MemberRequest, member
from workspaces.roles import Role


@require_http_methods(["GET", "HEAD", "POST"])
@member(Role.OPERATOR)
def create(request: MemberRequest) -> HttpResponse:
    """Of the list whose address stands in the query."""
    form = _form(request, {"query": filters.read(request.GET).query}, views=_changeable(request))
    if form.is_valid() and _done(form, lambda: _keep(request, **form.cleaned_data)):
        return _to_list(request, form.cleaned_data["query"])
    return _page(request, form)


@require_http_methods(["GET", "HEAD", "POST"])
@member(Role.OPERATOR)
def edit(request: MemberRequest, pk: UUID) -> HttpResponse:
    row = _mine(request, pk)
    form = _form(request, {"name": row.name, "is_shared": row.is_shared, "query": row.query})
    if form.is_valid() and _done(form, lambda: actions.change_view(row, by=request.membership, **form.cleaned_data)):
        return _to_list(request, form.cleaned_data["query"])
    return _page(request, form, row=row)


@require_POST
@member(Role.OPERATOR)
def delete(request: MemberRequest, pk: UUID) -> HttpResponse:
    row = _mine(request, pk)
    actions.delete_view(row, by=request.membership)
    messages.success(request, _("“%(name)s” is deleted.") % {"name": row.name})
    return redirect("inbox", request.workspace.slug)


@require_GET
@member(Role.VIEWER)
def counts(request: MemberRequest) -> JsonResponse:
    """How many each view of the menu holds, as far as a hundred."""
    rows = request.workspace.saved_views.usable_by(request.membership)
    found = {str(row.pk): paging.count(request.membership, filters.read_text(row.query)) for row in rows}
    return JsonResponse({"counts": found})


def _mine(request: MemberRequest, pk: UUID) -> SavedView:
    """One that this member sees and may change."""
    row = get_object_or_404(request.workspace.saved_views.usable_by(request.membership), pk=pk)
    if not actions.may_change_view(row, request.membership):
        raise Forbidden(_("Whoever made this view, and admins, may change it."))
    return row


def _changeable(request: MemberRequest) -> list[SavedView]:
    rows = request.workspace.saved_views.usable_by(request.membership)
    return [row for row in rows if actions.may_change_view(row, request.membership)]


def _keep(request: MemberRequest, replaces: str = "", **fields: Any) -> None:
    """As a new view, or in the place of another one."""
    if replaces:
        actions.change_view(_mine(request, UUID(replaces)), by=request.membership, **fields)
    else:
        actions.add_view(request.membership, **fields)


def _form(request: MemberRequest, initial: dict[str, Any], views: Iterable[SavedView] = ()) -> SavedViewForm:
    return SavedViewForm(request.POST if request.method == "POST" else None, initial=initial, views=views)


def _done(form: SavedViewForm, work: Any) -> bool:
    try:
        work()
    except PlanLimit as error:
        form.add_error("name", error.detail)
        return False
    return True


def _to_list(request: MemberRequest, query: str) -> HttpResponse:
    messages.success(request, _("Saved."))
    place = reverse("inbox", args=[request.workspace.slug])
    return redirect(f"{place}?{query}" if query else place)


def _page(request: MemberRequest, form: SavedViewForm, row: SavedView | None = None) -> HttpResponse:
    wanted = filters.read_text(form["query"].value() or "")
    found = chips(request, wanted, labels.of(request.workspace))
    context = {"form": form, "row": row, "wanted": wanted, "chips": found}
    return render(request, "chat/views/form.html", context, status=422 if form.errors else 200)
