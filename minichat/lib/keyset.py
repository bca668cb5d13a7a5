"""Pages of any list that begin after a row instead of at a number: as cheap at the end as at the beginning."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any, Generic, NamedTuple, TypeVar
from uuid import UUID

from django.core import signing
from django.db.models import Model, Q, QuerySet

from minichat.lib.errors import Invalid

SALT = "minichat.keyset"
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
    more = len(found) > size
    return Page(shown, _write([getattr(shown[-1], column.lstrip("-")) for column in columns], columns) if more else "")


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
