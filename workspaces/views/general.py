"""Name, address, time zone, currency and language of a workspace."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from minichat.lib import throttle
from workspaces import actions
from workspaces.addresses import AddressTaken, TooManyMoves
from workspaces.decorators import MemberRequest, member
from workspaces.forms_settings import GeneralForm
from workspaces.roles import Role

# Whoever asks again and again whether an address is free is making a list of ours.
SAVES_PER_QUARTER = 30


@member(Role.ADMIN)
@require_http_methods(["GET", "HEAD", "POST"])
def general(request: MemberRequest) -> HttpResponse:
    if request.method != "POST":
        return _page(request, GeneralForm(workspace=request.workspace))
    throttle.hit("general-settings", str(request.user.pk), SAVES_PER_QUARTER, 15 * 60)
    form = GeneralForm(request.POST, workspace=request.workspace)
    if not form.is_valid():
        return _page(request, form, status=422)
    try:
        workspace = actions.change_settings(request.workspace, by=request.membership, **form.cleaned_data)
    except (AddressTaken, TooManyMoves) as error:
        form.add_error("slug", error.detail)
        return _page(request, form, status=422)
    messages.success(request, _("Saved."))
    return redirect("general", workspace.slug)


def _page(request: MemberRequest, form: GeneralForm, status: int = 200) -> HttpResponse:
    return render(request, "workspaces/general.html", {"form": form}, status=status)
