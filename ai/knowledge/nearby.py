"""What lies near a question though no word is in both. All vectors of a workspace are looked at, in memory: each
process keeps those of the workspaces that were asked last, and reads them anew when the index has changed.
"""

from __future__ import annotations

import threading
from collections import OrderedDict
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from ai.knowledge import meaning
from ai.models import KnowledgeStats
from workspaces.models import Workspace

# So many chunks join those that the words have found, if they are as near as this: unrelated ones reach 0.3.
MOST, LEAST = 20, 0.35
# 1.5 KB of memory each. A workspace with more is found by its words alone, and only ranked by meaning.
MOST_VECTORS = 40_000

_kept: OrderedDict[UUID, _Vectors] = OrderedDict()
_keeping = threading.Lock()


@dataclass(frozen=True)
class _Vectors:
    revision: int
    """Of the index, when they were read."""
    chunks: list[int]
    """Whose vector each is."""
    matrix: Any


def near(workspace: Workspace, stats: KnowledgeStats, question: str) -> list[int]:
    """The chunks that lie nearest, nearest first. None where the extra is off."""
    if not meaning.is_on() or not meaning.is_read(question):
        return []
    vectors = _vectors(workspace, stats)
    if not vectors.chunks:
        return []
    nearness = (vectors.matrix @ meaning.asked(question)).round(meaning.DIGITS)
    found: dict[int, None] = {}
    for at in (-nearness).argsort(kind="stable"):
        if nearness[at] < LEAST or len(found) == MOST:
            break
        found[vectors.chunks[at]] = None
    return list(found)


def _vectors(workspace: Workspace, stats: KnowledgeStats) -> _Vectors:
    with _keeping:
        kept = _kept.get(workspace.pk)
    if kept is None or kept.revision != stats.revision:
        kept = _read(workspace, stats.revision)
    _keep(workspace.pk, kept)
    return kept


def _read(workspace: Workspace, revision: int) -> _Vectors:
    rows = workspace.knowledge_chunks.exclude(meaning=None).order_by("pk").values_list("pk", "meaning")
    chunks: list[int] = []
    parts: list[bytes] = []
    for pk, stored in rows.iterator():
        parts.append(bytes(stored or b""))
        chunks += [pk] * meaning.count(parts[-1])
        if len(chunks) > MOST_VECTORS:
            return _Vectors(revision, [], None)
    return _Vectors(revision, chunks, meaning.matrix(b"".join(parts)))


def _keep(workspace: UUID, vectors: _Vectors) -> None:
    with _keeping:
        _kept[workspace] = vectors
        _kept.move_to_end(workspace)
        while sum(len(one.chunks) for one in _kept.values()) > MOST_VECTORS:
            _kept.popitem(last=False)
