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
    """The question: changes `after` a number, -1 being the newest page; or a page `before`, `around` or `following` a
    position."""

    after: int
    before: int | None
    limit: int
    around: int | None = None
    following: int | None = None


def wanted(query: Mapping[str, str]) -> Wanted:
    before, around, following = (_position(query, name) for name in ("before", "around", "following"))
    after = query.get("after", "0")
    limit = frames.number(query.get("limit", str(MOST_ROWS)))
    if not 1 <= limit <= MOST_ROWS:
        raise Invalid
    return Wanted(
        after=-1 if after == "-1" else frames.number(after),
        before=before,
        limit=limit,
        around=around,
        following=following,
    )


def _position(query: Mapping[str, str], name: str) -> int | None:
    return frames.number(query[name]) if name in query else None


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
    newer = False
    if question.around is not None:
        found, more, newer = around(rows, question.around, question.limit)
        seq = current
    elif question.following is not None:
        found, more = following(rows, question.following, question.limit)
        newer, seq = more, current
    elif question.before is not None:
        found, more = newest(rows.filter(position__lt=question.before), question.limit)
        seq = current
    elif question.after < 0:
        found, more = newest(rows, question.limit)
        seq = current
    else:
        found, more = _changed(rows, column, question)
        seq = getattr(found[-1], column) if more else max(current, question.after)
    delivered, read = ("team_got", "team_read") if public else ("visitor_got", "visitor_read")
    status = conversation.public_status if public else str(conversation.status)
    return {
        "rows": [picture(row) for row in found],
        "conversation": {"id": str(conversation.pk), "status": status, "seq": current},
        "marks": {
            "delivered": getattr(conversation, delivered),
            "read": getattr(conversation, read),
            **({"seen": conversation.visitor_read} if public else {}),
        },
        "seq": seq,
        "has_more": more,
        # Of a page: whether it ends before the newest message.
        "has_newer": newer,
        # A client that knows more than we do lives in another time (a restored backup): it starts again.
        "reset": question.after > current,
    }


def newest(rows: MessageQuerySet, limit: int = PAGE) -> tuple[list[Message], bool]:
    """The last `limit` rows in the order of the thread, and whether there are older ones."""
    found = list(rows.with_authors().with_files().order_by("-position")[: limit + 1])
    kept = _light(found[:limit])
    return kept[::-1], len(kept) < len(found)


def around(rows: MessageQuerySet, position: int, limit: int = PAGE) -> tuple[list[Message], bool, bool]:
    """The row at `position` in the middle of a page, and whether there are older and newer ones."""
    upper, older = newest(rows.filter(position__lte=position), limit - limit // 2)
    lower, newer = following(rows, position, limit // 2)
    return upper + lower, older, newer


def following(rows: MessageQuerySet, position: int, limit: int = PAGE) -> tuple[list[Message], bool]:
    """The first `limit` rows after a position, and whether there are more."""
    after = rows.with_authors().with_files().filter(position__gt=position)
    found = list(after.order_by("position")[: limit + 1])
    kept = _light(found[:limit])
    return kept, len(kept) < len(found)


def _changed(rows: MessageQuerySet, column: str, question: Wanted) -> tuple[list[Message], bool]:
    changed = rows.with_authors().with_files().filter(**{f"{column}__gt": question.after}).order_by(column)
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
