"""Tenancy: rows hang off the workspace."""

from __future__ import annotations

import uuid

from django.db import models
from django.db.backends.base.schema import BaseDatabaseSchemaEditor
from django.db.migrations.operations.base import Operation

from minichat.lib.migrating import Statements


class WorkspaceOwned(models.Model):
    """A row of one workspace. Reach it from there: `workspace.conversations`, `conversation.messages`.

    There is no `objects`: a query that forgot the workspace is an AttributeError, not a leak.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    workspace = models.ForeignKey("workspaces.Workspace", models.CASCADE)
    created_at = models.DateTimeField(auto_now_add=True)

    unscoped = models.Manager()  # doors, admin and sweeps only; see minichat/tests/test_doors.py

    class Meta:
        abstract = True


def composite_keys(table: str, links: dict[str, str]) -> list[Operation]:
    """Migration operations that make PostgreSQL refuse a child whose workspace differs from its parent's (SR-01).

    `links` maps a foreign key column of `table` to its parent table. Elsewhere `check_tenancy` looks for such rows.
    """
    operations: list[Operation] = []
    for column, parent in links.items():
        operations.append(Statements(_add(table, column, parent), _drop(table, column)))
    return operations


def unique_with_workspace(table: str) -> Operation:
    """`UNIQUE (workspace_id, id)`, what composite keys point at. Said once more it is no change."""
    name = f"{table}_workspace_id_key"
    add = f'ALTER TABLE "{table}" ADD CONSTRAINT "{name}" UNIQUE (workspace_id, id)'
    return _sql(
        f"DO $$ BEGIN IF NOT EXISTS (SELECT FROM pg_constraint WHERE conname = '{name}') THEN {add}; END IF; END $$",  # noqa: S608
        f'ALTER TABLE "{table}" DROP CONSTRAINT IF EXISTS "{name}"',
    )


def _sql(forward: str, backward: str) -> Operation:
    return Statements(_only_postgres(forward), _only_postgres(backward))


def _only_postgres(statement: str):  # noqa: ANN202
    def run(schema_editor: BaseDatabaseSchemaEditor) -> None:
        if schema_editor.connection.vendor == "postgresql":
            schema_editor.execute(statement)

    return run


def _add(table: str, column: str, parent: str):  # noqa: ANN202
    return _only_postgres(
        f'ALTER TABLE "{table}" ADD CONSTRAINT "{_name(table, column)}" FOREIGN KEY (workspace_id, "{column}") '
        f'REFERENCES "{parent}" (workspace_id, id) DEFERRABLE INITIALLY DEFERRED'
    )


def _drop(table: str, column: str):  # noqa: ANN202
    return _only_postgres(f'ALTER TABLE "{table}" DROP CONSTRAINT "{_name(table, column)}"')


def _name(table: str, column: str) -> str:
    return f"{table}_{column}_same_workspace"
