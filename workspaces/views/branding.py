"""The workspace's face towards its own people and its visitors."""

from __future__ import annotations

from django import forms
from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_POST, require_safe

from minichat.lib import throttle
from minichat.lib.bodies import takes_files
from minichat.lib.files import PictureField
from workspaces import actions
from workspaces.decorators import MemberRequest, member
from workspaces.roles import Role
from workspaces.shelf import LOGOS

SHOWN_SIZE = 256
LOGOS_PER_QUARTER = 30


class LogoForm(forms.Form):
    logo = PictureField(label=gettext_lazy("New logo"), recipe=LOGOS.recipe)


@member(Role.ADMIN)
@require_safe
def show(request: MemberRequest) -> HttpResponse:
    return _page(request, LogoForm())


@takes_files
@member(Role.ADMIN)
@require_POST
def create_logo(request: MemberRequest) -> HttpResponse:
    throttle.hit("logo", str(request.membership.pk), LOGOS_PER_QUARTER, 15 * 60)
    form = LogoForm(request.POST, request.FILES)
    if not form.is_valid():
        return _page(request, form, status=422)
    actions.set_logo(request.workspace, picture=form.cleaned_data["logo"], by=request.membership)
    messages.success(request, _("The new logo is in place."))
    return redirect("branding", request.workspace.slug)


@member(Role.ADMIN)
@require_POST
def delete_logo(request: MemberRequest) -> HttpResponse:
    actions.remove_logo(request.workspace, by=request.membership)
    messages.success(request, _("The logo has been removed."))
    return redirect("branding", request.workspace.slug)


def _page(request: MemberRequest, form: LogoForm, status: int = 200) -> HttpResponse:
    context = {"form": form, "logo": request.workspace.logo_url(SHOWN_SIZE)}
    return render(request, "workspaces/branding.html", context, status=status)
