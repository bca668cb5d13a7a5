"""What happened in a workspace, newest first: filters, pages by key, and the whole of it as CSV."""

from __future__ import annotations

from collections.abc import AsyncIterator
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from functools import partial
from typing import Any

from asgiref.sync import sync_to_async
from django.db.models import Q, QuerySet
from django.utils import timezone, translation
from django.utils.dateparse import parse_datetime

from minichat.lib import sheets
from minichat.lib.moments import told_in
from workspaces import sentences
from workspaces.models import AuditEntry, Workspace

ON_A_PAGE = 50
MOST_EXPORTED = 50_000
IN_A_CHUNK = 500
HEADINGS = ["time", "person", "event", "sentence", "object"]
Rows = QuerySet[AuditEntry]


@dataclass(frozen=True)
class Page:
    entries: list[AuditEntry]
    older: str


def matching(
    workspace: Workspace,
    *,
    person: str = "",
    kind: str = "",
    since: date | None = None,
    until: date | None = None,
    text: str = "",
) -> Rows:
    """Days are the workspace's, both included. `person`: a part of a name, or MiniChat for what nobody did by hand."""
    rows = workspace.audit_entries.all()
    if person:
        by = Q(actor_label__icontains=person)
        rows = rows.filter(by | Q(actor_label="") if _means_nobody(person) else by)
    if kind:
        rows = rows.filter(action__startswith=f"{kind}.")
    if since:
        rows = rows.filter(at__gte=_midnight(since))
    if until:
        rows = rows.filter(at__lt=_midnight(until + timedelta(days=1)))
    if text:
        rows = rows.filter(Q(actor_label__icontains=text) | Q(target_label__icontains=text) | Q(action__icontains=text))
    return rows


def _means_nobody(person: str) -> bool:
    return len(person) > 3 and person.casefold() in "minichat"


def page(rows: Rows, cursor: str = "") -> Page:
    """By key, not by number: a page deep in the past costs what the first one does, and new lines shift nothing."""
    found = list(_after(rows, cursor)[: ON_A_PAGE + 1])
    entries = found[:ON_A_PAGE]
    return Page(entries, _cursor(entries[-1]) if len(found) > ON_A_PAGE else "")


def count_up_to_limit(rows: Rows) -> int:
    return rows.order_by()[: MOST_EXPORTED + 1].count()


async def as_csv(rows: Rows, *, zone: str, language: str) -> AsyncIterator[str]:
    """Some lines at a time, so that neither memory nor a database connection is held for the whole of it."""
    yield sheets.BOM + sheets.line(HEADINGS)
    cursor, left = "", MOST_EXPORTED
    while left > 0:
        text, cursor, count = await sync_to_async(partial(_chunk, rows, cursor, zone, language))()
        left -= count
        yield text
        if count < IN_A_CHUNK:
            return


def _chunk(rows: Rows, cursor: str, zone: str, language: str) -> tuple[str, str, int]:
    entries = list(_after(rows, cursor)[:IN_A_CHUNK])
    with told_in(zone), translation.override(language):
        text = "".join(sheets.line(_cells(entry)) for entry in entries)
    return text, _cursor(entries[-1]) if entries else "", len(entries)


def _cells(entry: AuditEntry) -> list[Any]:
    """Machines read the time, so it is ISO, with the workspace's offset."""
    moment = timezone.localtime(entry.at).isoformat(timespec="seconds")
    return [moment, sentences.actor(entry), entry.action, sentences.sentence(entry), sentences.target(entry)]


def _after(rows: Rows, cursor: str) -> Rows:
    moment, _, number = cursor.partition("_")
    at = _moment(moment)
    if at is not None and number.isdecimal() and len(number) < 19:
        rows = rows.filter(Q(at__lt=at) | Q(at=at, pk__lt=int(number)))
    return rows.order_by("-at", "-pk")


def _cursor(entry: AuditEntry) -> str:
    return f"{entry.at.isoformat()}_{entry.pk}"


def _moment(text: str) -> datetime | None:
    """What is no moment begins at the beginning: somebody mended an address by hand."""
    try:
        moment = parse_datetime(text)
    except ValueError:
        return None
    return moment if moment is not None and timezone.is_aware(moment) else None


def _midnight(day: date) -> datetime:
    return timezone.make_aware(datetime.combine(day, time.min))
