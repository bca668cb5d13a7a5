"""One's own photo: what colleagues and visitors see beside the name."""

from __future__ import annotations

from django import forms
from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect
from django.template.response import TemplateResponse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_POST, require_safe

from accounts import actions
from accounts.pages import AccountRequest, signed_in
from accounts.shelf import AVATARS
from minichat.lib.bodies import takes_files
from minichat.lib.files import PictureField

SHOWN_SIZE = 256


class PhotoForm(forms.Form):
    photo = PictureField(label=gettext_lazy("New photo"), recipe=AVATARS.recipe)


@signed_in
@require_safe
def show(request: AccountRequest) -> HttpResponse:
    return _page(request, PhotoForm())


@takes_files
@signed_in
@require_POST
def create(request: AccountRequest) -> HttpResponse:
    form = PhotoForm(request.POST, request.FILES)
    if not form.is_valid():
        return _page(request, form)
    actions.set_avatar(request.user, picture=form.cleaned_data["photo"])
    messages.success(request, _("Your new photo is in place."))
    return redirect("account_photo")


@signed_in
@require_POST
def delete(request: AccountRequest) -> HttpResponse:
    actions.remove_avatar(request.user)
    messages.success(request, _("Your photo has been removed."))
    return redirect("account_photo")


def _page(request: AccountRequest, form: PhotoForm) -> HttpResponse:
    context = {"form": form, "photo": request.user.avatar_url(SHOWN_SIZE)}
    return TemplateResponse(request, "account/photo.html", context)
