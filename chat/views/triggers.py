"""The rules by which the chat speaks up by itself."""

from __future__ import annotations

from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from chat import actions
from chat.forms_triggers import RuleForms, rules_of
from chat.snippet import snippet
from chat.views.doors import inbox_for
from chat.views.inbox_tabs import tab_page
from workspaces.decorators import MemberRequest, member
from workspaces.roles import Role


@member(Role.ADMIN)
@require_http_methods(["GET", "HEAD", "POST"])
def triggers(request: MemberRequest, inbox: UUID) -> HttpResponse:
    row = inbox_for(request, inbox)
    forms = RuleForms(request.POST if request.method == "POST" else None, initial=rules_of(row), prefix="rule")
    if request.method != "POST" or not forms.is_valid():
        status = 422 if request.method == "POST" else 200
        return tab_page(request, row, "chat/inboxes/triggers.html", {"forms": forms}, status=status)
    before = snippet(row)
    kept = [form for form in forms if form.has_changed() or form.initial]
    wanted = [form.rule() for form in kept if not form.cleaned_data.get("DELETE")]
    row = actions.set_triggers(row, rules=wanted, by=request.membership)
    messages.success(request, _("Saved."))
    if snippet(row) != before:
        messages.warning(request, _("Your line of code has changed: put the new one on your website."))
        return redirect("inbox-install", request.workspace.slug, row.pk)
    return redirect("inbox-triggers", request.workspace.slug, row.pk)
