from __future__ import annotations

from collections.abc import Iterable
from typing import Any, cast

from django import forms
from django.utils.translation import gettext_lazy as _

from chat import filters
from chat.models import SavedView
from chat.models.saved_view import LONGEST_VIEW_NAME
from minichat.lib.text import clean_line


class SavedViewForm(forms.Form):
    """A name for a list. `query` is its address, read and written anew: nothing else gets into it."""

    name = forms.CharField(
        label=_("Name"),
        max_length=LONGEST_VIEW_NAME,
        widget=forms.TextInput(attrs={"autocomplete": "off", "autofocus": True}),
    )
    replaces = forms.ChoiceField(label=_("Save as"), required=False)
    is_shared = forms.BooleanField(label=_("The whole team sees it"), required=False)
    query = forms.CharField(required=False, max_length=4000, widget=forms.HiddenInput)

    def __init__(self, *args: Any, views: Iterable[SavedView] = (), **kwargs: Any) -> None:
        """`views`: those that the list may take the place of."""
        super().__init__(*args, **kwargs)
        rows = [(str(row.pk), row.name) for row in views]
        cast(forms.ChoiceField, self.fields["replaces"]).choices = [("", _("A new view")), *rows]
        if not rows:
            del self.fields["replaces"]

    def clean_name(self) -> str:
        name = clean_line(self.cleaned_data["name"])
        if not name:
            raise forms.ValidationError(self.fields["name"].error_messages["required"], code="required")
        return name

    def clean_query(self) -> str:
        query = filters.read_text(self.cleaned_data["query"]).query
        if len(query) > 1000:
            raise forms.ValidationError(_("These are too many filters for one view."))
        return query
