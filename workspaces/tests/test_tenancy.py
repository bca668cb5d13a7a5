"""SR-01, first layer: rows of a workspace cannot be reached but from the workspace."""

from __future__ import annotations

import pytest
from django.apps import apps

from workspaces.models import Workspace
from workspaces.strays import links
from workspaces.tenancy import WorkspaceOwned

OWNED = [model for model in apps.get_models() if issubclass(model, WorkspaceOwned)]


def test_there_are_such_models() -> None:
    assert {"Membership", "Conversation", "Message", "Contact", "Inbox", "Visitor"} <= {m.__name__ for m in OWNED}


@pytest.mark.pure
@pytest.mark.parametrize("model", OWNED, ids=lambda model: model.__name__)
def test_sr01_no_tenant_model_has_objects(model: type[WorkspaceOwned]) -> None:
    with pytest.raises(AttributeError):
        _ = model.objects  # type: ignore[attr-defined]


@pytest.mark.pure
def test_sr01_every_model_with_a_workspace_is_owned_or_the_ledger() -> None:
    """The audit log outlives its workspace, so its key is nullable; mails of nobody's workspace exist as well."""
    keyed = {
        model.__name__
        for model in apps.get_models()
        if not issubclass(model, WorkspaceOwned)
        and any(field.related_model is Workspace for field in model._meta.concrete_fields)
    }
    assert keyed <= {"AuditEntry", "OutgoingEmail"}


@pytest.mark.pure
def test_sr01_every_link_between_tenant_rows_is_known() -> None:
    assert ("chat.Message", "conversation") in {(model._meta.label, field.name) for model, field in links()}


def test_a_row_is_reached_from_its_workspace(acme: Workspace, globex: Workspace) -> None:
    assert acme.memberships.count() == 1
    assert not set(acme.memberships.all()) & set(globex.memberships.all())
