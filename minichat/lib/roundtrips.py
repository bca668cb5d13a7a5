"""Several SQL statements in one trip to the database.

PostgreSQL's client-side cursors (Django's default) may send several statements at once; each then sees what the one
before it did and locked. SQLite has no trips to save: there the statements simply run one after the other.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Any, cast

from django.core.exceptions import EmptyResultSet
from django.db import DEFAULT_DB_ALIAS, connection, connections, models
from django.db.backends.utils import CursorWrapper
from django.db.models.lookups import In
from django.db.models.sql import DeleteQuery

Statement = tuple[str, Sequence[Any]]
_Lists = Mapping[str, Any]


@dataclass(frozen=True)
class Hole:
    """Stands for a list of values in a query that is put into SQL once and asked many times (`Reads`)."""

    name: str


@models.Field.register_lookup
class Among(In):  # type: ignore[type-arg]
    """Like `in`, but for PostgreSQL one parameter whatever the length of the list: the text stays the same."""

    lookup_name = "among"

    def get_prep_lookup(self) -> Any:
        return self.rhs if isinstance(self.rhs, Hole) else super().get_prep_lookup()

    def as_postgresql(self, compiler: Any, connection: Any) -> Statement:
        if not isinstance(self.rhs, Hole):
            return self.as_sql(compiler, connection)
        column, params = self.process_lhs(compiler, connection)
        return f"{column} = ANY(%s)", [*params, self.rhs]


class Reads:
    """A fixed set of queries, asked in one trip with ever new lists of values.

    `build` makes the query sets from the lists, by name; it may use them with the lookup `among` alone. To put a query
    set into SQL costs Django more than to answer it costs the database, so that is done once per process.
    `skip` names, by a query's place, the list without which it is not asked.
    """

    def __init__(self, build: Callable[[_Lists], Sequence[models.QuerySet[Any]]], *, skip: dict[int, str]) -> None:
        self._build, self._skip = build, skip
        self._compiled: list[tuple[models.QuerySet[Any], Any, Statement]] = []

    def ask(self, **lists: list[Any]) -> list[list[Any]]:
        """The rows of each query, in order, as model instances."""
        if connection.vendor != "postgresql":
            return [list(queryset) for queryset in self._build(lists)]
        if not self._compiled:
            self._compiled = [_prepared(queryset) for queryset in self._build(_Holes())]
        asked = [entry for place, entry in enumerate(self._compiled) if self._is_asked(place, lists)]
        statements = [(sql, [_filled(value, lists) for value in params]) for _, _, (sql, params) in asked]
        found = iter(_results([(queryset, compiler) for queryset, compiler, _ in asked], statements))
        return [next(found) if self._is_asked(place, lists) else [] for place in range(len(self._compiled))]

    def _is_asked(self, place: int, lists: _Lists) -> bool:
        return place not in self._skip or bool(lists[self._skip[place]])


class _Holes(dict[str, Any]):
    def __missing__(self, name: str) -> Hole:
        return Hole(name)


def _prepared(queryset: models.QuerySet[Any]) -> tuple[models.QuerySet[Any], Any, Statement]:
    compiler = queryset.query.get_compiler(connection=connection)
    return queryset, compiler, compiler.as_sql()


def _filled(value: Any, lists: _Lists) -> Any:
    return lists[value.name] if isinstance(value, Hole) else value


def fetch(*querysets: models.QuerySet[Any]) -> list[list[Any]]:
    """The rows of each query set, in order, as model instances. No `select_related`, no annotations."""
    if connection.vendor != "postgresql":
        return [list(queryset) for queryset in querysets]
    compiled = [_compiled(queryset) for queryset in querysets]
    asked = [(queryset, compiler) for queryset, (compiler, one) in zip(querysets, compiled, strict=True) if one]
    found = iter(_results(asked, [one for _, one in compiled if one]))
    return [next(found) if one else [] for _, one in compiled]


def _results(asked: Sequence[tuple[models.QuerySet[Any], Any]], statements: Sequence[Statement]) -> list[list[Any]]:
    results: list[list[Any]] = []
    if not statements:
        return results
    with connection.cursor() as cursor:
        cursor.execute(_together(cursor, statements))
        for number, (queryset, compiler) in enumerate(asked):
            if number:
                cursor.nextset()
            results.append(_instances(queryset, compiler, cursor.fetchall()))
    return results


def _compiled(queryset: models.QuerySet[Any]) -> tuple[Any, Statement | None]:
    """The compiler and its statement; None for a query that cannot match anything (`pk__in=[]`)."""
    compiler = queryset.query.get_compiler(connection=connection)
    try:
        return compiler, compiler.as_sql()
    except EmptyResultSet:
        return compiler, None


def count(*querysets: models.QuerySet[Any], most: int) -> list[int]:
    """How many rows each has, none counted beyond `most`: a bounded look at an index, all in one statement."""
    counted: list[str] = []
    values: list[Any] = []
    for number, queryset in enumerate(querysets):
        _, statement = _compiled(queryset.order_by().values("pk")[:most])
        sql, params = statement or ("SELECT 1 WHERE 1 = 0", ())
        counted.append(f"(SELECT COUNT(*) FROM ({sql}) AS few{number})")  # noqa: S608
        values += params
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT {', '.join(counted)}", values)
        return list(cursor.fetchone())


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
    model, real = type(rows[0]), _real()
    quote = real.ops.quote_name
    # A key that the database counts is left to it.
    fields = [field for field in model._meta.local_concrete_fields if not isinstance(field, models.AutoField)]
    columns = ", ".join(quote(str(field.column)) for field in fields)
    lines, params = [], []
    for row in rows:
        row._state.adding, row._state.db = False, real.alias
        values = [field.get_db_prep_save(field.pre_save(row, add=True), real) for field in fields]
        lines.append(f"({', '.join(_place(field, value, real) for field, value in zip(fields, values, strict=True))})")
        params += values
    return [(_Insert(f"INSERT INTO {quote(model._meta.db_table)} ({columns}) VALUES ", lines, len(fields)), params)]  # noqa: S608


class _Insert(str):
    """The text that inserts several rows; it knows its lines, each of which takes `width` parameters."""

    head: str
    lines: Sequence[str]
    width: int

    def __new__(cls, head: str, lines: Sequence[str], width: int) -> _Insert:
        text = super().__new__(cls, head + ", ".join(lines))
        text.head, text.lines, text.width = head, lines, width
        return text


def _place(field: models.Field[Any, Any], value: Any, real: Any) -> str:
    """Where the value goes: some fields say of which type it is."""
    place = getattr(field, "get_placeholder", None)
    return place(value, None, real) if place else "%s"


def _real() -> Any:
    """What `connection` stands for in this thread: the proxy is asked for each attribute of each value."""
    return connections[DEFAULT_DB_ALIAS]


def update(row: models.Model, fields: Iterable[str]) -> Statement:
    """The statement that saves the named fields of `row`. No signals, no `auto_now`."""
    real, model, key = _real(), type(row), row._meta.pk
    chosen, head = _changing(model, tuple(fields))
    params = [field.get_db_prep_save(getattr(row, field.attname), real) for field in chosen]
    params.append(key.get_db_prep_save(row.pk, real))
    return head, params


@lru_cache(maxsize=100)
def _changing(model: type[models.Model], names: tuple[str, ...]) -> tuple[list[models.Field[Any, Any]], str]:
    quote = connection.ops.quote_name
    chosen = [cast("models.Field[Any, Any]", model._meta.get_field(name)) for name in names]
    columns = ", ".join(f"{quote(str(field.column))} = %s" for field in chosen)
    key = quote(str(model._meta.pk.column))
    return chosen, f"UPDATE {quote(model._meta.db_table)} SET {columns} WHERE {key} = %s"  # noqa: S608


def delete(rows: models.QuerySet[Any]) -> Statement:
    """The statement that deletes `rows` of one table. Nothing is collected: for rows that nothing points at."""
    return rows.query.chain(DeleteQuery).get_compiler(connection=connection).as_sql()


def _together(cursor: CursorWrapper, statements: Iterable[Statement]) -> str:
    """One text with the parameters in it. Each alone: psycopg keeps short statements parsed, long ones not."""
    return "; ".join(_merged(cursor, sql, params) for sql, params in statements)


def _merged(cursor: CursorWrapper, sql: str, params: Sequence[Any]) -> str:
    if not isinstance(sql, _Insert):
        return cursor.mogrify(sql, params)
    width = sql.width
    lines = (cursor.mogrify(line, params[n * width : (n + 1) * width]) for n, line in enumerate(sql.lines))
    return sql.head + ", ".join(lines)


def _instances(queryset: models.QuerySet[Any], compiler: Any, rows: list[tuple[Any, ...]]) -> list[Any]:
    columns = compiler.select[: compiler.col_count]
    converters = compiler.get_converters([column for column, *_ in columns])
    if converters:
        rows = list(compiler.apply_converters(rows, converters))
    names = [column.target.attname for column, *_ in columns]
    return [queryset.model.from_db(connection.alias, names, row) for row in rows]
