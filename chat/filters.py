"""Which conversations a list shows and in which order, read from its address and written back into one."""

from __future__ import annotations

from typing import Any, NamedTuple
from urllib.parse import urlencode
from uuid import UUID

from django.conf import settings
from django.http import QueryDict

from chat.models import Priority
from chat.models.conversation import ConversationQuerySet
from workspaces.models import Membership

TABS = ("open", "waiting", "ai", "mine", "unassigned", "snoozed", "closed")
SORTS = ("newest", "waiting", "priority")
# Everywhere the newest message is first, but the longest wait is first among the waiting.
USUAL = {"waiting": "waiting"}
MOST_VALUES = 50
NOBODY, ME = "none", "me"


class Wanted(NamedTuple):
    """Values that nobody offers are left out; ids of rows that are not theirs find nothing."""

    tab: str = "open"
    sort: str = "newest"
    label: tuple[str, ...] = ()
    priority: tuple[str, ...] = ()
    inbox: tuple[str, ...] = ()
    assignee: str = ""
    language: str = ""
    unread: bool = False

    @property
    def is_narrow(self) -> bool:
        return any(self[2:])

    @property
    def is_special(self) -> bool:
        """More than a tab in its usual order."""
        return self.is_narrow or self.sort != USUAL.get(self.tab, "newest")

    @property
    def query(self) -> str:
        """The address of this list, without what is usual."""
        pairs: list[tuple[str, Any]] = [("tab", self.tab)] if self.tab != "open" else []
        for name in ("label", "priority", "inbox"):
            pairs += [(name, value) for value in getattr(self, name)]
        pairs += [(name, getattr(self, name)) for name in ("assignee", "language") if getattr(self, name)]
        if self.unread:
            pairs.append(("unread", "1"))
        if self.sort != USUAL.get(self.tab, "newest"):
            pairs.append(("sort", self.sort))
        return urlencode(pairs)

    def sift(self, rows: ConversationQuerySet, membership: Membership) -> ConversationQuerySet:
        if self.label:
            rows = rows.labelled(self.label)
        if self.priority:
            rows = rows.filter(priority__in=[Priority[name.upper()] for name in self.priority])
        if self.inbox:
            rows = rows.filter(inbox__in=[UUID(pk) for pk in self.inbox])
        if self.assignee:
            whose = {NOBODY: None, ME: membership.pk}
            rows = rows.filter(assignee=whose.get(self.assignee, self.assignee))
        if self.language:
            rows = rows.filter(contact__language=self.language)
        return rows.unread(membership) if self.unread else rows


def read(query: QueryDict) -> Wanted:
    tab = query.get("tab", "")
    tab = tab if tab in TABS else "open"
    sort = query.get("sort", "")
    assignee, language = query.get("assignee", ""), query.get("language", "")
    names = {name.lower() for name in Priority.names}
    return Wanted(
        tab=tab,
        sort=sort if sort in SORTS else USUAL.get(tab, "newest"),
        label=_ids(query.getlist("label")),
        priority=tuple(dict.fromkeys(name for name in query.getlist("priority") if name in names)),
        inbox=_ids(query.getlist("inbox")),
        assignee=assignee if assignee in (NOBODY, ME) else "".join(_ids([assignee])),
        language=language if language in dict(settings.VISITOR_LANGUAGES) else "",
        unread=query.get("unread") == "1",
    )


def read_text(query: str) -> Wanted:
    return read(QueryDict(query))


def _ids(values: list[str]) -> tuple[str, ...]:
    found = (_id(value) for value in values[:MOST_VALUES])
    return tuple(dict.fromkeys(pk for pk in found if pk))


def _id(value: str) -> str:
    try:
        return str(UUID(value))
    except ValueError:
        return ""
