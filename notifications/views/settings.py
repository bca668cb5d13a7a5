"""What a member wants to hear of, where, and when not."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from notifications import actions
from notifications.forms import SettingsForm
from notifications.kinds import Channel
from workspaces.decorators import MemberRequest, member
from workspaces.roles import Role


@member(Role.VIEWER, while_suspended=True)
@require_http_methods(["GET", "HEAD", "POST"])
def show(request: MemberRequest) -> HttpResponse:
    if request.method != "POST":
        return _page(request, SettingsForm(membership=request.membership))
    form = SettingsForm(request.POST, membership=request.membership)
    if not form.is_valid():
        return _page(request, form, status=422)
    actions.save_settings(request.membership, choices=form.choices(), **form.quiet_hours())
    messages.success(request, _("Saved."))
    return redirect("notification-settings", request.workspace.slug)


def _page(request: MemberRequest, form: SettingsForm, status: int = 200) -> HttpResponse:
    context = {"form": form, "channels": list(Channel)}
    return render(request, "notifications/settings.html", context, status=status)
