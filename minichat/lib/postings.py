"""Where tokens are kept (`searching.py`), on both databases: the only SQL of search that differs between them.

PostgreSQL: an array of integers under a GIN index. SQLite: FTS5 over the same numbers; its triggers follow the table
whoever writes it. A table that SQLite makes anew (an altered column) loses its triggers: call `full_text` again then.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING, Any

from django.db import connection, models
from django.db.backends.base.base import BaseDatabaseWrapper
from django.db.backends.base.schema import BaseDatabaseSchemaEditor
from django.db.migrations.operations.base import Operation

from minichat.lib.migrating import Statements

if TYPE_CHECKING:
    _Field = models.Field[Any, Any]
    _Lookup = models.Lookup[Any]
else:
    _Field, _Lookup = models.Field, models.Lookup

# What new rows add is merged into the index in one go (`tidy`), before it has grown to this many KiB.
MOST_UNMERGED = 16_384


class TokensField(_Field):
    """The numbers of `searching.keys`. Written and asked for (`tokens__all`), never read."""

    def db_type(self, connection: BaseDatabaseWrapper) -> str:
        return "integer[]" if connection.vendor == "postgresql" else "text"

    def get_db_prep_value(self, value: Iterable[int], connection: BaseDatabaseWrapper, prepared: bool = False) -> str:
        if connection.vendor == "postgresql":
            return "{" + ",".join(map(str, value)) + "}"
        return " ".join(map(_word, value))


@TokensField.register_lookup
class All(_Lookup):
    """Rows that have every one of these numbers."""

    lookup_name = "all"
    prepare_rhs = False

    def get_db_prep_lookup(self, value: Any, connection: BaseDatabaseWrapper) -> tuple[str, tuple[str | int, ...]]:
        return "%s", (TokensField().get_db_prep_value(value, connection),)

    def as_postgresql(self, compiler: Any, connection: BaseDatabaseWrapper) -> tuple[str, list[Any]]:
        column, _ = self.process_lhs(compiler, connection)
        _, params = self.process_rhs(compiler, connection)
        return f"{column} @> %s::integer[]", list(params)

    def as_sqlite(self, compiler: Any, connection: BaseDatabaseWrapper) -> tuple[str, list[Any]]:
        model = self.lhs.target.model
        quote = compiler.quote_name_unless_alias
        full_text = quote(f"{model._meta.db_table}_fts")
        key = f"{quote(self.lhs.alias)}.{quote(model._meta.pk.column)}"
        _, params = self.process_rhs(compiler, connection)
        return f"{key} IN (SELECT rowid FROM {full_text} WHERE {full_text} MATCH %s)", list(params)  # noqa: S608


def full_text(table: str, column: str = "tokens") -> Operation:
    """The migration operation that puts an index on the tokens of `table`, whose key is an integer `id`."""
    return Statements(_make(table, column), _drop(table, column))


def tidy(model: type[models.Model]) -> None:
    """Merge what was added to the index since the last time, so that neither a search nor a message has to."""
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            cursor.execute("SELECT gin_clean_pending_list(%s::regclass)", [_index(model._meta.db_table, "tokens")])


def _make(table: str, column: str):  # noqa: ANN202
    def run(schema_editor: BaseDatabaseSchemaEditor) -> None:
        if schema_editor.connection.vendor == "postgresql":
            options = f"fastupdate = on, gin_pending_list_limit = {MOST_UNMERGED}"
            schema_editor.execute(
                f'CREATE INDEX "{_index(table, column)}" ON "{table}" USING gin ("{column}") WITH ({options})'
            )
            return
        schema_editor.execute(
            f"CREATE VIRTUAL TABLE {table}_fts USING fts5"
            f"({column}, content='{table}', content_rowid='id', detail='none', columnsize=0, tokenize='ascii')"
        )
        new, old = (f"(rowid, {column}) VALUES ({row}.id, {row}.{column})" for row in ("new", "old"))
        old = old.replace(f"(rowid, {column}) VALUES (", f"({table}_fts, rowid, {column}) VALUES ('delete', ")
        for name, when, statements in (
            ("in", "INSERT", [new]),
            ("out", "DELETE", [old]),
            ("changed", f"UPDATE OF {column}", [old, new]),
        ):
            body = "".join(f"INSERT INTO {table}_fts {values}; " for values in statements)
            schema_editor.execute(f"CREATE TRIGGER {table}_fts_{name} AFTER {when} ON {table} BEGIN {body}END")

    return run


def _drop(table: str, column: str):  # noqa: ANN202
    def run(schema_editor: BaseDatabaseSchemaEditor) -> None:
        if schema_editor.connection.vendor == "postgresql":
            schema_editor.execute(f'DROP INDEX "{_index(table, column)}"')
            return
        for name in ("in", "out", "changed"):
            schema_editor.execute(f"DROP TRIGGER {table}_fts_{name}")
        schema_editor.execute(f"DROP TABLE {table}_fts")

    return run


def _index(table: str, column: str) -> str:
    return f"{table}_{column}_gin"


def _word(number: int) -> str:
    """The number as a word of letters and digits: short, and the same in any spelling."""
    return f"{number + 2**31:x}"
