from __future__ import annotations

from allauth.account.forms import SignupForm as AllauthSignupForm
from django import forms
from django.utils.translation import gettext_lazy as _


class SignupForm(AllauthSignupForm):
    """E-mail and password, and a name if one likes: it is what visitors will see."""

    name = forms.CharField(
        label=_("Your name"),
        required=False,
        max_length=80,
        help_text=_("Your visitors see it when you answer."),
        widget=forms.TextInput(attrs={"autocomplete": "name"}),
    )
    field_order = ["name", "email", "password1"]
