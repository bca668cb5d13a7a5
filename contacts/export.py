"""Contacts as CSV, some lines at a time, so that neither memory nor a connection is held for the whole of it."""

from __future__ import annotations

import json
from collections.abc import AsyncIterator
from datetime import datetime
from functools import partial
from typing import Any

from asgiref.sync import sync_to_async
from django.utils import timezone

from contacts import listing
from contacts.listing import Line
from contacts.models.contact import ContactQuerySet
from minichat.lib import keyset, sheets
from minichat.lib.moments import told_in
from workspaces.models import Membership

MOST_EXPORTED = 50_000
IN_A_CHUNK = 500
HEADINGS = [
    "number",
    "name",
    "email",
    "phone",
    "company",
    "language",
    "external_id",
    "verified",
    "first_seen",
    "last_seen",
    "attributes",
]


def count_up_to_limit(rows: ContactQuerySet) -> int:
    return rows.order_by()[: MOST_EXPORTED + 1].count()


async def as_csv(membership: Membership, rows: ContactQuerySet, *, zone: str) -> AsyncIterator[str]:
    yield sheets.BOM + sheets.line([*HEADINGS, *[tally.name for tally in listing.tallies]])
    after, left = "", MOST_EXPORTED
    while left > 0:
        text, after, count = await sync_to_async(partial(_chunk, membership, rows, after, zone))()
        left -= count
        yield text
        if not after:
            return


def _chunk(membership: Membership, rows: ContactQuerySet, after: str, zone: str) -> tuple[str, str, int]:
    found = keyset.page(rows, listing.ORDER, after=after, size=IN_A_CHUNK)
    lines = listing.counted(membership, found.rows)
    with told_in(zone):
        text = "".join(sheets.line(_cells(line)) for line in lines)
    return text, found.next, len(lines)


def _cells(line: Line) -> list[Any]:
    """Machines read it: times are ISO, with the workspace's offset."""
    row = line.contact
    return [
        row.number,
        row.name,
        row.email,
        row.phone,
        row.company,
        row.language,
        row.external_id,
        _moment(row.verified_at),
        _moment(row.first_seen_at),
        _moment(row.last_seen_at),
        json.dumps(row.attributes, ensure_ascii=False) if row.attributes else "",
        *line.numbers,
    ]


def _moment(at: datetime | None) -> str:
    return timezone.localtime(at).isoformat(timespec="seconds") if at else ""
