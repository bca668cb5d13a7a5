"""Search over messages: newest first, by what stands in their folded text and in the names of their files.

The text alone decides; tokens narrow where it is looked at. Three steps keep the cost flat whatever is asked for:

1. The newest messages are simply read: whatever is common is found there.
2. The index gives the rest, if it is not too much to be sorted.
3. Otherwise it is frequent, only not lately: older messages are read in growing windows, up to a limit. What is further
   back is looked for when somebody asks for more.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from functools import cached_property
from uuid import UUID

from django.core import signing
from django.db.models import Count, Min, Q, QuerySet

from chat.models import Message, MessageEntry
from chat.models.conversation import ConversationQuerySet
from chat.models.message import MessageQuerySet
from minichat.lib.errors import Invalid
from minichat.lib.searching import Question, keys
from workspaces.models import Workspace

PAGE = 20
NEWEST = 2_000
# More than these the index does not have to sort.
MOST_SORTED = 3_000
MOST_READ = 100_000
CHUNK = 200
SALT = "minichat.search"

Place = tuple[datetime, UUID]
"""Where a message stands in time; no two are level."""
FIRST = UUID(int=0)


@dataclass(frozen=True)
class Wanted:
    question: Question
    conversations: ConversationQuerySet
    """Only in these: what the member may see, of what they chose."""
    kinds: tuple[str, ...] = ()
    since: datetime | None = None
    until: datetime | None = None
    after: str = ""
    """What an earlier page said."""


@dataclass(frozen=True)
class Results:
    rows: list[Message]
    next: str
    """Where to go on; empty: that is all."""
    looked_until: datetime | None
    """Set when we stopped looking before the page was full: everything since then has been looked at."""


def find(workspace: Workspace, wanted: Wanted, *, size: int = PAGE) -> Results:
    if not wanted.question.is_long_enough:
        return Results([], "", None)
    return _Search(workspace, wanted, size).run()


class _Search:
    def __init__(self, workspace: Workspace, wanted: Wanted, size: int) -> None:
        self.workspace, self.wanted, self.size = workspace, wanted, size
        self.found: list[Place] = []

    def run(self) -> Results:
        start = _read(self.wanted.after) if self.wanted.after else None
        floor = self._read_window(start, NEWEST)
        if floor and not self._is_full():
            floor = self._look_up(floor)
        return self._results(floor)

    def _look_up(self, before: datetime) -> datetime | None:
        places = list(self._candidates((before, FIRST)).values_list("at", "message")[: MOST_SORTED + 1])
        if len(places) > MOST_SORTED:
            return self._read_back(before)
        places.sort(reverse=True)
        for at in range(0, len(places), CHUNK):
            self._keep(places[at : at + CHUNK])
        return None

    def _read_back(self, before: datetime) -> datetime | None:
        floor: datetime | None = before
        size, read = NEWEST * 2, 0
        while floor and not self._is_full() and read < MOST_READ:
            floor = self._read_window((floor, FIRST), size)
            size, read = size * 2, read + size
        return floor

    def _read_window(self, before: Place | None, size: int) -> datetime | None:
        """Look at the next `size` messages. Says where they end, None if they are the last."""
        window = self._entries(before).order_by("-at", "-message")
        end = window[:size].aggregate(at=Min("at"), size=Count("pk"))
        floor: datetime | None = end["at"] if end["size"] == size else None
        hits = window.filter(self._text, at__gte=end["at"]) if end["at"] else window.none()
        while places := list(hits.values_list("at", "message")[:CHUNK]):
            self._keep(places)
            if self._is_full() or len(places) < CHUNK:
                break
            hits = hits.filter(_before(places[-1]))
        return floor

    def _entries(self, before: Place | None) -> QuerySet[MessageEntry]:
        rows = self.workspace.message_entries.order_by()
        if before:
            rows = rows.filter(_before(before))
        if self.wanted.since:
            rows = rows.filter(at__gte=self.wanted.since)
        return rows.filter(at__lt=self.wanted.until) if self.wanted.until else rows

    def _candidates(self, before: Place | None = None) -> QuerySet[MessageEntry]:
        return self._entries(before).filter(self._text, tokens__all=self._numbers)

    @cached_property
    def _numbers(self) -> list[int]:
        return keys(self.workspace.pk, self.wanted.question.tokens)

    @cached_property
    def _text(self) -> Q:
        condition = Q()
        for term in self.wanted.question.terms:
            one = Q()
            for needle in term.needles:
                one |= Q(text__contains=needle)
            condition &= one
        return condition

    def _keep(self, places: list[Place]) -> None:
        """Those of them that this member may be shown."""
        if places and not self._is_full():
            shown = set(self._messages([message for _, message in places]).values_list("pk", flat=True))
            self.found += [place for place in places if place[1] in shown]

    def _messages(self, keys: list[UUID]) -> MessageQuerySet:
        rows = self.workspace.messages.filter(pk__in=keys, conversation__in=self.wanted.conversations)
        return rows.filter(kind__in=self.wanted.kinds) if self.wanted.kinds else rows

    def _is_full(self) -> bool:
        return len(self.found) > self.size

    def _results(self, floor: datetime | None) -> Results:
        page = self.found[: self.size]
        rows = (
            self._messages([message for _, message in page])
            .with_file_names()
            .select_related("author__user", "conversation__contact", "conversation__inbox", "conversation__visitor")
        )
        by_key = {row.pk: row for row in rows}
        found = [by_key[message] for _, message in page if message in by_key]
        if self._is_full():
            return Results(found, _write(page[-1]), None)
        return Results(found, _write((floor, FIRST)), floor) if floor else Results(found, "", None)


def _before(place: Place) -> Q:
    at, message = place
    return Q(at__lte=at) & (Q(at__lt=at) | Q(message__lt=message))


def _write(place: Place) -> str:
    return signing.dumps([place[0].isoformat(), place[1].hex], salt=SALT)


def _read(after: str) -> Place:
    try:
        at, message = signing.loads(after, salt=SALT)
    except signing.BadSignature as error:
        raise Invalid from error
    return datetime.fromisoformat(at), UUID(message)
