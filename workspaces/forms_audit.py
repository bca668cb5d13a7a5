from __future__ import annotations

from datetime import date
from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from minichat.lib.text import clean_line
from workspaces.events import groups
from workspaces.forms_guarded import GuardedForm


class LineField(forms.CharField):
    def to_python(self, value: Any) -> str:
        return clean_line(super().to_python(value) or "")


class DayField(forms.DateField):
    widget = forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")

    def to_python(self, value: Any) -> date | None:
        day = super().to_python(value)
        # The ends of the calendar overflow once a time zone or a day is added.
        if day is not None and not 2000 <= day.year <= 2200:
            raise forms.ValidationError(_("Choose a day between 2000 and 2200."))
        return day


class AuditFilterForm(forms.Form):
    person = LineField(
        label=gettext_lazy("Person"),
        required=False,
        max_length=100,
        widget=forms.TextInput(attrs={"list": "people", "autocomplete": "off"}),
    )
    kind = forms.ChoiceField(label=gettext_lazy("About"), required=False)
    since = DayField(label=gettext_lazy("From"), required=False, input_formats=["%Y-%m-%d"])
    until = DayField(label=gettext_lazy("To"), required=False, input_formats=["%Y-%m-%d"])
    text = LineField(
        label=gettext_lazy("Contains"),
        required=False,
        max_length=100,
        widget=forms.TextInput(attrs={"type": "search", "autocomplete": "off"}),
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        kinds = sorted(((key, str(label)) for key, label in groups().items()), key=lambda pair: pair[1])
        self.fields["kind"].choices = [("", _("Everything")), *kinds]  # type: ignore[attr-defined]

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or self.cleaned_data
        since, until = cleaned.get("since"), cleaned.get("until")
        if since and until and since > until:
            self.add_error("until", _("This day is before the first one."))
        return cleaned


class ExportForm(GuardedForm):
    """Nothing but the PIN, where there is one."""
