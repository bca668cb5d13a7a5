"""What happened in the workspace, for those who run it."""

from __future__ import annotations

from typing import Any

from django.http import HttpResponse, HttpResponseBase, StreamingHttpResponse
from django.shortcuts import render
from django.utils import timezone, translation
from django.utils.http import urlencode
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from minichat.lib import throttle
from workspaces import actions, audit, sentences
from workspaces.decorators import MemberRequest, member
from workspaces.forms_audit import AuditFilterForm, ExportForm
from workspaces.roles import Role

EXPORTS_PER_HOUR = 10
# Names that the field for a person offers.
SUGGESTED = 200


@member(Role.ADMIN)
@require_safe
def show(request: MemberRequest) -> HttpResponse:
    return _page(request, AuditFilterForm(request.GET))


@member(Role.ADMIN, while_suspended=True)
@require_POST
def export(request: MemberRequest) -> HttpResponseBase:
    """The lines that the filter shows, after the PIN; written down itself."""
    throttle.hit("export", str(request.membership.pk), EXPORTS_PER_HOUR, 60 * 60)
    wanted = AuditFilterForm(request.POST)
    form = ExportForm(request.POST, membership=request.membership)
    if not wanted.is_valid() or not form.is_valid():
        return _page(request, wanted, form=form, status=422)
    rows = audit.matching(request.workspace, **wanted.cleaned_data)
    count = audit.count_up_to_limit(rows)
    if count > audit.MOST_EXPORTED:
        form.add_error(None, _("More than 50,000 lines match. Choose a shorter time."))
        return _page(request, wanted, form=form, status=422)
    actions.note_audit_export(request.workspace, by=request.membership, lines=count)
    lines = audit.as_csv(rows, zone=request.workspace.timezone, language=translation.get_language())
    response = StreamingHttpResponse(lines, content_type="text/csv; charset=utf-8")
    name = f"{request.workspace.slug}-activity-{timezone.localdate().isoformat()}.csv"
    response["Content-Disposition"] = f'attachment; filename="{name}"'
    return response


def _page(
    request: MemberRequest, wanted: AuditFilterForm, *, form: ExportForm | None = None, status: int = 200
) -> HttpResponse:
    is_valid = wanted.is_valid()
    shown = audit.page(audit.matching(request.workspace, **wanted.cleaned_data), _cursor(request)) if is_valid else None
    kept = {name: value for name, value in wanted.data.items() if name in wanted.fields and value}
    context: dict[str, Any] = {
        "wanted": wanted,
        "form": form or ExportForm(membership=request.membership),
        "lines": [(entry.at, sentences.sentence(entry)) for entry in shown.entries] if shown else [],
        "kept": kept,
        "older": shown and shown.older and urlencode({**kept, "before": shown.older}),
        "is_first": not _cursor(request),
        "newest": urlencode(kept),
        "people": [row.name for row in request.workspace.memberships.select_related("user")[:SUGGESTED]],
    }
    return render(request, "workspaces/audit.html", context, status=status if is_valid else 422)


def _cursor(request: MemberRequest) -> str:
    return request.GET.get("before", "")
