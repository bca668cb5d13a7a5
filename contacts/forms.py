from __future__ import annotations

import uuid
from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from contacts.answers import is_phone
from contacts.listing import SHOWN
from contacts.models import Contact
from contacts.models.contact import LONGEST_KEY, LONGEST_VALUE
from contacts.models.note import LONGEST_NOTE
from minichat.lib.text import clean_body, clean_line
from workspaces.forms_guarded import GuardedForm

LONGEST_SEARCH = 100


class LineField(forms.CharField):
    """One line, cleaned; and short enough."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(**{"required": False, "widget": forms.TextInput(attrs={"dir": "auto"}), **kwargs})

    def to_python(self, value: Any) -> str:
        return clean_line(super().to_python(value) or "")


class EmailField(forms.EmailField):
    def to_python(self, value: Any) -> str:
        return clean_line(super().to_python(value) or "")


def phone_of(value: str) -> str:
    """`value` as a phone number, as it was typed. Raises `ValidationError`."""
    if value and not is_phone(value):
        raise forms.ValidationError(_("That is not a phone number."))
    return value


class ContactForm(forms.Form):
    """What is known about a person, as somebody on the team knows it."""

    name = LineField(label=gettext_lazy("Name"), max_length=80)
    email = EmailField(label=gettext_lazy("Email"), required=False, max_length=254)
    phone = LineField(label=gettext_lazy("Phone"), max_length=40)
    company = LineField(label=gettext_lazy("Company"), max_length=80)

    @classmethod
    def about(cls, contact: Contact, data: Any = None) -> ContactForm:
        return cls(data, initial={name: getattr(contact, name) for name in cls.base_fields})

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for field in self.fields.values():
            # These are another person's: the browser must not offer one's own.
            field.widget.attrs["autocomplete"] = "off"
        self.fields["phone"].widget.input_type = "tel"  # type: ignore[attr-defined]

    def clean_phone(self) -> str:
        return phone_of(self.cleaned_data["phone"])


class AttributeForm(forms.Form):
    """Something else that is known, under a word of the team's own."""

    key = LineField(label=gettext_lazy("What it is"), max_length=LONGEST_KEY, required=True)
    value = LineField(label=gettext_lazy("Value"), max_length=LONGEST_VALUE, required=True)


class SearchForm(forms.Form):
    """The wishes in the address of the list; what is none of ours is passed over."""

    q = LineField(max_length=None)
    show = forms.ChoiceField(choices=list(SHOWN.items()), required=False)

    def wishes(self) -> dict[str, str]:
        self.is_valid()
        found = self.cleaned_data
        return {"search": found.get("q", "")[:LONGEST_SEARCH], "shown": found.get("show") or "all"}


class ExportForm(GuardedForm):
    """Nothing but the PIN, where there is one."""


class NoteForm(forms.Form):
    """What the team wants to remember about a contact."""

    body = forms.CharField(
        label=gettext_lazy("New note"),
        widget=forms.Textarea(attrs={"rows": 3, "dir": "auto"}),
        strip=False,
    )
    client_id = forms.UUIDField(widget=forms.HiddenInput, required=False)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        kwargs["initial"] = {"client_id": uuid.uuid4(), **kwargs.get("initial", {})}
        super().__init__(*args, **kwargs)

    def clean_body(self) -> str:
        text = clean_body(self.cleaned_data["body"])
        if not text:
            raise forms.ValidationError(_("Write something first."))
        if len(text) > LONGEST_NOTE:
            raise forms.ValidationError(
                _("The text has %(length)d characters; at most %(limit)d are possible.")
                % {"length": len(text), "limit": LONGEST_NOTE}
            )
        return text
