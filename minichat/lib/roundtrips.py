"""Several SQL statements in one trip to the database.

PostgreSQL's client-side cursors (Django's default) may send several statements at once; each then sees what the one
before it did and locked. SQLite has no trips to save: there the statements simply run one after the other.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any, cast

from django.core.exceptions import EmptyResultSet
from django.db import connection, models
from django.db.backends.utils import CursorWrapper
from django.db.models.sql import InsertQuery

Statement = tuple[str, Sequence[Any]]


def fetch(*querysets: models.QuerySet[Any]) -> list[list[Any]]:
    """The rows of each query set, in order, as model instances. No `select_related`, no annotations."""
    if connection.vendor != "postgresql":
        return [list(queryset) for queryset in querysets]
    compiled = [_compiled(queryset) for queryset in querysets]
    statements = [statement for _, statement in compiled if statement]
    results: list[list[Any]] = []
    with connection.cursor() as cursor:
        if statements:
            cursor.execute(_together(cursor, statements))
        is_first = True
        for queryset, (compiler, statement) in zip(querysets, compiled, strict=True):
            if statement is None:
                results.append([])
                continue
            if not is_first:
                cursor.nextset()
            is_first = False
            results.append(_instances(queryset, compiler, cursor.fetchall()))
    return results


def _compiled(queryset: models.QuerySet[Any]) -> tuple[Any, Statement | None]:
    """The compiler and its statement; None for a query that cannot match anything (`pk__in=[]`)."""
    compiler = queryset.query.get_compiler(connection=connection)
    try:
        return compiler, compiler.as_sql()
    except EmptyResultSet:
        return compiler, None


def write(statements: Iterable[Statement]) -> None:
    """Run the statements in order; their results are not read."""
    statements = list(statements)
    if not statements:
        return
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            cursor.execute(_together(cursor, statements))
        else:
            for sql, params in statements:
                cursor.execute(sql, params)


def insert(rows: Sequence[models.Model]) -> list[Statement]:
    """The statement that inserts `rows` (all of one model), or none."""
    if not rows:
        return []
    model = type(rows[0])
    query = InsertQuery(model)
    query.insert_values(model._meta.local_concrete_fields, list(rows))
    for row in rows:
        row._state.adding, row._state.db = False, connection.alias
    return query.get_compiler(connection=connection).as_sql()


def update(row: models.Model, fields: Iterable[str]) -> Statement:
    """The statement that saves the named fields of `row`. No signals, no `auto_now`."""
    quote = connection.ops.quote_name
    chosen = [cast("models.Field[Any, Any]", row._meta.get_field(name)) for name in fields]
    columns = ", ".join(f"{quote(str(field.column))} = %s" for field in chosen)
    params = [field.get_db_prep_save(getattr(row, field.attname), connection) for field in chosen]
    key = row._meta.pk
    params.append(key.get_db_prep_save(row.pk, connection))
    return f"UPDATE {quote(row._meta.db_table)} SET {columns} WHERE {quote(str(key.column))} = %s", params  # noqa: S608


def _together(cursor: CursorWrapper, statements: Iterable[Statement]) -> str:
    """One text with the parameters in it. Each alone: psycopg keeps short statements parsed, long ones not."""
    return "; ".join(cursor.mogrify(sql, params) for sql, params in statements)


def _instances(queryset: models.QuerySet[Any], compiler: Any, rows: list[tuple[Any, ...]]) -> list[Any]:
    columns = compiler.select[: compiler.col_count]
    converters = compiler.get_converters([column for column, *_ in columns])
    if converters:
        rows = list(compiler.apply_converters(rows, converters))
    names = [column.target.attname for column, *_ in columns]
    return [queryset.model.from_db(connection.alias, names, row) for row in rows]
