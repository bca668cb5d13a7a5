"""Vectors for chunks that have none: new ones, and those from before the extra was on (`ai/knowledge/meaning.py`)."""

from __future__ import annotations

from django.db.models import F

from ai.knowledge import meaning
from ai.models import Chunk, KnowledgeStats

# Some seconds of a processor.
AT_ONCE = 50


def add_meaning(after: int = 0) -> int | None:
    """Of the next chunks in the order of their keys. Answers with the last key, None when no chunk is left.

    A chunk that is swapped meanwhile is not written: the new one has its own turn.
    """
    if not meaning.is_on():
        return None
    rows: list[Chunk] = list(Chunk.unscoped.filter(pk__gt=after, meaning=None).order_by("pk")[:AT_ONCE])
    for row in rows:
        Chunk.unscoped.filter(pk=row.pk).update(meaning=meaning.of_chunk(row.titles, row.text))
    changed = KnowledgeStats.unscoped.filter(workspace__in={row.workspace_id for row in rows})
    changed.update(revision=F("revision") + 1)
    return rows[-1].pk if rows else None
