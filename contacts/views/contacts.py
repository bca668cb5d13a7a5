"""The list of contacts, and the whole of it as CSV."""

from __future__ import annotations

from typing import Any

from django.http import HttpResponse, HttpResponseBase, StreamingHttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.http import urlencode
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from contacts import actions, export, listing
from contacts.forms import ExportForm, SearchForm
from minichat.lib import throttle
from workspaces.decorators import MemberRequest, member
from workspaces.roles import Role

EXPORTS_PER_HOUR = 10


@member(Role.VIEWER)
@require_safe
def index(request: MemberRequest) -> HttpResponse:
    return _page(request, SearchForm(request.GET))


@member(Role.OPERATOR, while_suspended=True)
@require_POST
def export_file(request: MemberRequest) -> HttpResponseBase:
    """The contacts that the list shows, after the PIN; written down itself."""
    throttle.hit("export", str(request.membership.pk), EXPORTS_PER_HOUR, 60 * 60)
    wanted, form = SearchForm(request.POST), ExportForm(request.POST, membership=request.membership)
    if not form.is_valid():
        return _page(request, wanted, form=form, status=422)
    rows = listing.matching(request.membership, **wanted.wishes())
    count = export.count_up_to_limit(rows)
    if count > export.MOST_EXPORTED:
        form.add_error(None, _("More than 50,000 contacts match. Search for fewer of them."))
        return _page(request, wanted, form=form, status=422)
    actions.note_contacts_export(request.workspace, by=request.membership, lines=count)
    lines = export.as_csv(request.membership, rows, zone=request.workspace.timezone)
    response = StreamingHttpResponse(lines, content_type="text/csv; charset=utf-8")
    name = f"{request.workspace.slug}-contacts-{timezone.localdate().isoformat()}.csv"
    response["Content-Disposition"] = f'attachment; filename="{name}"'
    return response


def _page(
    request: MemberRequest, wanted: SearchForm, *, form: ExportForm | None = None, status: int = 200
) -> HttpResponse:
    wishes = wanted.wishes()
    after = request.GET.get("after", "")
    lines, following = listing.page(request.membership, listing.matching(request.membership, **wishes), after=after)
    kept = {name: value for name, value in (("q", wishes["search"]), ("show", wishes["shown"])) if value != "all"}
    context: dict[str, Any] = {
        "lines": lines,
        "tallies": listing.tallies,
        "search": wishes["search"],
        "shown": wishes["shown"],
        "filters": listing.SHOWN.items(),
        "kept": {name: value for name, value in kept.items() if value},
        "next": following and urlencode({**{name: value for name, value in kept.items() if value}, "after": following}),
        "is_first": not after,
        "form": form or ExportForm(membership=request.membership),
        "may_export": request.membership.can_reply(),
    }
    return render(request, "contacts/list.html", context, status=status)
