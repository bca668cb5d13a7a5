"""FAQs as a file: out, and back in."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods, require_safe

from ai import actions, listing, sheets
from ai.models import SourceKind
from workspaces.decorators import MemberRequest, member
from workspaces.roles import Role


@require_http_methods(["GET", "HEAD", "POST"])
@member(Role.ADMIN)
def import_file(request: MemberRequest) -> HttpResponse:
    """All lines or none. What cannot be taken is shown as it stands in the file, with the reason."""
    form = sheets.ImportForm(request.POST, request.FILES) if request.method == "POST" else sheets.ImportForm()
    if not form.is_valid():
        return _page(request, form, status=422 if form.errors else 200)
    sheet = form.cleaned_data["file"]
    if sheet.problems:
        return _page(request, form, sheet, status=422)
    new, changed = actions.import_faqs(request.membership, sheet.wishes)
    added = ngettext("%(n)d FAQ added", "%(n)d FAQs added", new) % {"n": new}
    messages.success(request, f"{added}, " + _("%(n)d changed.") % {"n": changed})
    return redirect("knowledge", request.workspace.slug)


@require_safe
@member(Role.OPERATOR)
def export_file(request: MemberRequest) -> HttpResponse:
    """What `import_file` reads."""
    response = HttpResponse(content_type="text/csv; charset=utf-8")
    response["Content-Disposition"] = f'attachment; filename="{request.workspace.slug}-faqs.csv"'
    faqs = request.workspace.knowledge_sources.of_kind(SourceKind.FAQ).order_by(*listing.ORDERS[SourceKind.FAQ])
    sheets.written(faqs, response)
    return response


def _page(
    request: MemberRequest, form: sheets.ImportForm, sheet: sheets.Sheet | None = None, *, status: int
) -> HttpResponse:
    context = {"form": form, "sheet": sheet, "shown": sheets.MOST_PROBLEMS}
    return render(request, "ai/import.html", context, status=status)
