"""Keyset pages: flat in cost at any depth (no OFFSET, no COUNT)."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from uuid import UUID

from django.db.models import Q

from chat.models import Conversation
from chat.models.conversation import ConversationQuerySet
from minichat.lib.errors import Invalid

PAGE = 30
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)


def page(rows: ConversationQuerySet, *, tab: str, cursor: str) -> tuple[list[Conversation], str]:
    """The next page of a tab after `cursor` (empty: the first), and the cursor of the one after it (empty: the end).

    Everywhere the newest message is first, but the longest wait is first among the waiting.
    """
    field, down = ("waiting_since", False) if tab == "waiting" else ("last_message_at", True)
    if cursor:
        rows = rows.filter(_after(field, down, *_read(cursor)))
    order = [f"-{field}", "-id"] if down else [field, "id"]
    found = list(rows.order_by(*order)[: PAGE + 1])
    more = len(found) > PAGE
    found = found[:PAGE]
    return found, _write(getattr(found[-1], field), found[-1].pk) if more else ""


def _after(field: str, down: bool, at: datetime, pk: UUID) -> Q:
    sign = "lt" if down else "gt"
    # The first condition repeats the column alone, so that the index is entered at the right place.
    edge = Q(**{f"{field}__{sign}e": at})
    return edge & (Q(**{f"{field}__{sign}": at}) | Q(**{field: at, f"id__{sign}": pk}))


def _write(at: datetime, pk: UUID) -> str:
    return f"{(at - _EPOCH) // timedelta(microseconds=1)}.{pk.hex}"


def _read(cursor: str) -> tuple[datetime, UUID]:
    stamp, _, key = cursor.partition(".")
    try:
        return _EPOCH + timedelta(microseconds=int(stamp)), UUID(key)
    except (ValueError, OverflowError) as error:
        raise Invalid from error
