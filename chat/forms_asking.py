from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext_lazy

from chat.models import Inbox
from contacts.actions import FieldWish
from contacts.models import FieldKind
from contacts.models.form import LONGEST_CONSENT, LONGEST_LABEL
from minichat.lib.text import clean_body, clean_line

OFF, OPTIONAL, REQUIRED = "off", "optional", "required"
CHOICES = [
    (OFF, pgettext_lazy("field of a form", "Not asked")),
    (OPTIONAL, pgettext_lazy("field of a form", "Optional")),
    (REQUIRED, pgettext_lazy("field of a form", "Required")),
]
# An attribute's name is the question: it has to fit there.
LONGEST_QUESTION = 40


class AskingForm(forms.Form):
    """What visitors are asked before a conversation."""

    name = forms.ChoiceField(label=gettext_lazy("Name"), choices=CHOICES)
    email = forms.ChoiceField(label=gettext_lazy("Email"), choices=CHOICES)
    phone = forms.ChoiceField(label=gettext_lazy("Phone"), choices=CHOICES)
    company = forms.ChoiceField(label=gettext_lazy("Company"), choices=CHOICES)
    text = forms.ChoiceField(label=gettext_lazy("Own question"), choices=CHOICES)
    question = forms.CharField(
        label=gettext_lazy("The question"),
        help_text=gettext_lazy("In the words and the language of your visitors, like “Order number”."),
        required=False,
        max_length=min(LONGEST_QUESTION, LONGEST_LABEL),
        widget=forms.TextInput(attrs={"dir": "auto", "autocomplete": "off"}),
    )
    consent = forms.CharField(
        label=gettext_lazy("Consent"),
        help_text=gettext_lazy("If you write something here, visitors tick it before they can go on. We keep when."),
        required=False,
        max_length=LONGEST_CONSENT,
        widget=forms.Textarea(attrs={"rows": 3, "dir": "auto"}),
    )
    makes_leads = forms.BooleanField(
        label=gettext_lazy("Whoever gives an email or a phone number becomes a lead"), required=False
    )
    asks_when_away = forms.BooleanField(
        label=gettext_lazy("While nobody is there, ask for an email address and a message"), required=False
    )

    def clean_question(self) -> str:
        return clean_line(self.cleaned_data["question"])

    def clean_consent(self) -> str:
        return clean_body(self.cleaned_data["consent"])

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or self.cleaned_data
        if cleaned.get("text", OFF) != OFF and not cleaned.get("question") and "question" not in self.errors:
            self.add_error("question", _("Write the question, or do not ask it."))
        return cleaned

    def wanted(self) -> dict[str, Any]:
        """What `set_inbox_form` is told."""
        data = self.cleaned_data
        plain = {name: data[name] for name in ("consent", "makes_leads", "asks_when_away")}
        return {"fields": self._fields(), **plain}

    def _fields(self) -> list[FieldWish]:
        data = self.cleaned_data
        return [
            FieldWish(kind, data[kind] == REQUIRED, data["question"] if kind == FieldKind.TEXT else "")
            for kind in FieldKind
            if data[kind] != OFF
        ]


def initial(inbox: Inbox) -> dict[str, Any]:
    """How the form of an inbox stands."""
    found: dict[str, Any] = {str(kind): OFF for kind in FieldKind}
    found |= {"question": "", "consent": "", "makes_leads": False, "asks_when_away": False}
    form = inbox.lead_form
    if form is None:
        return found
    for field in form.fields.all():
        found[field.kind] = REQUIRED if field.required else OPTIONAL
        if field.kind == FieldKind.TEXT:
            found["question"] = field.label
    return {**found, "consent": form.consent, "makes_leads": form.makes_leads, "asks_when_away": form.asks_when_away}
