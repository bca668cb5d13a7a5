"""What visitors asked in vain, for whoever can write the answer."""

from __future__ import annotations

from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.http import urlencode
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from ai import actions, judging
from ai.views.sources import answers_of, gaps_of, may_change
from minichat.lib import keyset
from workspaces.decorators import MemberRequest, member
from workspaces.roles import Role

PAGE = 30


@require_safe
@member(Role.VIEWER)
def index(request: MemberRequest) -> HttpResponse:
    after = request.GET.get("after", "")
    rows = gaps_of(request).select_related("question", "conversation", "message", "workspace")
    found = keyset.page(rows, ["-created_at", "-id"], after=after, size=PAGE)
    context = {
        "gaps": judging.gaps(found.rows),
        "judged": judging.tally(answers_of(request)),
        "next": found.next and urlencode({"after": found.next}),
        "is_first": not after,
        "may_change": may_change(request),
    }
    return render(request, "ai/gaps.html", context)


@require_POST
@member(Role.ADMIN)
def dismiss(request: MemberRequest, pk: UUID) -> HttpResponse:
    actions.dismiss_gap(get_object_or_404(gaps_of(request), pk=pk))
    messages.success(request, _("The question is off the list."))
    return redirect("knowledge-gaps", request.workspace.slug)
