from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from chat.models import Hue
from chat.models.label import LONGEST_NAME
from minichat.lib.errors import Invalid
from minichat.lib.text import clean_body, clean_line


def name_of(value: Any) -> str:
    """`value` as the name of a label; raises `Invalid`."""
    name = clean_line(value) if isinstance(value, str) else ""
    if not clean_body(name):
        raise Invalid(_("Give the label a name."))
    if len(name) > LONGEST_NAME:
        raise Invalid(_("A label has at most %(limit)d characters.") % {"limit": LONGEST_NAME})
    return name


class LabelForm(forms.Form):
    name = forms.CharField(
        label=gettext_lazy("Name"), widget=forms.TextInput(attrs={"autocomplete": "off", "maxlength": LONGEST_NAME})
    )
    hue = forms.TypedChoiceField(
        label=gettext_lazy("Colour"), choices=Hue.choices, coerce=int, widget=forms.RadioSelect, initial=Hue.TEAL
    )

    def clean_name(self) -> str:
        try:
            return name_of(self.cleaned_data["name"])
        except Invalid as error:
            raise forms.ValidationError(error.detail) from None
