"""Pages of any list that begin after a row instead of at a number: as cheap at the end as at the beginning."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import datetime
from typing import Any, Generic, NamedTuple, TypeVar
from uuid import UUID

from django.core import signing
from django.db.models import Model, Q, QuerySet

from minichat.lib.errors import Invalid

SALT = "minichat.keyset"
# How many rows one answer of `sifted` looks at.
WINDOW = 5_000
M = TypeVar("M", bound=Model)


class Page(NamedTuple, Generic[M]):
    rows: list[M]
    next: str
    """Where the next page begins; empty: there is none."""


def page(rows: QuerySet[M], columns: Sequence[str], *, after: str, size: int) -> Page[M]:
    """`columns` as for `order_by`; together they name one row, and none of them is ever null.

    `after` is what an earlier page in this order said. It is signed: its values come back exactly as they were written,
    and what a page in another order said is refused.
    """
    if after:
        rows = rows.filter(_beyond(columns, _read(after, columns)))
    found = list(rows.order_by(*columns)[: size + 1])
    shown = found[:size]
    return Page(shown, _write_row(shown[-1], columns) if len(found) > size else "")


def sifted(
    rows: QuerySet[M], sieve: Callable[[Any], QuerySet[M]], columns: Sequence[str], *, after: str, size: int
) -> Page[M]:
    """A page of what `sieve` leaves of `rows`, when an index walks `rows` in this order but knows nothing of the sieve.

    One answer looks at `WINDOW` rows and no more: where few of them stay, the page is short, even empty, and its `next`
    goes on behind the last one that was looked at.
    """
    ahead = rows.filter(_beyond(columns, _read(after, columns))) if after else rows
    window = rows.filter(pk__in=ahead.order_by(*columns).values("pk")[:WINDOW])
    found = list(sieve(window).order_by(*columns)[: size + 1])
    if len(found) > size:
        return Page(found[:size], _write_row(found[size - 1], columns))
    edge = window.order_by(*turned(columns)).first()
    is_end = edge is None or not rows.filter(_beyond(columns, _values(edge, columns))).exists()
    return Page(found, "" if is_end or edge is None else _write_row(edge, columns))


def turned(columns: Sequence[str]) -> list[str]:
    """The same order backwards."""
    return [column[1:] if column.startswith("-") else f"-{column}" for column in columns]


def _beyond(columns: Sequence[str], values: list[Any]) -> Q:
    """Rows after these values: beyond in the first column, or level there and beyond in the second, and so on.

    The first column stands alone as well, so that its index is entered at the right place.
    """
    first = columns[0].lstrip("-")
    edge = Q(**{f"{first}__{'lte' if columns[0].startswith('-') else 'gte'}": values[0]})
    beyond, level = Q(), Q()
    for column, value in zip(columns, values, strict=True):
        name = column.lstrip("-")
        beyond |= level & Q(**{f"{name}__{'lt' if column.startswith('-') else 'gt'}": value})
        level &= Q(**{name: value})
    return edge & beyond


def _write_row(row: Model, columns: Sequence[str]) -> str:
    return _write(_values(row, columns), columns)


def _values(row: Model, columns: Sequence[str]) -> list[Any]:
    return [getattr(row, column.lstrip("-")) for column in columns]


def _write(values: list[Any], columns: Sequence[str]) -> str:
    return signing.dumps([_plain(value) for value in values], salt=_salt(columns))


def _salt(columns: Sequence[str]) -> str:
    return f"{SALT}:{','.join(columns)}"


def _plain(value: Any) -> Any:
    if isinstance(value, datetime):
        return {"at": value.isoformat()}
    return {"id": value.hex} if isinstance(value, UUID) else value


def _read(after: str, columns: Sequence[str]) -> list[Any]:
    try:
        values = signing.loads(after, salt=_salt(columns))
    except signing.BadSignature as error:
        raise Invalid from error
    return [_typed(value) for value in values]


def _typed(value: Any) -> Any:
    if not isinstance(value, dict):
        return value
    return datetime.fromisoformat(value["at"]) if "at" in value else UUID(value["id"])
