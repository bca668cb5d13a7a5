"""Who one is to colleagues and visitors, and how one reads the pages."""

from __future__ import annotations

from typing import Any

from django import forms
from django.conf import settings
from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect
from django.template.response import TemplateResponse
from django.utils import translation
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods

from accounts import actions, names
from accounts.models import NAME_LENGTH, User
from accounts.pages import AccountRequest, signed_in
from minichat.lib.text import clean_line
from minichat.lib.zones import zone_choices


def _zones() -> list[Any]:
    return [("", _("The workspace's")), *zone_choices()]


class ProfileForm(forms.Form):
    name = forms.CharField(
        label=gettext_lazy("Your name"),
        required=False,
        max_length=NAME_LENGTH,
        help_text=gettext_lazy("Your visitors see it when you answer."),
        widget=forms.TextInput(attrs={"autocomplete": "name"}),
    )
    locale = forms.ChoiceField(
        label=gettext_lazy("Language"),
        required=False,
        choices=[("", gettext_lazy("The workspace's")), *settings.LANGUAGES],
        help_text=gettext_lazy("Of pages and of mails to you."),
    )
    theme = forms.ChoiceField(
        label=gettext_lazy("Appearance"),
        required=False,
        choices=[("", gettext_lazy("System")), ("light", gettext_lazy("Light")), ("dark", gettext_lazy("Dark"))],
        widget=forms.Select(attrs={"data-theme-select": True}),
    )
    timezone = forms.ChoiceField(
        label=gettext_lazy("Time zone"),
        required=False,
        choices=_zones,
        help_text=gettext_lazy(
            "For quiet hours, mails to you and these pages. An inbox keeps to its workspace's time."
        ),
    )

    def __init__(self, *args: Any, user: User, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.user = user

    def clean_name(self) -> str:
        # Some characters become two when they are composed.
        name = clean_line(self.cleaned_data["name"])[:NAME_LENGTH]
        if problems := names.objections(self.user, name):
            raise forms.ValidationError(problems)
        return name


@signed_in
@require_http_methods(["GET", "HEAD", "POST"])
def edit(request: AccountRequest) -> HttpResponse:
    user = request.user
    now = {"name": user.name, "locale": user.locale, "theme": user.theme, "timezone": user.timezone}
    form = ProfileForm(request.POST if request.method == "POST" else None, initial=now, user=user)
    if not form.is_valid():
        return TemplateResponse(request, "account/profile.html", {"form": form})
    actions.update_profile(user, **form.cleaned_data)
    with translation.override(user.locale or translation.get_language()):
        messages.success(request, _("Saved."))
    return _read_in(user.locale, redirect("account_profile"))


def _read_in(language: str, response: HttpResponse) -> HttpResponse:
    """On this device too, where pages outside of an account follow a cookie (`preferences.set_language`)."""
    if language:
        response.set_cookie(
            settings.LANGUAGE_COOKIE_NAME,
            language,
            samesite="Lax",
            secure=settings.LANGUAGE_COOKIE_SECURE,
        )
    else:
        response.delete_cookie(settings.LANGUAGE_COOKIE_NAME, samesite="Lax")
    return response
