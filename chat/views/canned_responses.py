"""The library of canned responses: the team's, which admins keep, and everybody's own."""

from __future__ import annotations

import csv
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse, JsonResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from chat import actions, canned
from chat.forms_canned import REPLIES, CannedResponseForm, ImportForm, card_fields
from chat.models import CannedResponse
from chat.views.doors import conversation_for
from minichat.lib.errors import Conflict, Forbidden, PlanLimit
from minichat.lib.sheets import BOM, marked
from workspaces.decorators import MemberRequest, member
from workspaces.roles import Role


@require_GET
@member(Role.OPERATOR)
def index(request: MemberRequest) -> HttpResponse:
    rows = request.workspace.canned_responses.usable_by(request.membership)
    words = request.GET.get("q", "").strip()
    found = [row for row in rows if words.lower() in f"{row.shortcut}\n{row.body}".lower()]
    context = {"rows": found, "any": bool(rows), "q": words, "may_share": _may_share(request)}
    return render(request, "chat/canned/list.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
@member(Role.OPERATOR)
def create(request: MemberRequest) -> HttpResponse:
    form = _form(request, initial={"shared": True})
    if form.is_valid() and _done(form, lambda: actions.add_canned_response(request.membership, **form.cleaned_data)):
        return _saved(request)
    return _page(request, form)


@require_http_methods(["GET", "HEAD", "POST"])
@member(Role.OPERATOR)
def edit(request: MemberRequest, pk: UUID) -> HttpResponse:
    row = _mine(request, pk)
    words = {"shortcut": row.shortcut, "body": row.body, "quick_replies": "\n".join(row.quick_replies)}
    form = _form(request, initial={**words, **card_fields(row.card), "shared": row.owner_id is None})
    if form.is_valid() and _done(
        form, lambda: actions.change_canned_response(row, by=request.membership, **form.cleaned_data)
    ):
        return _saved(request)
    return _page(request, form, row)


@require_POST
@member(Role.OPERATOR)
def delete(request: MemberRequest, pk: UUID) -> HttpResponse:
    row = _mine(request, pk)
    actions.delete_canned_response(row, by=request.membership)
    messages.success(request, _("/%(shortcut)s is deleted.") % {"shortcut": row.shortcut})
    return redirect("canned", request.workspace.slug)


@require_http_methods(["GET", "HEAD", "POST"])
@member(Role.ADMIN)
def import_file(request: MemberRequest) -> HttpResponse:
    form = ImportForm(request.POST, request.FILES) if request.method == "POST" else ImportForm()
    if form.is_valid() and (
        counts := _done(form, lambda: actions.import_canned_responses(request.membership, *form.cleaned_data["file"]))
    ):
        new, replaced = counts
        added = ngettext("%(n)d text added", "%(n)d texts added", new) % {"n": new}
        messages.success(request, f"{added}, " + _("%(n)d replaced.") % {"n": replaced})
        return redirect("canned", request.workspace.slug)
    return render(request, "chat/canned/import.html", {"form": form}, status=422 if form.errors else 200)


@require_GET
@member(Role.OPERATOR)
def export_file(request: MemberRequest) -> HttpResponse:
    """What `import_file` reads: the team's texts."""
    response = HttpResponse(content_type="text/csv; charset=utf-8")
    response["Content-Disposition"] = f'attachment; filename="{request.workspace.slug}-canned-responses.csv"'
    response.write(BOM)
    writer = csv.writer(response)
    writer.writerow(["shortcut", "text", REPLIES])
    for row in request.workspace.canned_responses.filter(owner=None).order_by("shortcut"):
        writer.writerow([row.shortcut, marked(row.body), marked("\n".join(row.quick_replies))])
    return response


@require_GET
@member(Role.OPERATOR)
def offered(request: MemberRequest, pk: UUID) -> HttpResponse:
    """For the composer of one conversation."""
    return JsonResponse({"rows": canned.offered(conversation_for(request, pk), request.membership)})


def _may_share(request: MemberRequest) -> bool:
    return request.membership.may(Role.ADMIN)


def _mine(request: MemberRequest, pk: UUID) -> CannedResponse:
    """One this member may change: an own one, or for admins the team's."""
    row = get_object_or_404(request.workspace.canned_responses.usable_by(request.membership), pk=pk)
    if row.owner_id is None and not _may_share(request):
        raise Forbidden(_("Only admins change what the whole team uses."))
    return row


def _form(request: MemberRequest, initial: dict[str, Any]) -> CannedResponseForm:
    data = request.POST if request.method == "POST" else None
    return CannedResponseForm(data, initial=initial, may_share=_may_share(request))


def _done(form: CannedResponseForm | ImportForm, work: Any) -> Any:
    """What `work` returns (True for nothing), or None with its refusal beside the field that caused it."""
    try:
        return work() or True
    except (Conflict, PlanLimit) as error:
        form.add_error("shortcut" if isinstance(error, Conflict) else None, error.detail)
    return None


def _saved(request: MemberRequest) -> HttpResponse:
    messages.success(request, _("Saved."))
    return redirect("canned", request.workspace.slug)


def _page(request: MemberRequest, form: CannedResponseForm, row: CannedResponse | None = None) -> HttpResponse:
    return render(request, "chat/canned/form.html", {"form": form, "row": row}, status=422 if form.errors else 200)
