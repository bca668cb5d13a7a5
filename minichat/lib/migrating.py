"""An operation of migrations that speaks to the database alone."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.db import migrations
from django.db.backends.base.schema import BaseDatabaseSchemaEditor


class Statements(migrations.RunPython):
    """`RunPython` whose functions are not given the models of the moment: drawing all of them anew took a quarter of
    a second, nearly a hundred times in an empty database."""

    def __init__(
        self, forward: Callable[[BaseDatabaseSchemaEditor], None], backward: Callable[[BaseDatabaseSchemaEditor], None]
    ) -> None:
        super().__init__(lambda _apps, editor: forward(editor), lambda _apps, editor: backward(editor))
        self.forward, self.backward = forward, backward

    def database_forwards(self, app_label: str, schema_editor: Any, from_state: Any, to_state: Any) -> None:
        self.forward(schema_editor)

    def database_backwards(self, app_label: str, schema_editor: Any, from_state: Any, to_state: Any) -> None:
        self.backward(schema_editor)
