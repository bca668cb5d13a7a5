from __future__ import annotations

from typing import Any

from django import forms
from django.forms import ModelChoiceField, ModelMultipleChoiceField

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


def narrow(form: forms.BaseForm, workspace: Workspace) -> None:
    for field in form.fields.values():
        if isinstance(field, (ModelChoiceField, ModelMultipleChoiceField)) and issubclass(
            field.queryset.model, WorkspaceOwned
        ):
            field.queryset = field.queryset.filter(workspace=workspace)
