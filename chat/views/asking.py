"""What visitors of an inbox are asked: a tab of its settings."""

from __future__ import annotations

from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from chat import actions
from chat.forms_asking import AskingForm, initial
from chat.views.doors import inbox_for
from chat.views.inbox_tabs import tab_page
from workspaces.decorators import MemberRequest, member
from workspaces.roles import Role


@member(Role.ADMIN)
@require_http_methods(["GET", "HEAD", "POST"])
def form(request: MemberRequest, inbox: UUID) -> HttpResponse:
    row = inbox_for(request, inbox)
    asked = AskingForm(request.POST or None, initial=initial(row))
    if not asked.is_valid():
        return tab_page(request, row, "chat/inboxes/form.html", {"form": asked}, status=422 if asked.errors else 200)
    actions.set_inbox_form(row, by=request.membership, **asked.wanted())
    messages.success(request, _("Saved."))
    return redirect("inbox-form", request.workspace.slug, row.pk)
