"""Every form that offers rows of a workspace narrows them to it (SR-03). A form without that is a leak by default."""

from __future__ import annotations

import importlib
from collections.abc import Iterator
from pathlib import Path

import pytest
from django import forms
from django.conf import settings

from workspaces.forms import PlainWorkspaceForm, WorkspaceForm
from workspaces.models import Membership, Workspace
from workspaces.tenancy import WorkspaceOwned

ROOMS = ["accounts", "workspaces", "notifications", "contacts", "chat", "ai"]
PARENTS = (WorkspaceForm, PlainWorkspaceForm)
WHAT_TO_WRITE = "Inherit from WorkspaceForm or PlainWorkspaceForm (workspaces/forms.py)."


def ours() -> list[type[forms.BaseForm]]:
    """The forms of all rooms. Admin forms are staff's, who may see everything."""
    for path in sorted(path for room in ROOMS for path in (settings.BASE_DIR / room).rglob("*.py")):
        if not {"tests", "migrations"} & set(path.parts) and "forms." in path.read_text():
            importlib.import_module(module_of(path))
    return [form for form in descendants(forms.BaseForm) if form.__module__.partition(".")[0] in ROOMS]


def module_of(path: Path) -> str:
    return ".".join(path.relative_to(settings.BASE_DIR).with_suffix("").parts)


def descendants(parent: type) -> Iterator[type]:
    for child in parent.__subclasses__():
        yield child
        yield from descendants(child)


def offers_tenant_rows(form: type[forms.BaseForm]) -> bool:
    return any(
        isinstance(field, forms.ModelChoiceField)
        and field.queryset is not None
        and issubclass(field.queryset.model, WorkspaceOwned)
        for field in form.base_fields.values()
    )


def leaks(found: list[type[forms.BaseForm]]) -> list[str]:
    saving = [form for form in found if issubclass(form, forms.ModelForm) and is_tenants(form._meta.model)]
    return sorted(
        f"{form.__module__}.{form.__name__}"
        for form in found
        if (form in saving or offers_tenant_rows(form)) and not issubclass(form, PARENTS)
    )


def is_tenants(model: type | None) -> bool:
    return model is not None and issubclass(model, WorkspaceOwned)


@pytest.mark.pure
def test_SR03_every_form_with_rows_of_a_workspace_is_a_workspace_form() -> None:
    found = [form for form in ours() if ".tests." not in form.__module__]
    assert "chat.views.conversation.AssignForm" in {f"{form.__module__}.{form.__name__}" for form in found}
    assert leaks(found) == [], WHAT_TO_WRITE


@pytest.mark.pure
def test_a_form_that_leaks_is_found() -> None:
    class Planted(forms.Form):
        member = forms.ModelMultipleChoiceField(Membership.unscoped.all())

    class PlantedToo(forms.ModelForm):
        class Meta:
            model = Membership
            fields = ["role"]

    assert [name.rpartition(".")[2] for name in leaks([Planted, PlantedToo])] == ["Planted", "PlantedToo"]


@pytest.mark.pure
def test_choices_are_made_by_forms_alone() -> None:
    """A choice field that is put into a form later would pass the look at the classes above."""
    for form in ours():
        own = form.__dict__.get("__init__")
        names = own.__code__.co_names if own else ()
        assert "ModelChoiceField" not in names, f"{form.__name__}: declare the field, so that it is narrowed"


@pytest.mark.django_db
def test_SR03_the_forms_of_the_product_offer_nobody_elses_rows(
    acme: Workspace, globex: Workspace, gil_member: Membership, omar_member: Membership
) -> None:
    looked_at = 0
    for form in ours():
        if issubclass(form, PlainWorkspaceForm) and ".tests." not in form.__module__ and offers_tenant_rows(form):
            for field in form(workspace=acme).fields.values():
                if isinstance(field, forms.ModelChoiceField):
                    assert set(field.queryset.values_list("workspace", flat=True)) <= {acme.pk}, form.__name__
                    looked_at += 1
    assert looked_at > 0
