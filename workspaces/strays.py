"""Looks for rows that hang off another workspace's row: what composite keys refuse on PostgreSQL (SR-01)."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from django.apps import apps
from django.db.models import F, Field, ForeignKey, Model

from workspaces.models import Workspace


@dataclass(frozen=True)
class Stray:
    """A row whose `field` leads into another workspace."""

    model: str
    field: str
    row: Any

    def __str__(self) -> str:
        return f"{self.model} {self.row}: {self.field} belongs to another workspace"


def find_strays() -> Iterator[Stray]:
    for model, field in links():
        # `_base_manager`: tenant models have no `objects`, and this is the one place that looks across all of them.
        rows = model._base_manager.filter(**{"workspace__isnull": False, f"{field.name}__workspace__isnull": False})
        for row in rows.exclude(workspace=F(f"{field.name}__workspace")).values_list("pk", flat=True).iterator():
            yield Stray(model._meta.label, field.name, row)


def links() -> list[tuple[type[Model], Field[Any, Any]]]:
    """Every foreign key from a row of a workspace to another row of one."""
    owned = {model for model in apps.get_models() if _has_workspace(model)}
    return [
        (model, field)
        for model in sorted(owned, key=lambda model: model._meta.label)
        for field in model._meta.concrete_fields
        if isinstance(field, ForeignKey) and field.related_model in owned
    ]


def _has_workspace(model: type[Model]) -> bool:
    return any(field.name == "workspace" and field.related_model is Workspace for field in model._meta.concrete_fields)
