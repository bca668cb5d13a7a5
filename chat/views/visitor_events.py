"""What a visitor did on the website, as the website told it."""

from __future__ import annotations

from typing import Any

from chat.models import Visitor, VisitorEvent

SHOWN = 10


def events_of(visitor: Visitor) -> list[dict[str, Any]]:
    """The newest ones."""
    rows: list[VisitorEvent] = list(visitor.visitor_events.order_by("-at", "-id")[:SHOWN])
    return [
        {
            "name": row.name,
            "at": row.at,
            "data": ", ".join(f"{name}: {text}" for name, text in row.data.items() if text),
        }
        for row in rows
    ]
