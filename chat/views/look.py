"""What the widget looks like: the same form in the settings and on the way of a new owner."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from chat import actions
from chat.forms_look import LookForm, initial
from chat.look import PRESETS
from chat.models import Inbox
from chat.views.doors import first_inbox
from workspaces.decorators import MemberRequest, member
from workspaces.roles import Role


@member(Role.ADMIN)
@require_http_methods(["GET", "HEAD", "POST"])
def look(request: MemberRequest) -> HttpResponse:
    inbox = first_inbox(request.workspace)
    form = LookForm(request.POST or None, initial=initial(inbox))
    if not form.is_valid():
        context = look_context(request, inbox, form)
        return render(request, "workspaces/widget_look.html", context, status=422 if form.errors else 200)
    save(request, inbox, form)
    messages.success(request, _("Saved."))
    return redirect("widget-look", request.workspace.slug)


def save(request: MemberRequest, inbox: Inbox, form: LookForm) -> None:
    data = form.cleaned_data
    wanted = {name: data[name] for name in ("color", "greeting", "language")}
    actions.set_look(inbox, **wanted, by=request.membership)


def look_context(request: MemberRequest, inbox: Inbox, form: LookForm) -> dict[str, object]:
    return {
        "form": form,
        "inbox": inbox,
        "presets": PRESETS,
        # The page around the preview is ours: its own address, as this browser knows it.
        "preview_origin": f"{request.scheme}://{request.get_host()}",
        "preview_language": get_language(),
    }
