"""The supervisor PIN: the owner sets, changes and removes it."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from accounts.fresh import fresh
from workspaces import actions
from workspaces.decorators import MemberRequest, member
from workspaces.forms_guarded import RemovePinForm, SetPinForm
from workspaces.models import SupervisorPin
from workspaces.roles import Role


@member(Role.OWNER)
@require_http_methods(["GET", "HEAD", "POST"])
def pin(request: MemberRequest) -> HttpResponse:
    if request.method != "POST":
        return _page(request, SetPinForm(membership=request.membership))
    form = SetPinForm(request.POST, membership=request.membership)
    if not form.is_valid():
        return _page(request, form, status=422)
    actions.set_pin(request.workspace, digits=form.cleaned_data["new"], by=request.membership)
    messages.success(request, _("The new PIN is in place."))
    return redirect("pin", request.workspace.slug)


@member(Role.OWNER)
@require_POST
def remove_pin(request: MemberRequest) -> HttpResponse:
    form = RemovePinForm(request.POST, membership=request.membership)
    if not form.is_valid():
        return _page(request, SetPinForm(membership=request.membership), remove=form, status=422)
    actions.remove_pin(request.workspace, by=request.membership)
    messages.success(request, _("The PIN has been removed."))
    return redirect("pin", request.workspace.slug)


@member(Role.OWNER)
@require_http_methods(["GET", "HEAD", "POST"])
@fresh
def forgotten_pin(request: MemberRequest) -> HttpResponse:
    """Whoever owns the workspace and has just proven it gets rid of a PIN that nobody knows any more."""
    if request.method != "POST":
        return render(request, "workspaces/forgotten_pin.html")
    actions.remove_pin(request.workspace, by=request.membership)
    messages.success(request, _("The PIN has been removed."))
    return redirect("pin", request.workspace.slug)


def _page(
    request: MemberRequest, form: SetPinForm, *, remove: RemovePinForm | None = None, status: int = 200
) -> HttpResponse:
    present = SupervisorPin.unscoped.filter(workspace=request.workspace).first()
    context = {"form": form, "remove": remove or RemovePinForm(membership=request.membership), "present": present}
    return render(request, "workspaces/pin.html", context, status=status)
