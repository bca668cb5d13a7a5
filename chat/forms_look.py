from __future__ import annotations

from typing import Any

from django import forms
from django.conf import settings
from django.utils.translation import gettext_lazy as _

from chat.look import COLOR, DEFAULT, PRESETS, READABLE, contrast, text_on
from chat.models import Inbox
from minichat.lib.text import clean_body

OWN = "own"
NAMES = {
    "jade": _("Jade"),
    "ocean": _("Blue"),
    "ruby": _("Red"),
    "violet": _("Violet"),
    "amber": _("Amber"),
    "ink": _("Charcoal"),
}


class LookForm(forms.Form):
    """A colour from the row, or one of one's own; and the first words of the chat."""

    color = forms.ChoiceField(
        label=_("Colour"), choices=[*NAMES.items(), (OWN, _("Own colour"))], widget=forms.RadioSelect
    )
    own = forms.CharField(
        label=_("Own colour"), required=False, max_length=7, widget=forms.TextInput(attrs={"type": "color"})
    )
    greeting = forms.CharField(
        label=_("Greeting"),
        help_text=_("The first thing a visitor reads. Empty: “Hello! How can we help?” in the visitor's language."),
        required=False,
        max_length=Inbox._meta.get_field("greeting").max_length,
        widget=forms.Textarea(attrs={"rows": 3}),
    )

    language = forms.ChoiceField(
        label=_("Language of the chat"),
        choices=[("", _("The visitor's own")), *settings.VISITOR_LANGUAGES],
        required=False,
    )

    def clean_greeting(self) -> str:
        return clean_body(self.cleaned_data["greeting"])

    def clean(self) -> dict[str, Any]:
        """`color` becomes what is kept: "#rrggbb", or nothing for the house's own."""
        data = super().clean() or {}
        choice = data.get("color")
        if choice == OWN:
            color = data.get("own", "").lower()
            if not COLOR.fullmatch(color):
                self.add_error("own", _("Write the colour like #1f5fbf."))
        else:
            color = PRESETS.get(choice or "", "")
        if COLOR.fullmatch(color) and contrast(text_on(color), color) < READABLE:
            self.add_error("own", _("Nothing can be read on this colour. Choose another one."))
        data["color"] = "" if color == DEFAULT else color
        return data


def initial(inbox: Inbox) -> dict[str, str]:
    color = inbox.color or DEFAULT
    preset = next((name for name, value in PRESETS.items() if value == color), OWN)
    return {"color": preset, "own": color, "greeting": inbox.greeting, "language": inbox.language}
