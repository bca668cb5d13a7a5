"""Gap fill and history: what both audiences ask for, paged by rows and by bytes (`docs/protocol.md` section 5)."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from chat import frames
from chat.models import Conversation, Message
from chat.models.message import MessageQuerySet
from minichat.lib.errors import Invalid

MOST_ROWS = 200
PAGE = 50
MOST_BYTES = 256 * 1024


@dataclass(frozen=True)
class Wanted:
    """The question: changes `after` a number, or the page `before` a position; `after` -1 is the newest page."""

    after: int
    before: int | None
    limit: int


def wanted(query: Mapping[str, str]) -> Wanted:
    before = query.get("before")
    after = query.get("after", "0")
    limit = frames.number(query.get("limit", str(MOST_ROWS)))
    if not 1 <= limit <= MOST_ROWS:
        raise Invalid
    return Wanted(
        after=-1 if after == "-1" else frames.number(after),
        before=None if before is None else frames.number(before),
        limit=limit,
    )


def answer(
    conversation: Conversation,
    rows: MessageQuerySet,
    question: Wanted,
    *,
    public: bool,
    picture: Callable[[Message], Any],
) -> dict[str, Any]:
    """The `changes` object for one audience; `rows` are what that audience may see."""
    column = "public_seq" if public else "seq"
    current = conversation.public_seq if public else conversation.last_seq
    if question.before is not None:
        found, more = newest(rows.filter(position__lt=question.before), question.limit)
        seq = current
    elif question.after < 0:
        found, more = newest(rows, question.limit)
        seq = current
    else:
        found, more = _changed(rows, column, question)
        seq = getattr(found[-1], column) if more else max(current, question.after)
    delivered, read = ("team_got", "team_read") if public else ("visitor_got", "visitor_read")
    return {
        "rows": [picture(row) for row in found],
        "conversation": {"id": str(conversation.pk), "status": str(conversation.status), "seq": current},
        "marks": {"delivered": getattr(conversation, delivered), "read": getattr(conversation, read)},
        "seq": seq,
        "has_more": more,
        # A client that knows more than we do lives in another time (a restored backup): it starts again.
        "reset": question.after > current,
    }


def newest(rows: MessageQuerySet, limit: int = PAGE) -> tuple[list[Message], bool]:
    """The last `limit` rows in the order of the thread, and whether there are older ones."""
    found = list(rows.with_authors().order_by("-position")[: limit + 1])
    kept = _light(found[:limit])
    return kept[::-1], len(kept) < len(found)


def _changed(rows: MessageQuerySet, column: str, question: Wanted) -> tuple[list[Message], bool]:
    changed = rows.with_authors().filter(**{f"{column}__gt": question.after}).order_by(column)
    found = list(changed[: question.limit + 1])
    kept = _light(found[: question.limit])
    return kept, len(kept) < len(found)


def _light(rows: list[Message]) -> list[Message]:
    """As many rows from the front as one answer may carry, at least one."""
    total = 0
    for number, row in enumerate(rows):
        total += len(row.body.encode())
        if total > MOST_BYTES and number:
            return rows[:number]
    return rows
