from __future__ import annotations

from typing import Any

from django import forms
from django.forms import ModelChoiceField
from django.utils.translation import gettext_lazy as _

from minichat.lib.text import clean_line
from workspaces.models import Workspace
from workspaces.tenancy import WorkspaceOwned


class WorkspaceForm(forms.ModelForm):
    """The parent of every form on tenant rows: choices are this workspace's, and so is what it saves.

    Without it a form offers the rows of all tenants, because choices come from the model's default manager.
    """

    def __init__(self, *args: Any, workspace: Workspace, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.instance.workspace = workspace
        narrow(self, workspace)


class PlainWorkspaceForm(forms.Form):
    """The same for forms that save no row of their own."""

    def __init__(self, *args: Any, workspace: Workspace, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.workspace = workspace
        narrow(self, workspace)


class NameForm(forms.Form):
    """What a workspace is called; visitors see it over the chat."""

    name = forms.CharField(
        label=_("Name of your business"),
        help_text=_("Your visitors see it over the chat."),
        max_length=80,
        widget=forms.TextInput(attrs={"autocomplete": "organization", "autofocus": True}),
    )

    def clean_name(self) -> str:
        name = clean_line(self.cleaned_data["name"])
        if not name:
            raise forms.ValidationError(self.fields["name"].error_messages["required"], code="required")
        return name


def narrow(form: forms.BaseForm, workspace: Workspace) -> None:
    """Also fields of several choices: those are choice fields by inheritance."""
    for field in form.fields.values():
        if isinstance(field, ModelChoiceField) and _is_owned(field):
            field.queryset = field.queryset.filter(workspace=workspace)  # type: ignore[union-attr]


def _is_owned(field: ModelChoiceField) -> bool:
    return field.queryset is not None and issubclass(field.queryset.model, WorkspaceOwned)
