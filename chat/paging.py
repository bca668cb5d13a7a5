"""Pages of the inbox list: flat in cost at any depth.

Each tab in each order is one stretch of an index, or two after one another, so nothing is sorted and nothing counted:

    open, closed        newest: conversation_list            priority (open ones only): conversation_by_priority
    mine, unassigned    newest: conversation_mine            priority: the open ones', sifted
    waiting             newest: conversation_waiting         longest wait: conversation_longest_wait
    snoozed             soonest return: conversation_snoozed

"Longest wait" of open, mine and unassigned: those who wait by their wait, then the others, newest first. Filters
(label, priority, inbox, assignee, language, unread) sift a stretch in windows of bounded size (`keyset.sifted`):
however rare what is looked for, an answer reads that many rows and no more, and says where to go on.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import NamedTuple

from chat.filters import Wanted
from chat.models import Conversation
from chat.models.conversation import ConversationQuerySet
from minichat.lib import keyset
from minichat.lib.errors import Invalid
from workspaces.models import Membership

PAGE = 30
# Numbers beside views stop here: "99+".
MOST_COUNTED = 100
NEWEST = ["-last_message_at", "-id"]
LONGEST_WAIT = ["waiting_since", "id"]
MOST_URGENT = ["-priority", *NEWEST]
SOONEST = ["snoozed_until", "id"]

Sieve = Callable[[ConversationQuerySet], ConversationQuerySet]


class Stretch(NamedTuple):
    rows: ConversationQuerySet
    order: list[str]
    # What an index cannot tell apart.
    sieve: Sieve | None = None


def page(membership: Membership, wanted: Wanted, cursor: str, size: int = PAGE) -> tuple[list[Conversation], str]:
    """The next rows of a list after `cursor` (empty: the first), and the cursor behind them (empty: the end)."""
    stretches = list(_stretches(membership, wanted))
    number, after = _place(cursor, len(stretches))
    found: list[Conversation] = []
    while True:
        rows, order, sieve = stretches[number]
        room = size - len(found)
        part = keyset.sifted(rows, sieve, order, after=after, size=room) if sieve else None
        part = part or keyset.page(rows, order, after=after, size=room)
        found += part.rows
        if part.next:
            return found, f"{number}.{part.next}"
        number, after = number + 1, ""
        if number == len(stretches):
            return found, ""
        if len(found) == size:
            return found, f"{number}."


def count(membership: Membership, wanted: Wanted) -> int:
    """How many are in a list, as far as `MOST_COUNTED`, among the first `keyset.WINDOW` of it."""
    rows, order, sieve = next(_stretches(membership, wanted._replace(sort="newest")))
    if sieve:
        rows = sieve(rows.filter(pk__in=rows.order_by(*order).values("pk")[: keyset.WINDOW]))
    return rows[:MOST_COUNTED].count()


def _stretches(membership: Membership, wanted: Wanted) -> Iterator[Stretch]:
    mine = membership.workspace.conversations.visible_to(membership).with_read_count(membership)
    mine = mine.with_draft(membership).select_related("contact", "inbox", "visitor")
    for rows, order, sieve in _of_tab(mine, membership, wanted):
        if wanted.is_narrow:
            yield Stretch(rows, order, _both(sieve, lambda some: wanted.sift(some, membership)))
        else:
            yield Stretch(rows, order, sieve)


def _of_tab(mine: ConversationQuerySet, membership: Membership, wanted: Wanted) -> Iterator[Stretch]:
    words: dict[str, Sieve] = {
        "open": lambda rows: rows.open(),
        "waiting": lambda rows: rows.waiting(),
        "ai": lambda rows: rows.with_ai(),
        "mine": lambda rows: rows.mine(membership),
        "unassigned": lambda rows: rows.unassigned(),
        "snoozed": lambda rows: rows.snoozed(),
        "closed": lambda rows: rows.closed(),
    }
    tab = words[wanted.tab]
    only = None if wanted.tab == "open" else tab
    if wanted.tab == "snoozed":
        yield Stretch(tab(mine), SOONEST)
    elif wanted.tab == "closed" or wanted.sort == "newest":
        yield Stretch(tab(mine), NEWEST)
    elif wanted.sort == "priority":
        yield Stretch(mine.open(), MOST_URGENT, only)
    else:
        yield Stretch(mine.waiting(), LONGEST_WAIT, None if wanted.tab == "waiting" else only)
        if wanted.tab != "waiting":
            yield Stretch(tab(mine), NEWEST, lambda rows: rows.filter(waiting_since=None))


def _both(first: Sieve | None, second: Sieve) -> Sieve:
    return (lambda rows: second(first(rows))) if first else second


def _place(cursor: str, stretches: int) -> tuple[int, str]:
    number, _, after = cursor.partition(".") if cursor else ("0", "", "")
    if not (number.isascii() and number.isdigit() and len(number) == 1 and int(number) < stretches):
        raise Invalid
    return int(number), after
